"""The branches of a search for messages: by words, by the text as it stands, by meaning.

None of them filters after its top k: the indexes themselves keep to workspace, session and peer, and where a filter
asks for more, the full-text index hands out all that it has, and the vector index more and more until every message
that passes the filter is compared.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from graph import search_terms
from graph.driver import Transaction
from graph.queries import search as queries
from graph.query import Predicate
from graph.recall.fusion import Hit

#: Among how many of the newest messages a text is looked for as it stands: some 50 ms.
WINDOW = 10_000
#: The same when nothing was found by words, as for a part of a word: a second and a half.
LONG_WINDOW = 200_000
#: How many times as much the vector index is asked for when too little of what it found passes the filter.
WIDER = 8
_ALL = 2**31 - 1


class Sought(Struct, frozen=True, kw_only=True):
    """Which messages to search, and for what.

    Attributes:
        text: what is looked for; the empty text finds the newest messages.
        limit: how many at most.
        vector: the text's vector, of unit length; None for a search by text alone.
        session_id: search this session alone.
        peer_id: search what this peer said alone.
        session_ids: search these sessions alone; None for no such limit, empty for nothing.
        where: what else a message must fulfil.
    """

    text: str
    limit: int
    vector: Sequence[float] | None = None
    session_id: str | None = None
    peer_id: str | None = None
    session_ids: Sequence[str] | None = None
    where: Predicate = Predicate()

    @property
    def condition(self) -> Predicate:
        """All that the database tests of a message, the workspace left aside."""
        texts = [self.where.text]
        parameters = dict(self.where.parameters)
        if self.session_id is not None:
            texts.append("n.session_id = $sought_session_id")
            parameters["sought_session_id"] = self.session_id
        if self.peer_id is not None:
            texts.append("n.peer_id = $sought_peer_id")
            parameters["sought_peer_id"] = self.peer_id
        if self.session_ids is not None:
            texts.append("n.session_id IN $sought_session_ids")
            parameters["sought_session_ids"] = list(self.session_ids)
        return Predicate(" AND ".join(texts), parameters)

    @property
    def filtered(self) -> bool:
        """Whether there is more to test than the full-text index knows."""
        many = self.session_ids is not None and len(self.session_ids) > search_terms.MOST_SESSIONS
        return self.where.text != "true" or many


async def by_words(tx: Transaction, workspace_id: str, sought: Sought, limit: int) -> list[Hit]:
    """The messages whose words fit best, best first."""
    query = search_terms.query(sought.text, _scopes(workspace_id, sought))
    if query is None:
        return []
    fetch = _ALL if sought.filtered else limit
    wanted = queries.Words(workspace_id=workspace_id, query=query, fetch=fetch, limit=limit)
    rows = await tx.many(queries.WORDS, wanted, sought.condition)
    return [Hit(row.id, row.session_id, row.seq, row.score) for row in rows]


async def as_it_stands(tx: Transaction, workspace_id: str, sought: Sought, limit: int, window: int) -> list[Hit]:
    """The newest messages that hold the text, whatever the case, among the newest `window`."""
    where = sought.condition
    asked = queries.Literal(workspace_id=workspace_id, text=sought.text, window=window, limit=limit)
    if sought.session_id is not None:
        in_session = queries.LiteralInSession(**msgspec.structs.asdict(asked), session_id=sought.session_id)
        rows = await tx.many(queries.LITERAL_IN_SESSION, in_session, where)
    elif sought.peer_id is not None:
        of_peer = queries.LiteralOfPeer(**msgspec.structs.asdict(asked), peer_id=sought.peer_id)
        rows = await tx.many(queries.LITERAL_OF_PEER, of_peer, where)
    else:
        rows = await tx.many(queries.LITERAL, asked, where)
    return [Hit(row.id, row.session_id, row.seq) for row in rows]


async def by_meaning(
    tx: Transaction, workspace_id: str, sought: Sought, vector: Sequence[float], limit: int, others: Sequence[Hit]
) -> list[Hit]:
    """The messages nearest in meaning, and how near the others are that were found already, in no order."""
    near = await _nearest(tx, workspace_id, sought, vector, limit)
    known = {hit.id for hit in near}
    ids = list(dict.fromkeys(hit.id for hit in others if hit.id not in known))
    if not ids:
        return near
    asked = queries.Similarity(workspace_id=workspace_id, ids=ids, vector=vector)
    return near + [Hit(row.id, row.session_id, row.seq, row.score) for row in await tx.many(queries.SIMILARITY, asked)]


async def _nearest(
    tx: Transaction, workspace_id: str, sought: Sought, vector: Sequence[float], limit: int
) -> list[Hit]:
    narrow = sought.where.text != "true" or sought.session_ids is not None
    narrow = narrow or (sought.session_id is not None and sought.peer_id is not None)
    found: dict[str, Hit] = {}
    for fetch in (limit, limit * WIDER):
        # Asked for more than there is, the engine can fail: its searcher reads placeholders as documents once some were
        # deleted, and may not even answer. Twice as many as are asked for leaves room for what is deleted meanwhile.
        if await _size(tx, workspace_id, sought, 2 * fetch) < 2 * fetch:
            break
        for row in await _passages(tx, workspace_id, sought, vector, fetch):
            if row.passes:
                # Best first, so a long message counts by the nearest of its pieces.
                found.setdefault(row.id, Hit(row.id, row.session_id, row.seq, row.score))
        if len(found) >= min(limit, 2 * sought.limit):
            return list(found.values())[:limit]
    else:
        if not narrow:
            return list(found.values())[:limit]
    return await _compared(tx, workspace_id, sought, vector, limit)


async def _compared(
    tx: Transaction, workspace_id: str, sought: Sought, vector: Sequence[float], limit: int
) -> list[Hit]:
    exact = queries.NearestExact(workspace_id=workspace_id, vector=vector, limit=limit)
    if sought.peer_id is not None and sought.session_id is None:
        of_peer = queries.NearestExactOfPeer(**msgspec.structs.asdict(exact), peer_id=sought.peer_id)
        rows = await tx.many(queries.NEAREST_EXACT_OF_PEER, of_peer, sought.condition)
    else:
        rows = await tx.many(queries.NEAREST_EXACT, exact, sought.condition)
    return [Hit(row.id, row.session_id, row.seq, row.score) for row in rows]


async def _size(tx: Transaction, workspace_id: str, sought: Sought, bound: int) -> int:
    """How many messages the vector index has where it is asked, up to a bound."""
    if sought.peer_id is not None and sought.session_id is None:
        of_peer = queries.SizeOfPeer(workspace_id=workspace_id, peer_id=sought.peer_id, bound=bound)
        return (await tx.one(queries.SIZE_OF_PEER, of_peer)).total
    asked = queries.Size(workspace_id=workspace_id, bound=bound)
    in_session = Sought(text="", limit=0, session_id=sought.session_id).condition
    return (await tx.one(queries.SIZE, asked, in_session)).total


async def _passages(
    tx: Transaction, workspace_id: str, sought: Sought, vector: Sequence[float], fetch: int
) -> list[queries.PassageRow]:
    where = sought.condition
    if sought.session_id is not None:
        in_session = queries.NearestInSession(
            workspace_id=workspace_id, session_id=sought.session_id, vector=vector, fetch=fetch
        )
        return await tx.many(queries.NEAREST_IN_SESSION, in_session, where)
    if sought.peer_id is not None:
        of_peer = queries.NearestOfPeer(workspace_id=workspace_id, peer_id=sought.peer_id, vector=vector, fetch=fetch)
        return await tx.many(queries.NEAREST_OF_PEER, of_peer, where)
    asked = queries.Nearest(workspace_id=workspace_id, vector=vector, fetch=fetch)
    return await tx.many(queries.NEAREST, asked, where)


def _scopes(workspace_id: str, sought: Sought) -> list[Sequence[str]]:
    scopes: list[Sequence[str]] = [(search_terms.workspace_term(workspace_id),)]
    if sought.session_id is not None:
        scopes.append((search_terms.session_term(workspace_id, sought.session_id),))
    if sought.peer_id is not None:
        scopes.append((search_terms.peer_term(workspace_id, sought.peer_id),))
    if sought.session_ids is not None and len(sought.session_ids) <= search_terms.MOST_SESSIONS:
        scopes.append([search_terms.session_term(workspace_id, name) for name in sought.session_ids])
    return scopes
