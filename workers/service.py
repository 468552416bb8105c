"""What a worker process holds open: the database, the embedder, and what reasons, on one event loop."""

import asyncio
import logging
from dataclasses import dataclass, field

from app.models.embedders import Embedder, embedder
from app.models.faults import ModelTransient
from app.settings import Settings
from app.telemetry.embedding import ObservedEmbedder
from app.telemetry.process import Telemetry
from graph import schema
from graph.driver import Database
from graph.errors import StoreUnavailable
from workers.derivers import Deriver, deriver
from workers.reasoners import Reasoner, reasoner
from workers.summarisers import Summariser, summariser

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """The resources that actors and steps use.

    Attributes:
        deriver: derives from what is new.
        dreamer: derives where dreams look.
        telemetry: counts and traces what happens.
        embedding: held while messages are embedded, by few sessions at once: reasoning needs threads and embedder too.
        stopping: set when the worker is told to stop; what is begun then ends with its batch.
    """

    settings: Settings
    database: Database
    embedder: Embedder
    reasoner: Reasoner
    summariser: Summariser
    deriver: Deriver
    dreamer: Deriver
    telemetry: Telemetry
    embedding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def close(self) -> None:
        """Give everything back."""
        await self.reasoner.close()
        await self.summariser.close()
        await self.deriver.close()
        await self.dreamer.close()
        await self.embedder.close()
        await self.database.close()
        await asyncio.to_thread(self.telemetry.close)


async def open_service(settings: Settings, telemetry: Telemetry | None = None) -> Service:
    """Open what a worker needs; waits for the database, and migrates it if nobody has.

    Args:
        settings: what to open.
        telemetry: counts and traces what happens; one of its own by default.

    Raises:
        SchemaFault: the database and this code do not fit each other.
        ModelPermanent: the embedder or the language model cannot be used as it is set.
    """
    telemetry = telemetry or Telemetry(settings, "worker")
    database = settings.database.connect(telemetry.query_ran)
    embeds = ObservedEmbedder(embedder(settings.embedding), telemetry)
    thinks = reasoner(settings)
    service = Service(
        settings=settings,
        database=database,
        embedder=embeds,
        reasoner=thinks,
        summariser=summariser(settings),
        deriver=deriver(settings),
        dreamer=deriver(settings, "dream"),
        telemetry=telemetry,
    )
    try:
        # The models first: they load while the database is still starting.
        for part in (embeds, thinks):
            try:
                await part.prepare()
            except ModelTransient as fault:
                _log.warning("%s does not answer yet, its work waits: %s", part.model, fault)
        await _migrated(service)
    except BaseException:
        await service.close()
        raise
    _log.info("reasoning with %s, embedding with %s", thinks.model, embeds.model)
    return service


async def _migrated(service: Service) -> None:
    while True:
        try:
            await schema.migrate(service.database)
            await schema.use_embedder(service.database, service.embedder.model, service.embedder.dimensions)
            return
        except StoreUnavailable as fault:
            _log.warning("waiting for the database: %s", fault.detail)
            await asyncio.sleep(_RETRY_SECONDS)
