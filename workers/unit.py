"""Gives one unit of work a turn: takes its lease, keeps it alive, runs the step for some batches, sorts the failures.

========================  ==============================================================================
outcome                   what happens to the unit
========================  ==============================================================================
done, also with nothing   cursor moved, no longer due
turn over, more pending   due again at once, behind whoever has waited longer
transient fault           due again after a back-off with jitter, however often; nothing is given up
step without an end       the same, after `step_seconds`
database failed           the same, if it can be written down; else the lease runs out
unusable answer           the same, but after `max_attempts` of them in a row it goes to the dead letters
a defect of ours          as an unusable answer: one bad batch must not spin for ever
worker died with it       as an unusable answer: it may be the unit that kills them
permanent fault           goes to the dead letters at once, with the reason
lease lost                nothing: who took it over does the work
told to stop              given back after the batch, or at once when time is up
========================  ==============================================================================

The reason of the last failure stays with the unit until a batch of it succeeds.
"""

import asyncio
import logging
import random

from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelTransient
from graph.errors import LeaseLost, StoreFault
from graph.store import work
from graph.types import Lease
from workers.faults import StepFault, StepImpossible, StepWaits, reason_of
from workers.observing import linked, noted, stepped
from workers.service import Service
from workers.steps import STEPS

_log = logging.getLogger(__name__)

BACKOFF_FIRST_SECONDS = 1.0
BACKOFF_LAST_SECONDS = 300.0
#: Batches of one unit before others get their turn.
TURN_BATCHES = 4
#: How long a step that was told to end may take to let go.
_LET_GO_SECONDS = 5.0


async def do(service: Service, key: str) -> bool:
    """Give the unit `key` a turn if it is due and nobody holds it.

    Returns:
        whether it was, however the turn went.

    Raises:
        StoreFault: the database did not answer when the lease was asked for.
    """
    settings = service.settings.reasoning
    held = await work.lease(service.database, key, settings.lease_seconds)
    if held is None:
        return False
    noted("done", held.attempts + 1)
    linked(held)
    try:
        if held.strikes >= settings.max_attempts:
            raise StepImpossible(f"{held.strikes} workers or answers in a row have failed over it")
        await _kept(service, held)
    except asyncio.CancelledError:
        noted("returned")
        await asyncio.shield(_give_back(service, held))
        raise
    except LeaseLost as fault:
        noted("lost")
        _log.warning("%s: %s", key, fault.detail)
    except Exception as fault:
        if not isinstance(fault, ModelFault | StepFault | StoreFault):
            _log.exception("%s: failed", key)
        await _settle(service, held, fault)
    return True


def backoff(attempts: int, retry_after: float | None = None) -> float:
    """Seconds until the next attempt: doubling, capped, with jitter; at least what the endpoint asked for."""
    grown = min(BACKOFF_LAST_SECONDS, BACKOFF_FIRST_SECONDS * 2 ** min(attempts, 20))
    jittered = grown * random.uniform(0.5, 1.0)
    # With jitter here as well: all that waited for one endpoint must not come back at the same moment.
    return max(jittered, (retry_after or 0.0) * random.uniform(1.0, 1.25))


async def _kept(service: Service, held: Lease) -> None:
    """Run the unit's turn while the lease is renewed; ends at once when it is lost."""
    working = asyncio.ensure_future(_turn(service, held))
    beating = asyncio.ensure_future(_beat(service, held))
    try:
        await asyncio.wait((working, beating), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            await _end(working, held)
            beating.result()
        working.result()
    finally:
        beating.cancel()
        await _end(working, held)


async def _turn(service: Service, held: Lease) -> None:
    """Run the step until nothing is pending or others should have their turn."""
    for _ in range(TURN_BATCHES):
        if not await _batch(service, held):
            return
        if service.stopping.is_set():
            break
        held = await work.renew(service.database, held, service.settings.reasoning.lease_seconds, batch=True)
        linked(held)
    await work.postpone(service.database, held, 0.0)


async def _batch(service: Service, held: Lease) -> bool:
    """Run the step once; whether more is pending.

    Raises:
        StepWaits: it did not end in time.
    """
    seconds = service.settings.reasoning.step_seconds
    doing = asyncio.ensure_future(stepped(STEPS[held.kind], service, held))
    try:
        await asyncio.wait((doing,), timeout=seconds)
        if not doing.done():
            raise StepWaits(f"the step did not end within {seconds:g} s")
        return doing.result()
    finally:
        await _end(doing, held)


async def _end(task: "asyncio.Future[bool] | asyncio.Future[None]", held: Lease) -> None:
    """End what may still run, and leave it alone if it will not: without its lease it can write nothing."""
    if not task.done():
        task.cancel()
        await asyncio.wait((task,), timeout=_LET_GO_SECONDS)
    if not task.done():
        _log.error("%s: the step does not let go", held.key)
    elif not task.cancelled():
        # Whoever asked for the result has it; that of a task ended here is of no interest, but must not warn.
        task.exception()


async def _beat(service: Service, held: Lease) -> None:
    seconds = service.settings.reasoning.lease_seconds
    while True:
        await asyncio.sleep(seconds / 3)
        await work.renew(service.database, held, seconds)


async def _settle(service: Service, held: Lease, fault: Exception) -> None:
    """Record a failure: due again later, or a dead letter."""
    reason = reason_of(fault)
    passing = isinstance(fault, StepWaits | StoreFault | ModelTransient) and not isinstance(fault, ModelGarbage)
    most = getattr(fault, "max_attempts", None) or service.settings.reasoning.max_attempts
    seconds = service.settings.reasoning.lease_seconds
    said = str(fault) if isinstance(fault, ModelFault) else reason
    try:
        held = await work.renew(service.database, held, seconds)
        attempts = held.attempts + 1
        spent = not passing and held.strikes + 1 >= most
        if isinstance(fault, ModelPermanent | StepImpossible) or spent:
            _log.error("%s: given up at attempt %d: %s", held.key, attempts, said)
            await work.bury(service.database, held, reason)
            noted("dead")
            return
        pause = backoff(held.attempts, getattr(fault, "retry_after", None))
        _log.warning("%s: attempt %d failed, again in %.0f s: %s", held.key, attempts, pause, said)
        await work.defer(service.database, held, reason, pause, strike=not passing)
        noted("deferred")
    except (LeaseLost, StoreFault) as lost:
        noted("lost")
        _log.warning("%s: the failure is not recorded: %s", held.key, lost.detail)


async def _give_back(service: Service, held: Lease) -> None:
    try:
        await work.release(service.database, held)
    except StoreFault as fault:
        _log.warning("%s: the lease runs out by itself: %s", held.key, fault.detail)
