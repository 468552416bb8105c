"""The Dramatiq broker on Redis, and the life of a worker process around it."""

# dramatiq and redis leave some of their signatures open.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import asyncio
import logging
import os
import threading
from typing import TYPE_CHECKING

import dramatiq
from dramatiq.asyncio import EventLoopThread, get_event_loop_thread
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AsyncIO, Middleware

from app.models.faults import ModelFault
from app.settings import Settings
from app.telemetry.process import Telemetry
from app.wake import Waker
from graph.errors import DoxaError
from workers.crew import Crew
from workers.observing import Observing
from workers.redis_broker import SteadyRedisBroker, client
from workers.service import Service, open_service
from workers.sweep import sweep_for_ever

if TYPE_CHECKING:
    import concurrent.futures

_log = logging.getLogger(__name__)

QUEUE = "doxa"
ACTOR = "reason"
#: A killed worker's wake-ups are redelivered after this; the default of a minute is longer than people wait.
HEARTBEAT_MILLISECONDS = 5_000
#: Of a million: look for what dead workers left at every step, not now and then.
MAINTENANCE_ALWAYS = 1_000_000
START_FAILED = 3
#: How long a worker may take to stop beyond `drain_seconds`: to give back, to close, to let Redis know.
STOP_SECONDS = 15.0
#: How long Dramatiq may take to end its threads once all work is given back; one that waits for Redis would not.
_THREADS_SECONDS = 5.0
#: What the log says once work is done here; who starts workers waits for it.
READY = "ready to reason"


class ServiceAtHand(Middleware):
    """Opens the service on the worker's event loop, sweeps while it works, and closes it when it is told to stop.

    It stands after `AsyncIO` in the middleware, so that driver, embedder and actors share one event loop. The service
    opens in the background: while a hook waits, Dramatiq does not listen to signals.
    """

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.settings = settings
        self._telemetry = telemetry
        self._opening: concurrent.futures.Future[Crew] | None = None
        self._stopping: concurrent.futures.Future[None] | None = None
        self._service: Service | None = None
        self._sweeping: asyncio.Task[None] | None = None

    async def crew(self) -> Crew | None:
        """The crew, once the service is open; None if the worker ends before that."""
        if self._opening is None:
            raise RuntimeError("the worker has not booted")
        await asyncio.wait((asyncio.wrap_future(self._opening),))
        return None if self._opening.cancelled() else self._opening.result()

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Begin to open the service."""
        self._opening = asyncio.run_coroutine_threadsafe(self._open(), _loop().loop)

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Stop opening, or begin to stop working; Dramatiq waits for the threads meanwhile."""
        _exit_after(self.settings.reasoning.drain_seconds + STOP_SECONDS)
        self._stopping = asyncio.run_coroutine_threadsafe(self._stop(), _loop().loop)

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Wait until all is given back; `AsyncIO` stops the loop after this."""
        if self._stopping is not None:
            self._stopping.result()

    async def _open(self) -> Crew:
        try:
            self._service = service = await open_service(self.settings, self._telemetry)
        except (DoxaError, ModelFault) as fault:
            _log.critical("the worker cannot start: %s", fault)
            os._exit(START_FAILED)
        except Exception:
            # A worker without a service would take jobs and do none; its master starts it again, or gives up.
            _log.critical("the worker cannot start", exc_info=True)
            os._exit(START_FAILED)
        crew = Crew(service, self.settings.reasoning.threads, Waker(self.settings.redis, self._telemetry))
        self._sweeping = asyncio.create_task(sweep_for_ever(service, crew))
        _log.info(READY)
        return crew

    async def _stop(self) -> None:
        try:
            if self._opening is not None and self._opening.done() and not self._opening.cancelled():
                if self._sweeping is not None:
                    self._sweeping.cancel()
                await self._opening.result().stop(self.settings.reasoning.drain_seconds)
            elif self._opening is not None:
                self._opening.cancel()
            if self._service is not None:
                await self._service.close()
            _log.info("all work is given back")
        except Exception:
            # Nothing is lost, since leases run out; but the process must end.
            _log.exception("the worker does not stop in order")
        _exit_after(_THREADS_SECONDS)


def make_broker(settings: Settings) -> RedisBroker:
    """The broker with its middleware and actors; no connection is made until it is used."""
    telemetry = Telemetry(settings, "worker")
    at_hand = ServiceAtHand(settings, telemetry)
    broker = SteadyRedisBroker(
        client=client(settings.redis),
        namespace=settings.redis.namespace,
        heartbeat_timeout=HEARTBEAT_MILLISECONDS,
        maintenance_chance=MAINTENANCE_ALWAYS,
        middleware=[Observing(settings, telemetry), AsyncIO(), at_hand],
    )

    async def reason(key: str) -> None:
        crew = await at_hand.crew()
        if crew is not None:
            await crew.help()

    # The library's overloads know no broker argument together with a coroutine; at run time it takes both.
    dramatiq.actor(reason, broker=broker, queue_name=QUEUE, actor_name=ACTOR)  # pyright: ignore[reportCallIssue]
    return broker


def _exit_after(seconds: float) -> None:
    """End the process after some seconds if it has not ended by then."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()


def _loop() -> EventLoopThread:
    thread = get_event_loop_thread()
    if thread is None:
        raise RuntimeError("the worker's event loop is not running")
    return thread
