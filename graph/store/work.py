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
from graph.names import RESERVED_PEER_PREFIX
from graph.queries import conclusions as conclusion_queries
from graph.queries import messages as message_queries
from graph.queries import work as queries
from graph.store import dream_timer, weighing
from graph.store.concluding import Drawn, conclude
from graph.store.requesting import request as request
from graph.store.run_records import record as record
from graph.store.support import settle
from graph.types import Lease, NewConclusion, QueueCounts, QueueStatus, Run


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


async def finish(
    database: Database,
    held: Lease,
    seconds: float,
    effect: Callable[[Transaction], Awaitable[None]] | None = None,
    *,
    forget: bool = False,
    drained: Callable[[Transaction], Awaitable[object]] | None = None,
) -> bool:
    """Write the effect of a held unit that was asked for with `request`, and mark as met what was asked until now.

    Args:
        database: where to write.
        held: the lease as it was when the step began: what was asked for since then is still to be done.
        seconds: how long the lease lasts if more is to be done.
        effect: writes in the same transaction; it may be called more than once.
        forget: remove the unit when nothing more is to be done.
        drained: writes in the same transaction when nothing more is to be done; it may be called more than once.

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
        if drained is not None and met and not more:
            await drained(tx)
        return more

    return await database.write(work)


async def lease(database: Database, key: str, seconds: float) -> Lease | None:
    """Take the lease of a unit for some seconds; None if it is not due or somebody else holds it."""
    now = datetime.now(UTC)
    asked = queries.Hold(key=key, token=new_id(), now=now, until=now + timedelta(seconds=seconds))
    row = await database.maybe(queries.LEASE, asked)
    return None if row is None else _lease(row)


async def renew(database: Database, held: Lease, seconds: float, *, batch: bool = False) -> Lease:
    """Extend a lease; what is pending is read anew.

    Args:
        database: where to write.
        held: the lease.
        seconds: how long it lasts from now on.
        batch: whether another batch begins; it is told what led to what was asked for meanwhile.

    Raises:
        LeaseLost: somebody else has taken the unit over.
    """
    return await database.write(lambda tx: _hold(tx, held, seconds, batch=batch))


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


async def defer(database: Database, held: Lease, reason: str, seconds: float, *, strike: bool = False) -> int:
    """Give a lease back after a failure that may pass; the unit is due again in some seconds.

    Args:
        database: where to write.
        held: the lease.
        reason: why, in one line, with no stored text and no secret.
        seconds: how long to wait.
        strike: whether the failure is one of those of which only so many are borne in a row.

    Returns:
        failed attempts since the last success.

    Raises:
        LeaseLost: somebody else has taken the unit over.
    """
    now = datetime.now(UTC)
    later = queries.Defer(
        key=held.key,
        token=held.token,
        now=now,
        due_at=now + timedelta(seconds=seconds),
        reason=reason,
        strikes=int(strike),
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


async def surroundings(
    database: Database, held: Lease, observer_ids: Sequence[str], first_seq: int, last_seq: int, limit: int
) -> list[Said]:
    """What others said in a stretch of a held unit's session, the last `limit` of it, in order.

    Left out is what one of the observers was not there for, so that nobody learns by way of context what it did not
    hear. The author's own view may take it in, and a scope catches up with all that was said.
    """
    wanted = queries.Surroundings(
        workspace_id=held.workspace_id,
        session_id=held.session_id,
        peer_id=held.peer_id,
        listener_ids=[
            observer_id
            for observer_id in observer_ids
            if observer_id != held.peer_id and not observer_id.startswith(RESERVED_PEER_PREFIX)
        ],
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
        merge_similarity: cosine from which two of them may be one, as the embedder has it; by default none is alike.
        ripeness: what makes the author's own perspective ripe for a dream; None where dreams are off.
    """

    cursor: int
    messages: int
    tokens: int
    run: Run | None
    conclusions: Sequence[NewConclusion]
    merge_similarity: float = 2.0
    ripeness: dream_timer.Ripeness | None = None


async def commit(
    database: Database,
    held: Lease,
    effect: Effect,
    seconds: float,
    drained: Callable[[Transaction], Awaitable[object]] | None = None,
) -> bool:
    """Write what a batch concluded and move the cursor, all or nothing.

    What its perspective holds already is reinforced, what is nearly the same is merged, and what is at odds with it is
    superseded or contradicted (`graph.store.concluding`).

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
        standing: list[NewConclusion] = []
        if effect.run is not None:
            await tx.run(conclusion_queries.RUN, record(held.workspace_id, effect.run, held.session_id))
            if standing := await _standing(tx, held.workspace_id, effect.conclusions, now):
                drawn = Drawn(
                    workspace_id=held.workspace_id,
                    session_id=held.session_id,
                    run_id=effect.run.id,
                    conclusions=standing,
                    merge_similarity=effect.merge_similarity,
                )
                concluded = await conclude(tx, drawn, now)
                # One that was reinforced may have been retired since it was found; now it has support again.
                await settle(tx, held.workspace_id, concluded, now, touched=False)
        if effect.ripeness is not None and effect.messages:
            await dream_timer.wind(tx, held.workspace_id, held.peer_id, held.session_id, effect.ripeness, now)
        await weighing.ask(tx, held.workspace_id, {new.observed_id for new in standing})
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


async def _standing(
    tx: Transaction, workspace_id: str, conclusions: Sequence[NewConclusion], now: datetime
) -> list[NewConclusion]:
    """Those conclusions that rest on a message which was neither retracted nor erased since it was read."""
    named = sorted({message_id for new in conclusions for message_id in new.message_ids})
    if not named:
        return []
    wanted = message_queries.Still(workspace_id=workspace_id, message_ids=named, now=now)
    still = {row.id for row in await tx.many(message_queries.STILL, wanted)}
    return [new for new in conclusions if not still.isdisjoint(new.message_ids)]


async def status(
    database: Database,
    workspace_id: str,
    *,
    observer_id: str | None = None,
    sender_id: str | None = None,
    session_id: str | None = None,
) -> QueueStatus:
    """Count pending and completed messages, summaries and dreams, and derivation that is pending.

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
    oldest = min((row.oldest for row in rows if row.oldest is not None), default=None)
    return QueueStatus(overall=_counts(rows), sessions=sessions, oldest=oldest)


def _counts(rows: Sequence[queries.StatusRow]) -> QueueCounts:
    completed, pending_now = sum(row.completed for row in rows), sum(row.pending for row in rows)
    in_progress, failed = sum(row.in_progress for row in rows), sum(row.failed for row in rows)
    total = completed + in_progress + pending_now + failed
    return QueueCounts(total=total, completed=completed, in_progress=in_progress, pending=pending_now, failed=failed)


async def _hold(tx: Transaction, held: Lease, seconds: float, *, batch: bool = False) -> Lease:
    now = datetime.now(UTC)
    until = now + timedelta(seconds=seconds)
    asked = queries.Renew(key=held.key, token=held.token, now=now, until=until, batch=batch)
    row = await tx.maybe(queries.HOLD, asked)
    if row is None:
        raise LeaseLost(f"the lease on {held.key} was taken over")
    return _lease(row)


def _lease(row: queries.LeaseRow) -> Lease:
    return msgspec.convert(row, Lease, from_attributes=True)
