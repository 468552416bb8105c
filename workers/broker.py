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
#: What the log says once work is done here; who starts workers waits for it.
READY = "ready to reason"


class ServiceAtHand(Middleware):
    """Opens the service on the worker's event loop, sweeps while it works, closes it after the last job.

    It stands after `AsyncIO` in the middleware, so that driver, embedder and actors share one event loop. The service
    opens in the background: while a hook waits, Dramatiq does not listen to signals.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._opening: Future[Service] | None = None
        self._sweeping: asyncio.Task[None] | None = None

    async def service(self) -> Service:
        """The service, once it is open.

        Raises:
            asyncio.CancelledError: the worker ends before that.
        """
        if self._opening is None:
            raise RuntimeError("the worker has not booted")
        return await asyncio.shield(asyncio.wrap_future(self._opening))

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Begin to open the service."""
        self._opening = asyncio.run_coroutine_threadsafe(self._open(cast("RedisBroker", broker)), _loop().loop)

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Stop opening, or looking for more."""
        if self._opening is not None:
            self._opening.cancel()
        if self._sweeping is not None:
            _loop().loop.call_soon_threadsafe(self._sweeping.cancel)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Close the service; `AsyncIO` stops the loop after this."""
        if self._opening is not None and self._opening.done() and not self._opening.cancelled():
            _loop().run_coroutine(self._opening.result().close())

    async def _open(self, broker: RedisBroker) -> Service:
        try:
            service = await open_service(self.settings)
        except (DoxaError, ModelFault) as fault:
            _log.critical("the worker cannot start: %s", fault)
            os._exit(START_FAILED)
        except Exception:
            # A worker without a service would take jobs and do none; its master starts it again, or gives up.
            _log.critical("the worker cannot start", exc_info=True)
            os._exit(START_FAILED)
        wakes = Wakes(broker, QUEUED_PER_THREAD * self.settings.reasoning.threads)
        self._sweeping = asyncio.create_task(sweep_for_ever(service, wakes))
        _log.info(READY)
        return service


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
        await do(await at_hand.service(), key)

    # The library's overloads know no broker argument together with a coroutine; at run time it takes both.
    dramatiq.actor(reason, broker=broker, queue_name=QUEUE, actor_name=ACTOR)  # pyright: ignore[reportCallIssue]
    return broker


def _loop() -> EventLoopThread:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("the worker's event loop is not running")
    return thread
