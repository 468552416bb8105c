"""Wakes the workers after a write, through Redis, without making the writer wait and without ever failing it.

A wake-up is a hint: the work itself is recorded in the database, and the workers' sweep finds what no wake-up named. So
when Redis is down, one line goes to the log and nothing else happens.
"""

# dramatiq and redis leave some of their signatures open.
# pyright: reportUnknownMemberType=false

import asyncio
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import redis
from dramatiq import Message
from dramatiq.brokers.redis import RedisBroker
from redis.asyncio import Redis

from app.settings import RedisSettings
from app.telemetry.process import Telemetry
from app.telemetry.tracing import Span
from graph.types import Wake

_log = logging.getLogger(__name__)

#: The workers' side of the agreement: the service knows them by these names alone.
QUEUE = "doxa"
ACTOR = "reason"

SOCKET_SECONDS = 2.0
QUICK_SECONDS = 0.5

#: Requests in whose traces one wake-up shows at most: any number of them may ask for it.
MOST_SPANS = 16


def enqueue(broker: RedisBroker, wakes: Iterable[Wake]) -> None:
    """Send wake-ups, each to arrive when its unit is due; blocks.

    Args:
        broker: where to.
        wakes: what is due, and when.

    Raises:
        redis.RedisError: Redis did not take one; those after it were not sent.
    """
    for wake in wakes:
        # Rounded up: a worker that comes a moment too soon finds nothing due.
        delay = math.ceil((wake.due_at - datetime.now(UTC)).total_seconds() * 1000)
        message = Message[object](queue_name=QUEUE, actor_name=ACTOR, args=(wake.key,), kwargs={}, options={})
        broker.enqueue(message, delay=delay if delay > 0 else None)


def connect(settings: RedisSettings) -> RedisBroker:
    """Make the broker that wake-ups go through; nothing is sent yet."""
    client: redis.Redis = redis.Redis.from_url(
        settings.url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS, health_check_interval=30
    )
    # Maintenance of the queues is the workers' task; with no middleware nothing of theirs runs here.
    broker = RedisBroker(client=client, namespace=settings.namespace, middleware=[], maintenance_chance=0)
    broker.declare_queue(QUEUE)
    return broker


def quick(settings: RedisSettings) -> Redis:
    """Make a client for what requests wait for, which gives up soon; it connects when it is used."""
    return Redis.from_url(
        settings.url, socket_timeout=QUICK_SECONDS, socket_connect_timeout=QUICK_SECONDS, health_check_interval=30
    )


class Waker:
    """Collects wake-ups and sends them in the background.

    While a unit's wake-up is on its way, later ones that are due no sooner are dropped: the worker that it wakes reads
    all that is pending by then.
    """

    def __init__(self, settings: RedisSettings, telemetry: Telemetry | None = None) -> None:
        self._broker = connect(settings)
        self._telemetry = telemetry
        self._spans: dict[str, list[Span]] = {}
        # Its own thread: a Redis that hangs must not take the threads that others wait for.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wake")
        self._waiting: dict[str, Wake] = {}
        self._announced: dict[str, datetime] = {}
        self._sender: asyncio.Task[None] | None = None
        self._answers = True

    def wake(self, wakes: Iterable[Wake]) -> None:
        """Send wake-ups soon; returns at once, and raises nothing: what was written is not to look as if it failed."""
        try:
            self._note(wakes)
        except Exception:
            _log.exception("wake-ups are lost; the sweep will find the work")

    async def close(self) -> None:
        """Send what waits, then let go of Redis."""
        if self._sender is not None:
            await self._sender
        self._thread.shutdown(wait=False)
        self._broker.client.close()

    def _note(self, wakes: Iterable[Wake]) -> None:
        for wake in wakes:
            self._trace(wake.key)
            known = self._waiting.get(wake.key)
            if known is None or wake.due_at < known.due_at:
                self._waiting[wake.key] = wake
        if self._waiting and (self._sender is None or self._sender.done()):
            self._sender = asyncio.create_task(self._send_all())

    async def _send_all(self) -> None:
        while self._waiting:
            batch = self._fresh(datetime.now(UTC))
            spans, self._spans = self._spans, {}
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, enqueue, self._broker, batch)
            except (redis.RedisError, OSError) as fault:
                if self._answers:
                    kind = type(fault).__name__
                    _log.warning("Redis does not take wake-ups (%s); the sweep will find the work", kind)
                self._answers = False
                self._tell(batch, spans, kind=type(fault).__name__)
            else:
                self._tell(batch, spans)
                if batch and not self._answers:
                    _log.info("Redis takes wake-ups again")
                self._answers = self._answers or bool(batch)
                self._announced.update((wake.key, wake.due_at) for wake in batch)

    def _trace(self, key: str) -> None:
        """Begin a span for a wake-up, as a part of the request that asks for it."""
        led = self._spans.setdefault(key, [])
        if self._telemetry is not None and len(led) < MOST_SPANS:
            about = {"doxa.work.kind": key.partition("/")[0], "doxa.work.key": key}
            led.append(self._telemetry.tracing.begin("wake-up", kind="producer", attributes=about))

    def _tell(self, batch: Sequence[Wake], spans: Mapping[str, Sequence[Span]], kind: str | None = None) -> None:
        """Count what was sent, or was not, and end the spans of what was asked for."""
        if self._telemetry is not None:
            self._telemetry.metrics.woke(len(batch), "sent" if kind is None else "failed")
        sent = {wake.key for wake in batch}
        for key, led in spans.items():
            for span in led:
                # Another wake-up for the unit is on its way already, and will find this request's work too.
                span.say({"doxa.wake_up.sent": kind is None and key in sent})
                if kind is not None and key in sent:
                    span.fail(kind)
                span.end()

    def _fresh(self, now: datetime) -> list[Wake]:
        waiting, self._waiting = self._waiting, {}
        self._announced = {key: due for key, due in self._announced.items() if due > now}
        return [wake for wake in waiting.values() if self._announced.get(wake.key, _NEVER) > wake.due_at]


_NEVER = datetime.max.replace(tzinfo=UTC)
