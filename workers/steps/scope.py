"""Bringing what a scope, or a peer that joined late, holds in line with a session: copying what was concluded before.

Of a session that left a scope, what the scope holds is retired.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import msgspec
from msgspec import Struct

from graph.driver import Transaction
from graph.store import dreams, scope_members, work
from graph.types import Lease
from workers.recording import run_of
from workers.service import Service
from workers.thinking.seam import Execution

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
        return await bring_up(service, held, stated=True)
    return await _let_go(service, held, seconds)


async def catch_up(service: Service, held: Lease) -> bool:
    """Copy into the perspectives of a peer that joined a session late what its peers hold about themselves from it.

    Only what rests on messages that stand is copied. A peer that has left meanwhile keeps what it learnt.

    Returns:
        whether more is to be done.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
        StoreFault: the database failed; nothing was written.
    """
    asked = msgspec.json.decode(held.detail, type=_Asked)
    pair = (held.workspace_id, held.observer_id, held.session_id)
    standing = await scope_members.standing(service.database, *pair, asked.seq)
    if standing is None or not standing.member:
        return await work.finish(service.database, held, service.settings.reasoning.lease_seconds, forget=True)
    if standing.busy:
        await work.postpone(service.database, held, BUSY_SECONDS)
        return False
    return await bring_up(service, held, stated=False)


async def bring_up(service: Service, held: Lease, *, stated: bool) -> bool:
    """Copy one part of what an observer lacks of a session; when nothing is lacking, the unit is done.

    Args:
        service: the worker's.
        held: the unit, whose observer is a scope's peer or a peer that catches up.
        stated: whether what clients stated in the session is copied too.

    Returns:
        whether more is to be done.
    """
    seconds = service.settings.reasoning.lease_seconds
    pair = (held.workspace_id, held.observer_id, held.session_id)
    started_at = datetime.now(UTC)
    missing = await scope_members.uncopied(service.database, *pair, CHUNK, stated=stated)
    if not missing:
        return await work.finish(
            service.database, held, seconds, lambda tx: scope_members.caught_up(tx, *pair), forget=True
        )
    run = run_of(held.kind, Execution(model="copy", prompt_hash=_RULES), started_at, concluded=True)

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
