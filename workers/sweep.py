"""Looks for units that are due and that nobody was woken for: what Redis lost, or never got, the sweep finds.

It asks the database and puts this process to work, so it needs no Redis, and each worker process does it for itself:
when one dies, the others go on.
"""

import asyncio
import logging
import random

from graph.errors import StoreFault
from graph.store import dream_timer, idempotency
from workers.crew import Crew
from workers.service import Service

_log = logging.getLogger(__name__)


async def sweep_for_ever(service: Service, crew: Crew) -> None:
    """Ask for dreams whose time has come and look for due units, now, and again about every `sweep_seconds`.

    Some of what has expired is removed as well.
    """
    seconds = service.settings.reasoning.sweep_seconds
    while True:
        try:
            if service.settings.dream.enabled:
                # First: what it asks for is due at once.
                await dream_timer.ring(service.database)
            await crew.muster()
            await idempotency.forget_expired(service.database)
        except StoreFault as fault:
            _log.warning("sweep: %s", fault.detail)
        except Exception:
            # The sweep carries the promise that nothing waits for ever, so a defect must not end it silently.
            _log.exception("sweep: failed")
        # Several workers that started together look at different moments, so that what is due waits less.
        await asyncio.sleep(seconds * random.uniform(0.75, 1.25))
