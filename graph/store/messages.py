"""Writing and reading messages."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

import msgspec
from msgspec import Struct

from graph.cause import led_by
from graph.configuration import Reasoning, Summaries, of_peer, resolve_reasoning, resolve_summaries
from graph.driver import Database, Transaction
from graph.errors import Conflict, NotFound
from graph.ids import new_id
from graph.metadata_terms import terms
from graph.names import check_known_name, check_new_name, refuse_scope_peer
from graph.queries import messages as queries
from graph.query import Predicate
from graph.search_terms import scope_terms, search_text
from graph.store import passages, summaries
from graph.store.idempotency import Once, claim, gone
from graph.types import Message, NewMessage, Page, PageRequest, Wake

_JSON = msgspec.json.Decoder(dict[str, object])


class Deployment(Struct, frozen=True, kw_only=True):
    """What the deployment says of reasoning work.

    Attributes:
        reasoning: defaults below every level of the configuration cascade.
        wait: how long the first pending message of a unit waits for company; embedding waits twice as long.
        full_tokens: pending tokens at which a unit is due at once.
    """

    reasoning: Reasoning = Reasoning()
    wait: timedelta = timedelta(seconds=1)
    full_tokens: int = 1024


class Appended(Struct, frozen=True):
    """Messages as stored, in the order given, and the units of work to wake workers for.

    Attributes:
        replayed: whether they were stored by an earlier request with the same key.
    """

    messages: Sequence[Message]
    wakes: Sequence[Wake]
    replayed: bool = False


async def append(
    database: Database,
    *,
    workspace_id: str,
    session_id: str,
    messages: Sequence[NewMessage],
    deployment: Deployment,
    once: Once | None = None,
) -> Appended:
    """Store messages at the end of a session, with the reasoning work they make, in one transaction.

    The workspace, the session and the authors are created where they are missing; authors join the session. The
    messages get consecutive `seq` under the session's lock. For each message the observers (its author, and each active
    member with `observe_others`) and the custom instructions are resolved now and stored with it.

    Args:
        database: where to write.
        workspace_id: name of the workspace.
        session_id: name of the session.
        messages: 1 to 100 messages.
        deployment: defaults of the deployment.
        once: the key that the request is repeated with, if any.

    Raises:
        NotFound: the session is being deleted, or what an earlier request stored under the key has been.
        Conflict: an author is being erased.
        Invalid: a name that would be created breaks the rules, or the key was used for another request.
        OutcomeUnknown: the database went away during the commit and did not come back.
        StoreFault: nothing was stored.
    """
    check_known_name("workspace", workspace_id)
    check_known_name("session", session_id)
    now = datetime.now(UTC)
    author_ids = sorted({message.peer_id for message in messages})
    for author_id in author_ids:
        check_known_name("peer", author_id)
        refuse_scope_peer(author_id)
    ids = [new_id() for _ in messages]

    async def work(tx: Transaction) -> Appended:
        earlier = await claim(tx, workspace_id, once, ids, now) if once else None
        if once and earlier is not None:
            found = await _some(tx, workspace_id, earlier)
            if len(found) != len(earlier):
                raise gone(once)
            return Appended(found, (), replayed=True)
        prepared = await _prepare(tx, workspace_id, session_id, author_ids, now)
        rows, stored = _rows(workspace_id, session_id, prepared, messages, ids, now, deployment.reasoning)
        number, due = summaries.coming_due(_summaries(prepared), prepared.seq + 1, prepared.seq + len(rows))
        units = _units(workspace_id, session_id, stored, rows, now + deployment.wait, now + 2 * deployment.wait)
        if number:
            units.append(_summing_up(workspace_id, session_id, number, now + deployment.wait))
        pending = await tx.many(
            queries.APPEND,
            queries.Append(
                workspace_id=workspace_id,
                session_id=session_id,
                seq=prepared.seq + len(rows),
                due=due,
                messages=rows,
                units=units,
                now=now,
                full_tokens=deployment.full_tokens,
                led_by=led_by(),
            ),
        )
        return Appended(stored, [Wake(row.key, row.due_at) for row in pending if row.wake])

    async def landed(tx: Transaction) -> Appended | None:
        found = await _some(tx, workspace_id, ids)
        # Nobody is woken: that the units are due is stored, and the sweep finds them.
        return Appended(found, ()) if len(found) == len(ids) else None

    return await database.write_once(work, landed)


async def page(
    database: Database, workspace_id: str, session_id: str, where: Predicate, request: PageRequest
) -> Page[Message]:
    """One page of a session's messages in insertion order; an unknown session has none.

    Without a filter the numbers of the messages say which are wanted, so any page costs what the first costs, and
    pages read oldest first neither repeat nor skip a message while others write. Under a filter, and in a session of
    which messages were retracted or erased, all that come before are read.
    """
    if where.takes_all:
        return await _stretch(database, workspace_id, session_id, request)
    session = queries.InSession(workspace_id=workspace_id, session_id=session_id)
    wanted = queries.PageOf(workspace_id=workspace_id, session_id=session_id, skip=request.skip, limit=request.size)
    query = queries.PAGE_NEWEST if request.reverse else queries.PAGE

    async def work(tx: Transaction) -> Page[Message]:
        total = (await tx.one(queries.TOTAL, session, where)).total
        rows = await tx.many(query, wanted, where) if request.skip < total else []
        return Page(items=[message(row) for row in rows], total=total)

    return await database.read(work)


async def _stretch(database: Database, workspace_id: str, session_id: str, request: PageRequest) -> Page[Message]:
    async def work(tx: Transaction) -> Page[Message]:
        session = await tx.maybe(queries.SIZE, queries.InSession(workspace_id=workspace_id, session_id=session_id))
        total = session.total if session else 0
        if session is None or request.skip >= total:
            return Page(items=[], total=total)
        if session.gaps:
            wanted = queries.PageOf(
                workspace_id=workspace_id, session_id=session_id, skip=request.skip, limit=request.size
            )
            query = queries.PAGE_NEWEST if request.reverse else queries.PAGE
            return Page(items=[message(row) for row in await tx.many(query, wanted, Predicate())], total=total)
        after = max(0, total - request.skip - request.size) if request.reverse else request.skip
        until = total - request.skip if request.reverse else min(total, after + request.size)
        wanted = queries.Stretch(workspace_id=workspace_id, session_id=session_id, after=after, until=until)
        rows = await tx.many(queries.STRETCH, wanted)
        return Page(items=[message(row) for row in (reversed(rows) if request.reverse else rows)], total=total)

    return await database.read(work)


async def get(database: Database, workspace_id: str, session_id: str, message_id: str) -> Message:
    """One message.

    Raises:
        NotFound: it is not in that session.
    """
    wanted = queries.OneOf(workspace_id=workspace_id, session_id=session_id, message_id=message_id)
    row = await database.maybe(queries.GET, wanted)
    if row is None:
        raise NotFound(f"Message {message_id} not found in session {session_id}")
    return message(row)


async def update(
    database: Database, workspace_id: str, session_id: str, message_id: str, metadata: Mapping[str, object] | None
) -> Message:
    """Replace a message's metadata; None leaves it alone.

    Raises:
        NotFound: it is not in that session.
    """
    if metadata is None:
        return await get(database, workspace_id, session_id, message_id)
    wanted = queries.Update(
        workspace_id=workspace_id,
        session_id=session_id,
        message_id=message_id,
        metadata=msgspec.json.encode(metadata).decode(),
        metadata_terms=terms(metadata),
    )
    row = await database.maybe(queries.UPDATE, wanted)
    if row is None:
        raise NotFound(f"Message {message_id} not found in session {session_id}")
    return message(row)


def message(row: queries.MessageRow) -> Message:
    """A row as a message."""
    return Message(
        id=row.id,
        workspace_id=row.workspace_id,
        session_id=row.session_id,
        peer_id=row.peer_id,
        seq=row.seq,
        content=row.content,
        token_count=row.token_count,
        metadata=_JSON.decode(row.metadata),
        created_at=row.created_at,
    )


async def _some(tx: Transaction, workspace_id: str, message_ids: Sequence[str]) -> list[Message]:
    wanted = queries.SomeOf(workspace_id=workspace_id, message_ids=message_ids)
    return [message(row) for row in await tx.many(queries.SOME, wanted)]


async def _prepare(
    tx: Transaction, workspace_id: str, session_id: str, author_ids: Sequence[str], now: datetime
) -> queries.PrepareRow:
    asked = queries.Prepare(workspace_id=workspace_id, session_id=session_id, author_ids=author_ids, now=now)
    prepared = await tx.maybe(queries.PREPARE, asked)
    known = {author.id for author in prepared.authors} if prepared else set[str]()
    missing = [author_id for author_id in author_ids if author_id not in known]
    if prepared is None or missing:
        if prepared is None:
            check_new_name("workspace", workspace_id)
            check_new_name("session", session_id)
            peers = author_ids
        elif not prepared.is_active:
            raise NotFound(f"Session {session_id} not found")
        else:
            peers = missing
        await _ensure(tx, workspace_id, session_id, peers, missing, now)
        prepared = await tx.one(queries.PREPARE, asked)
    if not prepared.is_active:
        raise NotFound(f"Session {session_id} not found")
    erasing = sorted(author.id for author in prepared.authors if author.erasing)
    if erasing:
        raise Conflict(f"Peer {', '.join(erasing)} is being erased")
    absent = [author.id for author in prepared.authors if not author.active]
    if absent:
        await tx.run(
            queries.JOIN,
            queries.Join(workspace_id=workspace_id, session_id=session_id, peer_ids=sorted(absent), now=now),
        )
    return prepared


async def _ensure(
    tx: Transaction,
    workspace_id: str,
    session_id: str,
    peers: Sequence[str],
    missing: Sequence[str],
    now: datetime,
) -> None:
    for peer_id in missing:
        check_new_name("peer", peer_id)
    await tx.run(
        queries.ENSURE,
        queries.Ensure(
            workspace_id=workspace_id,
            workspace_uid=new_id(),
            session_id=session_id,
            session_uid=new_id(),
            peers=[{"id": peer_id, "uid": new_id()} for peer_id in peers],
            now=now,
        ),
    )


def _rows(
    workspace_id: str,
    session_id: str,
    prepared: queries.PrepareRow,
    messages: Sequence[NewMessage],
    ids: Sequence[str],
    now: datetime,
    default: Reasoning,
) -> tuple[list[dict[str, object]], list[Message]]:
    workspace = _JSON.decode(prepared.workspace_configuration)
    session = _JSON.decode(prepared.session_configuration)
    authors = {said.id: (said.observe_me, of_peer(_JSON.decode(said.configuration))) for said in prepared.authors}
    rows: list[dict[str, object]] = []
    stored: list[Message] = []
    for offset, (new, message_id) in enumerate(zip(messages, ids, strict=True), start=1):
        observe_me, author = authors[new.peer_id]
        reasoning = resolve_reasoning(default, workspace, author, session, new.configuration)
        reasoned = reasoning.enabled and observe_me
        observers = sorted({new.peer_id, *prepared.observer_ids}) if reasoned else None
        created_at = new.created_at or now
        rows.append(
            {
                "id": message_id,
                "seq": prepared.seq + offset,
                "peer_id": new.peer_id,
                "content": new.content,
                "token_count": new.token_count,
                "metadata": msgspec.json.encode(new.metadata).decode(),
                "metadata_terms": terms(new.metadata),
                "created_at": created_at,
                "configuration": msgspec.json.encode(new.configuration).decode() if new.configuration else None,
                "observer_ids": observers,
                "instructions": reasoning.instructions if reasoned else None,
                "search_scope": scope_terms(workspace_id, session_id, new.peer_id),
                "search_text": search_text(new.peer_id, created_at, new.content),
            }
        )
        stored.append(
            Message(
                id=message_id,
                workspace_id=workspace_id,
                session_id=session_id,
                peer_id=new.peer_id,
                seq=prepared.seq + offset,
                content=new.content,
                token_count=new.token_count,
                metadata=new.metadata,
                created_at=created_at,
            )
        )
    return rows, stored


def _summaries(prepared: queries.PrepareRow) -> Summaries:
    levels = (prepared.workspace_configuration, prepared.session_configuration)
    return resolve_summaries(Summaries(), *(_JSON.decode(level) for level in levels))


def _summing_up(workspace_id: str, session_id: str, messages: int, due_at: datetime) -> dict[str, object]:
    return {
        "key": summaries.unit_key(workspace_id, session_id),
        "kind": "summary",
        "peer_id": None,
        "last_seq": None,
        "messages": messages,
        "tokens": 0,
        "due_at": due_at,
    }


def _units(
    workspace_id: str,
    session_id: str,
    stored: Sequence[Message],
    rows: Sequence[Mapping[str, object]],
    due_at: datetime,
    embedded_at: datetime,
) -> list[dict[str, object]]:
    reasoned = [said for said, row in zip(stored, rows, strict=True) if row["observer_ids"] is not None]
    units: list[dict[str, object]] = []
    for peer_id, group in groupby(sorted(reasoned, key=lambda said: said.peer_id), key=lambda said: said.peer_id):
        of_author = list(group)
        units.append(
            {
                "key": f"reasoning/{workspace_id}/{session_id}/{peer_id}",
                "kind": "reasoning",
                "peer_id": peer_id,
                "last_seq": max(said.seq for said in of_author),
                "messages": len(of_author),
                "tokens": sum(said.token_count for said in of_author),
                "due_at": due_at,
            }
        )
    texts = sum(1 for said in stored if said.content.strip())
    if texts:
        # Reasoning goes first. What is embedded in one go is for the worker to say, so it is never full.
        units.append(
            {
                "key": passages.unit_key(workspace_id, session_id),
                "kind": "embedding",
                "peer_id": None,
                "last_seq": stored[-1].seq,
                "messages": texts,
                "tokens": 0,
                "due_at": embedded_at,
            }
        )
    return units
