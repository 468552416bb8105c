"""The Dramatiq broker on Redis, and the life of a worker process around it."""

# dramatiq and redis leave some of their signatures open.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import asyncio
import logging
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import dramatiq
import redis
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware, ShutdownNotifications

from app.models.faults import ModelFault
from app.settings import Settings
from graph.errors import DoxaError
from workers.service import Service, open_service
from workers.sweep import QueueAway, sweep_for_ever
from workers.unit import do

if TYPE_CHECKING:
    from concurrent.futures import Future

_log = logging.getLogger(__name__)

QUEUE = "doxa"
ACTOR = "reason"
#: A killed worker's wake-ups are redelivered after this; the default of a minute is longer than people wait.
HEARTBEAT_MILLISECONDS = 5_000
#: Wake-ups that may wait in the queue for each thread before the sweep holds back.
QUEUED_PER_THREAD = 4
#: Of a million: look for what dead workers left at every step, not now and then.
MAINTENANCE_ALWAYS = 1_000_000
START_FAILED = 3


class ServiceAtHand(Middleware):
    """Opens the service on the worker's event loop before the first job, sweeps meanwhile, closes it after the last.

    It stands after `AsyncIO` in the middleware, so that driver, embedder and actors share one event loop.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.service: Service | None = None
        self._sweeping: Future[None] | None = None

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Open the service; a start that cannot succeed ends the process: Dramatiq would swallow the exception."""
        try:
            self.service = _loop().run_coroutine(open_service(self.settings))
        except (DoxaError, ModelFault) as fault:
            _log.critical("the worker cannot start: %s", fault)
            os._exit(START_FAILED)
        wakes = Wakes(cast("RedisBroker", broker), QUEUED_PER_THREAD * self.settings.reasoning.threads)
        sweeping = sweep_for_ever(self.service, wakes)
        self._sweeping = asyncio.run_coroutine_threadsafe(sweeping, _loop().loop)

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Stop looking for more."""
        if self._sweeping is not None:
            self._sweeping.cancel()

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Close the service; `AsyncIO` stops the loop after this."""
        if self.service is not None:
            _loop().run_coroutine(self.service.close())


class Wakes:
    """The queue of wake-ups as the sweep sees it. Both verbs block."""

    def __init__(self, broker: RedisBroker, places: int) -> None:
        self._broker = broker
        self._places = places

    def room(self) -> int:
        """How many more wake-ups the queue should hold.

        Raises:
            QueueAway: Redis does not answer.
        """
        try:
            return self._places - int(self._broker.do_qsize(QUEUE))
        except redis.RedisError as fault:
            raise QueueAway(type(fault).__name__) from fault

    def send(self, keys: Sequence[str]) -> None:
        """Put wake-ups into the queue.

        Raises:
            QueueAway: Redis does not answer; some may have been sent.
        """
        try:
            for key in keys:
                self._broker.enqueue(wake_up(key))
        except redis.RedisError as fault:
            raise QueueAway(type(fault).__name__) from fault


def wake_up(key: str) -> dramatiq.Message[None]:
    """The message that wakes a worker for one unit of work."""
    return dramatiq.Message(queue_name=QUEUE, actor_name=ACTOR, args=(key,), kwargs={}, options={})


def make_broker(settings: Settings) -> RedisBroker:
    """The broker with its middleware and actors; no connection is made until it is used."""
    at_hand = ServiceAtHand(settings)
    broker = RedisBroker(
        url=settings.redis.url,
        namespace=settings.redis.namespace,
        heartbeat_timeout=HEARTBEAT_MILLISECONDS,
        maintenance_chance=MAINTENANCE_ALWAYS,
        middleware=[AsyncIO(), at_hand, ShutdownNotifications(notify_shutdown=True)],
    )

    async def reason(key: str) -> None:
        if at_hand.service is None:
            raise RuntimeError("the worker has no service: its start failed")
        await do(at_hand.service, key)

    # The library's overloads know no broker argument together with a coroutine; at run time it takes both.
    dramatiq.actor(reason, broker=broker, queue_name=QUEUE, actor_name=ACTOR)  # pyright: ignore[reportCallIssue]
    return broker


def _loop() -> EventLoopThread:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("the worker's event loop is not running")
    return thread
