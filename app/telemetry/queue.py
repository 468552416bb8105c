"""How much work waits, as gauges: read from the database when Prometheus asks, and kept for some seconds."""

import asyncio
import logging
import time
from collections.abc import Mapping

from app.metrics import KINDS, OTHER, Metrics
from graph.driver import Database
from graph.errors import StoreFault
from graph.store import backlog
from graph.store.backlog import Backlog

_log = logging.getLogger(__name__)

#: For how long what was read is good: several that scrape cost no more than one.
LIVE_SECONDS = 5.0
#: Dead letters are rare, and counting them looks at more.
DEAD_SECONDS = 60.0
#: A database that does not answer must not keep all other metrics from being read.
PATIENCE_SECONDS = 3.0

_NOTHING = Backlog(waiting=0, later=0, leased=0, pending=0, oldest_seconds=0.0, overdue_seconds=0.0)


class QueueGauges:
    """The gauges about the work that waits."""

    def __init__(self, metrics: Metrics, namespace: str) -> None:
        self._namespace = namespace
        self._units = metrics.gauge("doxa_queue_units", "Units of work, by kind and state.", ("kind", "state"))
        self._oldest = metrics.gauge(
            "doxa_queue_oldest_seconds", "Since when the oldest unit of a kind has something to do.", ("kind",)
        )
        self._overdue = metrics.gauge(
            "doxa_queue_overdue_seconds", "For how long a due unit of a kind has waited for a worker.", ("kind",)
        )
        self._embeddings = metrics.gauge(
            "message_embeddings_pending", "Messages of sessions whose embedding is not finished."
        )
        self._readable = metrics.gauge("doxa_queue_readable", "Whether the database said how much work waits.")
        self._readable.labels(namespace)
        self._live_at = self._dead_at = float("-inf")
        self._dead: Mapping[str, int] = {}
        self._reading = asyncio.Lock()

    async def refresh(self, database: Database) -> None:
        """Read anew what is too old; when the database does not answer, the gauges say only that."""
        async with self._reading:
            now = time.monotonic()
            if now - self._live_at < LIVE_SECONDS:
                return
            self._live_at = now
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    live = await backlog.live(database)
                    if now - self._dead_at >= DEAD_SECONDS:
                        self._dead = await backlog.dead(database)
                        self._dead_at = now
            except (StoreFault, TimeoutError) as fault:
                _log.warning("the queue cannot be read: %s", type(fault).__name__)
                self.unread()
                return
            self._show(live)

    def unread(self) -> None:
        """What was read no longer holds."""
        for gauge in (self._units, self._oldest, self._overdue, self._embeddings):
            gauge.clear()
        self._readable.labels(self._namespace).set(0)

    def _show(self, live: Mapping[str, Backlog]) -> None:
        self._readable.labels(self._namespace).set(1)
        self._embeddings.labels(self._namespace).set(live.get("embedding", _NOTHING).pending)
        # A kind of a newer Doxa has no name here.
        for kind in (*KINDS, OTHER):
            mine = [one for name, one in live.items() if _known(name) == kind]
            dead = sum(number for name, number in self._dead.items() if _known(name) == kind)
            states = {
                "waiting": sum(one.waiting for one in mine),
                "later": sum(one.later for one in mine),
                "leased": sum(one.leased for one in mine),
                "dead": dead,
            }
            for state, number in states.items():
                self._units.labels(self._namespace, kind, state).set(number)
            self._oldest.labels(self._namespace, kind).set(max((one.oldest_seconds for one in mine), default=0.0))
            self._overdue.labels(self._namespace, kind).set(max((one.overdue_seconds for one in mine), default=0.0))


def _known(kind: str) -> str:
    return kind if kind in KINDS else OTHER
