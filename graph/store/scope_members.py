"""Which sessions are in a scope, and what the scope holds because of it.

Adding and removing change the membership at once and ask for a unit of work, whose step brings what the scope holds in
line: it copies what was concluded in the session before, or retires what the scope holds from it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.names import check_known_name, scope_peer
from graph.perspective import perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import members as member_queries
from graph.queries import scopes as queries
from graph.store import cards, weighing, work
from graph.store.revising import revise
from graph.store.scopes import read, work_key
from graph.store.session_lock import missing
from graph.store.support import settle
from graph.types import Run, Unit, Wake


class Standing(Struct, frozen=True):
    """How a session stands to a scope.

    Attributes:
        member: whether it is in it.
        busy: whether messages are being reasoned over for those who observed when they were taken up.
    """

    member: bool
    busy: bool


class Copyable(Struct, frozen=True):
    """A conclusion that a peer holds about itself and a later observer does not hold yet."""

    id: str
    observed_id: str
    content_key: str


async def add(database: Database, workspace_id: str, name: str, session_ids: Sequence[str]) -> list[Wake]:
    """Add sessions to a scope, all or none; those that are in stay as they are.

    Returns:
        the units of work to wake workers for.

    Raises:
        Invalid: no scope can have that name.
        NotFound: the scope, or one of the sessions, does not exist or is being deleted.
    """
    now = datetime.now(UTC)
    wanted = sorted(set(session_ids))
    for session_id in wanted:
        check_known_name("session", session_id)

    async def add_all(tx: Transaction) -> list[Wake]:
        await read(tx, workspace_id, name)
        locked = await tx.many(queries.LOCK, queries.Lock(workspace_id=workspace_id, session_ids=wanted, now=now))
        found = {row.id for row in locked}
        absent = [session_id for session_id in wanted if session_id not in found]
        if absent:
            raise NotFound(f"Session {', '.join(absent)} not found")
        return await _join(tx, workspace_id, [(name, session_id) for session_id in wanted], now)

    return await database.write(add_all)


async def join(tx: Transaction, workspace_id: str, session_id: str, names: Sequence[str], now: datetime) -> list[Wake]:
    """Add a session that is locked to scopes.

    Returns:
        the units of work to wake workers for.

    Raises:
        Invalid: no scope can have one of the names.
        NotFound: one of the scopes does not exist.
    """
    wanted = sorted(set(names))
    for name in wanted:
        await read(tx, workspace_id, name)
    return await _join(tx, workspace_id, [(name, session_id) for name in wanted], now)


async def remove(database: Database, workspace_id: str, name: str, session_id: str) -> list[Wake]:
    """Take a session out of a scope; one that is not in it changes nothing, but what the scope holds is checked anew.

    Returns:
        the units of work to wake workers for.

    Raises:
        Invalid: no scope can have that name.
        NotFound: the scope or the session does not exist, or the session is being deleted.
    """
    now = datetime.now(UTC)
    check_known_name("session", session_id)

    async def leave(tx: Transaction) -> list[Wake]:
        await read(tx, workspace_id, name)
        if not await tx.many(queries.LOCK, queries.Lock(workspace_id=workspace_id, session_ids=[session_id], now=now)):
            raise missing(session_id)
        wanted = queries.TimedPair(workspace_id=workspace_id, peer_id=scope_peer(name), session_id=session_id, now=now)
        row = await tx.one(queries.LEAVE, wanted)
        return await work.request(tx, workspace_id, [_unit(workspace_id, name, session_id, row.seq)])

    return await database.write(leave)


async def standing(database: Database, workspace_id: str, scope_id: str, session_id: str, seq: int) -> Standing | None:
    """How a session stands to the scope that a peer stands for; None when either is gone.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        scope_id: the scope's peer.
        session_id: name of the session.
        seq: the session's last message when it was added or removed: work on later ones does not matter.
    """
    wanted = queries.StandingOf(
        workspace_id=workspace_id,
        peer_id=scope_id,
        session_id=session_id,
        key_prefix=f"reasoning/{workspace_id}/{session_id}/",
        seq=seq,
    )
    row = await database.maybe(queries.STANDING, wanted)
    return None if row is None else Standing(row.member, row.busy)


async def uncopied(
    database: Database, workspace_id: str, observer_id: str, session_id: str, limit: int, *, stated: bool
) -> list[Copyable]:
    """What the peers of a session hold about themselves from it and an observer does not hold yet, oldest first.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        observer_id: a scope's peer, or a peer that catches up.
        session_id: name of the session.
        limit: how many at most.
        stated: whether what clients stated in the session, which rests on no message, counts.
    """
    wanted = queries.UncopiedIn(
        workspace_id=workspace_id, peer_id=observer_id, session_id=session_id, stated=stated, limit=limit
    )
    rows = await database.many(queries.UNCOPIED, wanted)
    return [Copyable(row.id, row.observed_id, row.content_key) for row in rows]


async def copy(
    tx: Transaction, workspace_id: str, observer_id: str, session_id: str, run: Run, copied: Sequence[Copyable]
) -> None:
    """Copy conclusions into an observer's perspectives, with their proof and vectors; one that it holds is brought up.

    The observer is a scope's peer, or a peer that catches up. What it holds then of one slot is settled by time, as
    everywhere.

    Nothing is copied when it has parted with the session meanwhile. Doing it again changes nothing.
    """
    now = datetime.now(UTC)
    rows: list[dict[str, object]] = []
    for position, one in enumerate(copied):
        copy_id = new_id()
        rows.append(
            {
                "source_id": one.id,
                "id": copy_id,
                "perspective": perspective(workspace_id, observer_id, one.observed_id),
                # What a client stated stands alone in every perspective: its key is its own id.
                "content_key": copy_id if one.content_key == one.id else one.content_key,
                # A microsecond apart: a list by time keeps the order in which they were concluded.
                "created_at": now + timedelta(microseconds=position),
            }
        )
    await tx.run(conclusion_queries.RUN, work.record(workspace_id, run, session_id))
    wanted = queries.Copy(
        workspace_id=workspace_id, peer_id=observer_id, session_id=session_id, run_id=run.id, rows=rows, now=now
    )
    copies = await tx.many(queries.COPY, wanted)
    await revise(tx, workspace_id, [one.id for one in copies if one.created], now, run_id=run.id)
    await weighing.ask(tx, workspace_id, {one.observed_id for one in copied})
    await cards.follow(tx, workspace_id, {(observer_id, one.observed_id) for one in copied})


async def caught_up(tx: Transaction, workspace_id: str, scope_id: str, session_id: str) -> None:
    """Record that a scope has caught up with a session; nothing if the session has left it."""
    wanted = queries.TimedPair(
        workspace_id=workspace_id, peer_id=scope_id, session_id=session_id, now=datetime.now(UTC)
    )
    await tx.run(queries.CAUGHT_UP, wanted)


async def retire(tx: Transaction, workspace_id: str, scope_id: str, session_id: str, limit: int) -> dict[str, int]:
    """Retire some of what a scope holds from a session that has left it, and all that rests on nothing else.

    Returns:
        how many conclusions were retired outright, by the peer they are about; empty when nothing is left to retire.
    """
    now = datetime.now(UTC)
    wanted = queries.Retire(workspace_id=workspace_id, peer_id=scope_id, session_id=session_id, limit=limit, now=now)
    rows = await tx.many(queries.RETIRE, wanted)
    await settle(tx, workspace_id, [each for row in rows for each in row.ids], now)
    return {row.observed_id: len(row.ids) for row in rows}


async def _join(tx: Transaction, workspace_id: str, pairs: Sequence[tuple[str, str]], now: datetime) -> list[Wake]:
    rows: list[dict[str, object]] = [
        {"peer_id": scope_peer(name), "session_id": session_id, "key": work_key(workspace_id, name, session_id)}
        for name, session_id in pairs
    ]
    joined = await tx.many(queries.JOIN, queries.Join(workspace_id=workspace_id, pairs=rows, now=now))
    late: list[dict[str, object]] = [{"peer_id": row.peer_id, "session_id": row.session_id} for row in joined]
    if late:
        await tx.run(member_queries.HEAR_WAITING, member_queries.Waiting(workspace_id=workspace_id, pairs=late))
    names = {scope_peer(name): name for name, _ in pairs}
    units = [_unit(workspace_id, names[row.peer_id], row.session_id, row.seq) for row in joined]
    return await work.request(tx, workspace_id, units)


def _unit(workspace_id: str, name: str, session_id: str, seq: int) -> Unit:
    return Unit(
        key=work_key(workspace_id, name, session_id),
        kind="scope",
        session_id=session_id,
        observer_id=scope_peer(name),
        detail=msgspec.json.encode({"seq": seq}).decode(),
    )
