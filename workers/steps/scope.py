"""Bringing what a scope holds in line with the sessions in it: copying what was concluded before, or retiring it."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import msgspec
from msgspec import Struct

from graph.driver import Transaction
from graph.ids import new_id
from graph.store import dreams, scope_members, work
from graph.types import Lease, Run
from workers.service import Service

#: Conclusions of one transaction.
CHUNK = 250
#: How long to wait when messages from before the change are being reasoned over: what comes of them must be seen.
BUSY_SECONDS = 2.0

_RULES = sha256(b"scope 1: copy explicit conclusions with their proof").hexdigest()


class _Asked(Struct, frozen=True):
    """What the unit says beside its names: the session's last message when it was added or removed."""

    seq: int = 0


async def reconcile(service: Service, held: Lease) -> bool:
    """Copy into a scope what the peers of a session hold about themselves, or retire what the scope holds from it.

    Which of both is decided by whether the session is in the scope now, and again by each transaction that writes. One
    that was never in it, or is being deleted, is left alone.

    Returns:
        whether more is to be done.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
        StoreFault: the database failed; nothing was written.
    """
    database, seconds = service.database, service.settings.reasoning.lease_seconds
    pair = (held.workspace_id, held.observer_id, held.session_id)
    asked = msgspec.json.decode(held.detail, type=_Asked)
    standing = await scope_members.standing(database, *pair, asked.seq)
    if standing is None:
        return await work.finish(database, held, seconds, forget=True)
    if standing.busy:
        await work.postpone(database, held, BUSY_SECONDS)
        return False
    if standing.member:
        return await _catch_up(service, held, seconds)
    return await _let_go(service, held, seconds)


async def _catch_up(service: Service, held: Lease, seconds: float) -> bool:
    pair = (held.workspace_id, held.observer_id, held.session_id)
    started_at = datetime.now(UTC)
    missing = await scope_members.uncopied(service.database, *pair, CHUNK)
    if not missing:
        return await work.finish(
            service.database, held, seconds, lambda tx: scope_members.caught_up(tx, *pair), forget=True
        )
    run = _run(started_at)

    async def copy(tx: Transaction) -> None:
        await scope_members.copy(tx, *pair, run, missing)
        await _dream(tx, service, held, {one.observed_id for one in missing}, ("omni",))

    await work.keep(service.database, held, seconds, copy)
    return True


async def _let_go(service: Service, held: Lease, seconds: float) -> bool:
    pair = (held.workspace_id, held.observer_id, held.session_id)
    retired: dict[str, int] = {}

    async def retire(tx: Transaction) -> None:
        nonlocal retired
        retired = await scope_members.retire(tx, *pair, CHUNK)
        await _dream(tx, service, held, retired, ("omni", "card_refresh"))

    await work.keep(service.database, held, seconds, retire)
    if retired:
        return True
    return await work.finish(service.database, held, seconds, forget=True)


async def _dream(
    tx: Transaction, service: Service, held: Lease, observed_ids: Iterable[str], kinds: Iterable[dreams.Kind]
) -> None:
    if service.settings.dream.enabled:
        units = [
            dreams.unit(held.workspace_id, held.observer_id, observed_id, dreams.Asked(kind=kind))
            for observed_id in observed_ids
            for kind in kinds
        ]
        await work.request(tx, held.workspace_id, units)


def _run(started_at: datetime) -> Run:
    return Run(
        id=new_id(),
        step="scope",
        model="copy",
        prompt_hash=_RULES,
        prompt_tokens=0,
        completion_tokens=0,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        outcome="concluded",
        dropped={},
    )
