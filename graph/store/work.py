"""Durable units of reasoning work: leases, what is pending, what took effect, what failed.

A unit is serial: one worker at a time holds its lease, proved by a token. Whatever a worker writes, it writes in one
transaction that checks the token first, so a worker that lost its lease changes nothing and each message takes effect
exactly once however often a job runs.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from graph.driver import Database, Transaction
from graph.errors import LeaseLost
from graph.ids import new_id
from graph.perspective import content_key, perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import work as queries
from graph.types import Lease, NewConclusion, QueueCounts, QueueStatus, Run, Unit, Wake


class PendingMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message that waits to be reasoned over, with what was resolved for it when it was written.

    Attributes:
        observer_ids: the peers that will hold what is concluded from it.
        instructions: custom instructions for the extraction, or None.
    """

    id: str
    seq: int
    peer_id: str
    content: str
    token_count: int
    created_at: datetime
    observer_ids: Sequence[str]
    instructions: str | None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A message of another peer, for context."""

    id: str
    seq: int
    peer_id: str
    content: str
    created_at: datetime


async def request(tx: Transaction, workspace_id: str, units: Sequence[Unit]) -> list[Wake]:
    """Ask for units of work, in the transaction that makes them necessary; whoever commits it then wakes the workers.

    Returns:
        the units to wake workers for.
    """
    now = datetime.now(UTC)
    # In the order of keys, so that two that ask for the same units do not wait for each other in a circle.
    rows: list[dict[str, object]] = [
        {
            "key": unit.key,
            "kind": unit.kind,
            "session_id": unit.session_id or None,
            "peer_id": unit.peer_id or None,
            "observer_id": unit.observer_id or None,
            "detail": unit.detail,
            "due_at": now + timedelta(seconds=unit.wait_seconds),
            "once": unit.once,
        }
        for unit in sorted(units, key=lambda unit: unit.key)
    ]
    if not rows:
        return []
    asked = await tx.many(queries.REQUEST, queries.Request(workspace_id=workspace_id, units=rows, now=now))
    return [Wake(row.key, row.due_at) for row in asked]


async def finish(
    database: Database,
    held: Lease,
    seconds: float,
    effect: Callable[[Transaction], Awaitable[None]] | None = None,
    *,
    forget: bool = False,
) -> bool:
    """Write the effect of a held unit that was asked for with `request`, and mark as met what was asked until now.

    Args:
        database: where to write.
        held: the lease as it was when the step began: what was asked for since then is still to be done.
        seconds: how long the lease lasts if more is to be done.
        effect: writes in the same transaction; it may be called more than once.
        forget: remove the unit when nothing more is to be done.

    Returns:
        whether the unit was asked for again meanwhile; then the lease is still held.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
    """

    async def work(tx: Transaction) -> bool:
        now = datetime.now(UTC)
        if effect is not None:
            await effect(tx)
        await _hold(tx, held, seconds)
        met = held.last_seq - held.cursor
        advanced = queries.Advance(
            key=held.key, token=held.token, now=now, cursor=held.last_seq, messages=met, tokens=0
        )
        more = (await tx.one(queries.ADVANCE, advanced)).more
        if forget and not more:
            await tx.run(queries.FORGET, queries.Key(key=held.key))
        return more

    return await database.write(work)


async def lease(database: Database, key: str, seconds: float) -> Lease | None:
    """Take the lease of a unit for some seconds; None if it is not due or somebody else holds it."""
    now = datetime.now(UTC)
    asked = queries.Hold(key=key, token=new_id(), now=now, until=now + timedelta(seconds=seconds))
    row = await database.maybe(queries.LEASE, asked)
    return None if row is None else _lease(row)


async def renew(database: Database, held: Lease, seconds: float) -> Lease:
    """Extend a lease; what is pending is read anew.

    Raises:
        LeaseLost: somebody else has taken the unit over.
    """
    return await database.write(lambda tx: _hold(tx, held, seconds))


async def release(database: Database, held: Lease) -> None:
    """Give a lease back with nothing done; a lease lost already is no matter."""
    given = queries.Held(key=held.key, token=held.token, now=datetime.now(UTC))
    await database.write(lambda tx: tx.run(queries.RELEASE, given))


async def postpone(database: Database, held: Lease, seconds: float) -> None:
    """Give a lease back with nothing done and nothing failed; the unit is due again in some seconds."""
    now = datetime.now(UTC)
    later = queries.Postpone(key=held.key, token=held.token, now=now, due_at=now + timedelta(seconds=seconds))
    await database.write(lambda tx: tx.run(queries.POSTPONE, later))


async def keep(
    database: Database, held: Lease, seconds: float, effect: Callable[[Transaction], Awaitable[None]]
) -> None:
    """Write a part of a held unit's effect; the unit stays held, for some seconds more.

    Args:
        database: where to write.
        held: the lease.
        seconds: how long the lease lasts from now on.
        effect: writes in the same transaction; it may be called more than once.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
    """

    async def work(tx: Transaction) -> None:
        await effect(tx)
        await _hold(tx, held, seconds)

    await database.write(work)


async def defer(database: Database, held: Lease, reason: str, seconds: float) -> int:
    """Give a lease back after a failure that may pass; the unit is due again in some seconds.

    Returns:
        failed attempts since the last success.

    Raises:
        LeaseLost: somebody else has taken the unit over.
    """
    now = datetime.now(UTC)
    later = queries.Defer(
        key=held.key, token=held.token, now=now, due_at=now + timedelta(seconds=seconds), reason=reason
    )
    row = await database.maybe(queries.DEFER, later)
    if row is None:
        raise LeaseLost(f"the lease on {held.key} was taken over")
    return row.attempts


async def bury(database: Database, held: Lease, reason: str) -> None:
    """Lay a unit among the dead letters with its reason; what is pending stays pending.

    Raises:
        LeaseLost: somebody else has taken the unit over.
    """
    dead = queries.Bury(key=held.key, token=held.token, now=datetime.now(UTC), reason=reason)
    if await database.maybe(queries.BURY, dead) is None:
        raise LeaseLost(f"the lease on {held.key} was taken over")


async def due(database: Database, limit: int = 1000) -> list[str]:
    """Keys of units that are due and that nobody holds, the longest waiting first."""
    rows = await database.many(queries.DUE, queries.Due(now=datetime.now(UTC), limit=limit))
    return [row.key for row in rows]


async def pending(database: Database, held: Lease, limit: int) -> list[PendingMessage]:
    """The next messages of a held unit, in order."""
    wanted = queries.Pending(
        workspace_id=held.workspace_id,
        session_id=held.session_id,
        peer_id=held.peer_id,
        cursor=held.cursor,
        last_seq=held.last_seq,
        limit=limit,
    )
    rows = await database.many(queries.PENDING, wanted)
    return [msgspec.convert(row, PendingMessage, from_attributes=True) for row in rows]


async def surroundings(database: Database, held: Lease, first_seq: int, last_seq: int, limit: int) -> list[Said]:
    """What others said in a stretch of a held unit's session, the last `limit` of it, in order."""
    wanted = queries.Surroundings(
        workspace_id=held.workspace_id,
        session_id=held.session_id,
        peer_id=held.peer_id,
        first_seq=first_seq,
        last_seq=last_seq,
        limit=limit,
    )
    rows = await database.many(queries.SURROUNDINGS, wanted)
    return [msgspec.convert(row, Said, from_attributes=True) for row in reversed(rows)]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What reasoning over a batch brings about.

    Attributes:
        cursor: `seq` of the last message that takes effect.
        messages: how many messages take effect.
        tokens: their tokens.
        run: the record of the execution; None when there was nothing to reason over.
        conclusions: one per proposition and observer; equal vectors should be the same object.
    """

    cursor: int
    messages: int
    tokens: int
    run: Run | None
    conclusions: Sequence[NewConclusion]


async def commit(
    database: Database,
    held: Lease,
    effect: Effect,
    seconds: float,
    drained: Callable[[Transaction], Awaitable[object]] | None = None,
) -> bool:
    """Write what a batch concluded and move the cursor, all or nothing.

    A conclusion whose text its perspective holds already (same level and session) is reinforced: `times_derived` grows
    and the new messages become further sources.

    Args:
        database: where to write.
        held: the lease.
        effect: what to write.
        seconds: how long the lease lasts if more is pending.
        drained: writes in the same transaction when nothing more is pending after messages took effect; it may be
            called more than once.

    Returns:
        whether more is pending; then the lease is still held, for some seconds more.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
    """

    async def work(tx: Transaction) -> bool:
        now = datetime.now(UTC)
        if effect.run is not None:
            await tx.run(conclusion_queries.RUN, record(held.workspace_id, effect.run))
            if effect.conclusions:
                await tx.many(conclusion_queries.CONCLUDE, _conclude(held, effect.run, effect.conclusions, now))
        # Last, as a writer of messages locks: peers, then the unit; the other way round the two could deadlock. A lease
        # that was lost undoes all of the above.
        await _hold(tx, held, seconds)
        advanced = queries.Advance(
            key=held.key,
            token=held.token,
            now=now,
            cursor=effect.cursor,
            messages=effect.messages,
            tokens=effect.tokens,
        )
        more = (await tx.one(queries.ADVANCE, advanced)).more
        if drained is not None and effect.messages and not more:
            await drained(tx)
        return more

    return await database.write(work)


async def status(
    database: Database,
    workspace_id: str,
    *,
    observer_id: str | None = None,
    sender_id: str | None = None,
    session_id: str | None = None,
) -> QueueStatus:
    """Count pending and completed messages, and dreams.

    `observer_id` and `sender_id` widen one another, `session_id` narrows.
    """
    wanted = queries.Status(
        workspace_id=workspace_id,
        session_id=session_id or None,
        sender_id=sender_id or None,
        observer_id=observer_id or None,
        now=datetime.now(UTC),
    )
    rows = await database.many(queries.STATUS, wanted)
    sessions = {row.session_id: _counts([row]) for row in rows if row.session_id}
    return QueueStatus(overall=_counts(rows), sessions=sessions)


def _counts(rows: Sequence[queries.StatusRow]) -> QueueCounts:
    completed, pending_now = sum(row.completed for row in rows), sum(row.pending for row in rows)
    in_progress, failed = sum(row.in_progress for row in rows), sum(row.failed for row in rows)
    total = completed + in_progress + pending_now + failed
    return QueueCounts(total=total, completed=completed, in_progress=in_progress, pending=pending_now, failed=failed)


async def _hold(tx: Transaction, held: Lease, seconds: float) -> Lease:
    now = datetime.now(UTC)
    asked = queries.Hold(key=held.key, token=held.token, now=now, until=now + timedelta(seconds=seconds))
    row = await tx.maybe(queries.HOLD, asked)
    if row is None:
        raise LeaseLost(f"the lease on {held.key} was taken over")
    return _lease(row)


def _lease(row: queries.LeaseRow) -> Lease:
    return msgspec.convert(row, Lease, from_attributes=True)


def record(workspace_id: str, run: Run) -> conclusion_queries.RecordRun:
    """What records one execution of a step: the parameters of `conclusion_queries.RUN`."""
    return conclusion_queries.RecordRun(
        workspace_id=workspace_id,
        id=run.id,
        step=run.step,
        model=run.model,
        prompt_hash=run.prompt_hash,
        prompt_tokens=run.prompt_tokens,
        completion_tokens=run.completion_tokens,
        started_at=run.started_at,
        finished_at=run.finished_at,
        outcome=run.outcome,
        dropped=msgspec.json.encode(run.dropped).decode(),
    )


def _conclude(
    held: Lease, run: Run, conclusions: Sequence[NewConclusion], now: datetime
) -> conclusion_queries.Conclude:
    vectors: list[Sequence[float]] = []
    index: dict[int, int] = {}
    rows: list[dict[str, object]] = []
    for position, new in enumerate(conclusions):
        if id(new.embedding) not in index:
            index[id(new.embedding)] = len(vectors)
            vectors.append(new.embedding)
        rows.append(
            {
                "id": new_id(),
                "observer_id": new.observer_id,
                "observed_id": new.observed_id,
                "perspective": perspective(held.workspace_id, new.observer_id, new.observed_id),
                "content_key": content_key(new.content, "explicit", held.session_id),
                "content": new.content,
                # A microsecond apart: a list by time keeps the order in which they were concluded.
                "created_at": now + timedelta(microseconds=position),
                "observed_at": new.observed_at,
                "about_at": new.about_at,
                "vector": index[id(new.embedding)],
                "sources": [
                    {"id": message_id, "quote": quote}
                    for message_id, quote in zip(new.message_ids, new.quotes, strict=True)
                ],
            }
        )
    return conclusion_queries.Conclude(
        workspace_id=held.workspace_id,
        session_id=held.session_id,
        run_id=run.id,
        rows=rows,
        vectors=vectors,
        now=now,
    )
