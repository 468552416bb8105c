"""Does one unit of work: takes its lease, keeps it alive, runs the step until nothing is pending, sorts the failures.

========================  ==============================================================================
outcome                   what happens to the unit
========================  ==============================================================================
done, also with nothing   cursor moved, no longer due
transient fault           due again after a back-off with jitter, however often; nothing is given up
unusable answer           the same, but after `max_attempts` in a row it goes to the dead letters
permanent fault           goes to the dead letters at once, with the reason
a defect of ours          as an unusable answer: one bad batch must not spin for ever
lease lost                nothing: who took it over does the work
database away             nothing: the lease is given back or runs out, and the sweep finds the unit
========================  ==============================================================================
"""

import asyncio
import contextlib
import logging
import random

from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelTransient
from graph.errors import LeaseLost, StoreFault
from graph.store import work
from graph.types import Lease
from workers.faults import StepFault, StepImpossible, StepWaits
from workers.service import Service
from workers.steps import STEPS

_log = logging.getLogger(__name__)

BACKOFF_FIRST_SECONDS = 1.0
BACKOFF_LAST_SECONDS = 300.0


async def do(service: Service, key: str) -> None:
    """Do the unit `key` if it is due and nobody holds it."""
    seconds = service.settings.reasoning.lease_seconds
    held = await work.lease(service.database, key, seconds)
    if held is None:
        return
    try:
        await _kept(service, held)
    except asyncio.CancelledError:
        await asyncio.shield(_give_back(service, held))
        raise
    except LeaseLost as fault:
        _log.warning("%s: %s", key, fault.detail)
    except StoreFault as fault:
        _log.warning("%s: %s", key, fault.detail)
        await _give_back(service, held)
    except Exception as fault:
        if not isinstance(fault, ModelFault | StepFault):
            _log.exception("%s: failed", key)
        await _settle(service, held, fault)


def backoff(attempts: int, retry_after: float | None = None) -> float:
    """Seconds until the next attempt: doubling, capped, with jitter; at least what the endpoint asked for."""
    grown = min(BACKOFF_LAST_SECONDS, BACKOFF_FIRST_SECONDS * 2 ** min(attempts, 20))
    jittered = grown * random.uniform(0.5, 1.0)
    return max(jittered, retry_after or 0.0)


async def _kept(service: Service, held: Lease) -> None:
    """Run the step until nothing is pending, while the lease is renewed; ends at once when it is lost."""
    working = asyncio.ensure_future(_until_done(service, held))
    beating = asyncio.ensure_future(_beat(service, held))
    try:
        await asyncio.wait((working, beating), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
            beating.result()
        working.result()
    finally:
        working.cancel()
        beating.cancel()


async def _until_done(service: Service, held: Lease) -> None:
    step = STEPS[held.kind]
    while await step(service, held):
        held = await work.renew(service.database, held, service.settings.reasoning.lease_seconds)


async def _beat(service: Service, held: Lease) -> None:
    seconds = service.settings.reasoning.lease_seconds
    while True:
        await asyncio.sleep(seconds / 3)
        await work.renew(service.database, held, seconds)


async def _settle(service: Service, held: Lease, fault: Exception) -> None:
    """Record a failure: due again later, or a dead letter."""
    known = isinstance(fault, ModelFault | StepFault)
    reason = str(fault) if known else f"{type(fault).__name__}: see the worker's log"
    passing = isinstance(fault, StepWaits | ModelTransient) and not isinstance(fault, ModelGarbage)
    most = getattr(fault, "max_attempts", None) or service.settings.reasoning.max_attempts
    seconds = service.settings.reasoning.lease_seconds
    try:
        held = await work.renew(service.database, held, seconds)
        attempts = held.attempts + 1
        spent = not passing and attempts >= most
        if isinstance(fault, ModelPermanent | StepImpossible) or spent:
            _log.error("%s: given up at attempt %d: %s", held.key, attempts, reason)
            await work.bury(service.database, held, reason)
            return
        pause = backoff(held.attempts, getattr(fault, "retry_after", None))
        _log.warning("%s: attempt %d failed, again in %.0f s: %s", held.key, attempts, pause, reason)
        await work.defer(service.database, held, reason, pause)
    except (LeaseLost, StoreFault) as lost:
        _log.warning("%s: the failure is not recorded: %s", held.key, lost.detail)


async def _give_back(service: Service, held: Lease) -> None:
    try:
        await work.release(service.database, held)
    except StoreFault as fault:
        _log.warning("%s: the lease runs out by itself: %s", held.key, fault.detail)
