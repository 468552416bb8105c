"""Messages by what they say: by their words and by the text as it stands, put in one order."""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from graph import search_terms
from graph.driver import Database, Transaction
from graph.queries import search as queries
from graph.query import NoParameters, Predicate
from graph.recall.fusion import fused
from graph.store.messages import message
from graph.types import Message

#: How long a search waits for the full-text index to catch up with the messages stored before it. It takes a
#: few milliseconds, and a second while messages pour in by the thousand.
REFRESH_SECONDS = 1.0
#: Candidates of each branch, at least.
CANDIDATES = 40
#: Among how many of the newest messages a text is looked for as it stands.
WINDOW = 10_000
_ALL = 2**31 - 1


class Sought(Struct, frozen=True, kw_only=True):
    """Which messages to search, and for what.

    Attributes:
        text: what is looked for; the empty text finds the newest messages.
        limit: how many at most.
        session_id: search this session alone.
        peer_id: search what this peer said alone.
        session_ids: search these sessions alone; None for no such limit, empty for nothing.
        where: what else a message must fulfil.
    """

    text: str
    limit: int
    session_id: str | None = None
    peer_id: str | None = None
    session_ids: Sequence[str] | None = None
    where: Predicate = Predicate()


async def search_messages(database: Database, workspace_id: str, sought: Sought) -> list[Message]:
    """The messages that fit best, best first; an unknown workspace, session or peer has none.

    Raises:
        StoreFault: the database did not do its part.
    """
    if sought.session_ids is not None and not sought.session_ids:
        return []
    await refresh(database)

    async def work(tx: Transaction) -> list[Message]:
        literal = await _literal(tx, workspace_id, sought)
        words = await _words(tx, workspace_id, sought)
        total = fused([words, {key: 1.0 / (60 + rank) for rank, key in enumerate(literal)}])
        best = sorted(total, key=lambda key: -total[key])[: sought.limit]
        rows = await tx.many(queries.MESSAGES, queries.Ids(workspace_id=workspace_id, ids=best))
        return [message(row) for row in rows]

    return await database.read(work)


async def refresh(database: Database) -> None:
    """Let the full-text index catch up, if it does so soon."""
    waiting = asyncio.ensure_future(database.many(queries.REFRESH, NoParameters()))
    done, _ = await asyncio.wait({waiting}, timeout=REFRESH_SECONDS)
    for each in done:
        each.result()


async def _words(tx: Transaction, workspace_id: str, sought: Sought) -> dict[str, float]:
    where, exact = _condition(sought)
    query = search_terms.query(sought.text, _scopes(workspace_id, sought))
    if query is None:
        return {}
    limit = max(CANDIDATES, 4 * sought.limit)
    wanted = queries.Words(workspace_id=workspace_id, query=query, fetch=limit if exact else _ALL, limit=limit)
    return {row.id: row.score for row in await tx.many(queries.WORDS, wanted, where)}


async def _literal(tx: Transaction, workspace_id: str, sought: Sought) -> list[str]:
    where, _ = _condition(sought)
    limit = 2 * sought.limit
    if sought.session_id is not None:
        rows = await tx.many(
            queries.LITERAL_IN_SESSION,
            queries.LiteralInSession(
                workspace_id=workspace_id, session_id=sought.session_id, text=sought.text, window=WINDOW, limit=limit
            ),
            where,
        )
    elif sought.peer_id is not None:
        rows = await tx.many(
            queries.LITERAL_OF_PEER,
            queries.LiteralOfPeer(
                workspace_id=workspace_id, peer_id=sought.peer_id, text=sought.text, window=WINDOW, limit=limit
            ),
            where,
        )
    else:
        asked = queries.Literal(workspace_id=workspace_id, text=sought.text, window=WINDOW, limit=limit)
        rows = await tx.many(queries.LITERAL, asked, where)
    return [row.id for row in rows]


def _scopes(workspace_id: str, sought: Sought) -> list[Sequence[str]]:
    scopes: list[Sequence[str]] = [(search_terms.workspace_term(workspace_id),)]
    if sought.session_id is not None:
        scopes.append((search_terms.session_term(workspace_id, sought.session_id),))
    if sought.peer_id is not None:
        scopes.append((search_terms.peer_term(workspace_id, sought.peer_id),))
    if sought.session_ids is not None and len(sought.session_ids) <= search_terms.MOST_SESSIONS:
        scopes.append([search_terms.session_term(workspace_id, name) for name in sought.session_ids])
    return scopes


def _condition(sought: Sought) -> tuple[Predicate, bool]:
    """What the database tests of each message, and whether the index's own terms say as much already."""
    texts: list[str] = []
    parameters = dict(sought.where.parameters)
    exact = sought.where.text == "true"
    if not exact:
        texts.append(sought.where.text)
    for name, value in (("session_id", sought.session_id), ("peer_id", sought.peer_id)):
        if value is not None:
            texts.append(f"n.{name} = $sought_{name}")
            parameters[f"sought_{name}"] = value
    if sought.session_ids is not None:
        texts.append("n.session_id IN $sought_session_ids")
        parameters["sought_session_ids"] = list(sought.session_ids)
        exact = exact and len(sought.session_ids) <= search_terms.MOST_SESSIONS
    return Predicate(" AND ".join(texts) or "true", parameters), exact
