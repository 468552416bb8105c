"""What a worker process holds open: the database, the embedder and the reasoner, on one event loop."""

import asyncio
import logging
from dataclasses import dataclass

from app.models.embedders import Embedder, embedder
from app.models.faults import ModelFault, ModelTransient
from app.settings import Settings
from graph import schema
from graph.driver import Database
from graph.errors import StoreUnavailable
from workers.reasoners import Reasoner, reasoner

_log = logging.getLogger(__name__)

_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """The resources that actors and steps use."""

    settings: Settings
    database: Database
    embedder: Embedder
    reasoner: Reasoner

    async def close(self) -> None:
        """Give everything back."""
        await self.reasoner.close()
        await self.embedder.close()
        await self.database.close()


async def open_service(settings: Settings) -> Service:
    """Open what a worker needs; waits for the database, and migrates it if nobody has.

    Raises:
        SchemaFault: the database and this code do not fit each other.
        ModelFault: the embedder cannot be used.
    """
    database = settings.database.connect()
    embeds = embedder(settings.embedding)
    while True:
        try:
            await schema.migrate(database)
            await schema.use_embedder(database, embeds.model, embeds.dimensions)
            break
        except StoreUnavailable as fault:
            _log.warning("waiting for the database: %s", fault.detail)
            await asyncio.sleep(_RETRY_SECONDS)
    try:
        await embeds.prepare()
    except ModelTransient as fault:
        _log.warning("the embedder does not answer yet: %s", fault)
    except ModelFault:
        await database.close()
        raise
    thinks = reasoner(settings)
    await thinks.prepare()
    _log.info("reasoning with %s, embedding with %s", thinks.model, embeds.model)
    return Service(settings, database, embeds, thinks)
