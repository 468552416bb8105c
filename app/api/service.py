"""What handlers work with: the parts of the running service, opened in the background after the start."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from datetime import timedelta

from litestar.di import NamedDependency

from app.api.errors import NotReady
from app.api.rates import Rates
from app.api.readiness import Readiness
from app.chat.answerers import answerer
from app.models import tokens
from app.models.embedders import Embedder, embedder
from app.models.faults import ModelFault
from app.settings import Settings
from app.telemetry.embedding import ObservedEmbedder
from app.telemetry.process import Telemetry
from app.telemetry.queue import QueueGauges
from app.uploads.pdf import PdfReading
from app.wake import Waker, quick
from graph import schema
from graph.configuration import Reasoning
from graph.driver import Database
from graph.errors import SchemaFault, StoreFault
from graph.store.messages import Deployment

_log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 5.0


class Service:
    """The parts of a running service.

    Attributes:
        settings: what the environment said.
        deployment: the defaults below every configuration.
        waiting_for: one sentence while the service is not ready, None once it is.
        telemetry: counts and traces what happens.
        redis: a client for what requests wait for.
        readiness: whether the servers answer.
        rates: who has asked too often.
        metrics: what is counted.
        queue: how much work waits.
        waker: sends wake-ups to the workers.
        answerer: answers questions.
        pdf: reads PDF files.
        silent_webhooks: whether the log says already that nothing is sent to webhooks.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.deployment = Deployment(
            reasoning=Reasoning(enabled=settings.reasoning.enabled),
            wait=timedelta(seconds=settings.reasoning.wait_seconds),
            full_tokens=settings.reasoning.batch_tokens,
        )
        self.waiting_for: str | None = "the service is starting"
        self._reported: str | None = None
        self.telemetry = Telemetry(settings, "api")
        self.metrics = self.telemetry.metrics
        self.queue = QueueGauges(self.metrics, settings.redis.namespace)
        self.waker = Waker(settings.redis, self.telemetry)
        self.pdf = PdfReading()
        self.silent_webhooks = False
        self.answerer = answerer(settings)
        self._embedder = ObservedEmbedder(embedder(settings.embedding), self.telemetry)
        self._database = settings.database.connect(self.telemetry.query_ran)
        self.redis = quick(settings.redis)
        self.readiness = Readiness(self._database, self.redis)
        self.rates = Rates(self.redis, settings.redis.namespace, settings.rates)

    @property
    def database(self) -> Database:
        """The database, migrated.

        Raises:
            NotReady: it is not yet.
        """
        self._check()
        return self._database

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded, whose vectors the database holds.

        Raises:
            NotReady: it is not yet.
        """
        self._check()
        return self._embedder

    async def open(self) -> None:
        """Wait for the database, migrate it, load the models; try until it succeeds, and say what is in the way."""
        pause = RETRY_SECONDS
        while True:
            try:
                await self._open_parts()
            except (StoreFault, SchemaFault, ModelFault) as fault:
                self._report(str(fault))
            except Exception as fault:
                # A task that dies would leave the service waiting for ever with nobody told why.
                _log.exception("cannot start")
                self._report(f"cannot start: {type(fault).__name__}")
            else:
                self.waiting_for = None
                _log.info("ready")
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY_SECONDS)

    async def close(self) -> None:
        """Let go of everything."""
        await self.waker.close()
        await self.redis.aclose()
        await self.answerer.close()
        await self._embedder.close()
        await self._database.close()
        await asyncio.to_thread(self.telemetry.close)

    async def counted(self) -> bytes:
        """All that is counted, in the text format of Prometheus; what the database has to say is read first."""
        if self.waiting_for is None:
            await self.queue.refresh(self._database)
        else:
            self.queue.unread()
        self.metrics.connections(self._database.busy)
        return self.metrics.text()

    async def _open_parts(self) -> None:
        self.waiting_for = "the models are being loaded"
        await asyncio.to_thread(tokens.load)
        await self._embedder.prepare()
        self.waiting_for = "the database is being prepared"
        await schema.migrate(self._database)
        await schema.use_embedder(self._database, self._embedder.model, self._embedder.dimensions)

    def _check(self) -> None:
        if self.waiting_for is not None:
            raise NotReady(self.waiting_for)

    def _report(self, obstacle: str) -> None:
        if obstacle != self._reported:
            _log.warning("not ready: %s", obstacle)
        self._reported = self.waiting_for = obstacle


@contextlib.asynccontextmanager
async def running(service: Service) -> AsyncGenerator[None]:
    """Open the service in the background for as long as the block runs, then close it."""
    opening = asyncio.create_task(service.open())
    try:
        yield
    finally:
        opening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await opening
        await service.close()


#: How a handler asks for the service: `service: ServiceDependency`.
ServiceDependency = NamedDependency[Service]
