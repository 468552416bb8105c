"""What a worker process holds open: the database, the embedder and the reasoner, on one event loop."""

import asyncio
import logging
from dataclasses import dataclass, field

from app.models.embedders import Embedder, embedder
from app.models.faults import ModelTransient
from app.settings import Settings
from graph import schema
from graph.driver import Database
from graph.errors import StoreUnavailable
from workers.reasoners import Reasoner, reasoner

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """The resources that actors and steps use.

    Attributes:
        embedding: held while messages are embedded, by few sessions at once: reasoning needs threads and embedder too.
    """

    settings: Settings
    database: Database
    embedder: Embedder
    reasoner: Reasoner
    embedding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def close(self) -> None:
        """Give everything back."""
        await self.reasoner.close()
        await self.embedder.close()
        await self.database.close()


async def open_service(settings: Settings) -> Service:
    """Open what a worker needs; waits for the database, and migrates it if nobody has.

    Raises:
        SchemaFault: the database and this code do not fit each other.
        ModelPermanent: the embedder or the language model cannot be used as it is set.
    """
    database = settings.database.connect()
    embeds = embedder(settings.embedding)
    thinks = reasoner(settings)
    service = Service(settings, database, embeds, thinks)
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
