"""Wakes workers again for units that are due and that nobody holds: what Redis lost, the sweep finds."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from graph.errors import StoreFault
from graph.store import work
from workers.service import Service

_log = logging.getLogger(__name__)


class QueueAway(Exception):
    """Redis does not answer; nothing is lost, wake-ups are only late."""


class Queue(Protocol):
    """Where wake-ups go. Both verbs block, and raise `QueueAway` while Redis is away."""

    def room(self) -> int:
        """How many more wake-ups the queue should hold."""
        ...

    def send(self, keys: Sequence[str]) -> None:
        """Put wake-ups for these units into the queue."""
        ...


async def sweep_for_ever(service: Service, queue: Queue) -> None:
    """Look for due units every `sweep_seconds`."""
    while True:
        await asyncio.sleep(service.settings.reasoning.sweep_seconds)
        try:
            await sweep_once(service, queue)
        except StoreFault as fault:
            _log.warning("sweep: %s", fault.detail)
        except QueueAway as fault:
            _log.warning("sweep: Redis is away (%s)", fault)
        except Exception:
            # The sweep carries the promise that nothing waits for ever, so a defect must not end it silently.
            _log.exception("sweep: failed")


async def sweep_once(service: Service, queue: Queue) -> Sequence[str]:
    """Send wake-ups for units that are due, as many as the queue has room for; the keys sent."""
    places = await asyncio.to_thread(queue.room)
    if places <= 0:
        return ()
    keys = await work.due(service.database, places)
    if keys:
        await asyncio.to_thread(queue.send, keys)
    return keys
