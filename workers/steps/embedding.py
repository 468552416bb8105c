"""Embedding what was said in one session, so that it is found by its meaning."""

import random

from app.models.passages import embed
from graph.store import passages, work
from graph.types import Lease
from workers.service import Service

#: Messages of one batch: some tenths of a second of the embedder, for which reasoning may have to wait.
BATCH = 16
#: For how long a session waits when others are being embedded. Were it to wait with its lease, sessions to be embedded
#: would take all threads from reasoning.
LATER_SECONDS = (1.0, 3.0)


async def embed_messages(service: Service, held: Lease) -> bool:
    """Embed the next messages of a held unit's session and store their vectors.

    Returns:
        whether more is pending.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
        ModelFault: the embedder failed; nothing was written.
        StoreFault: the database failed; nothing was written.
    """
    if service.embedding.locked():
        service.telemetry.metrics.embedding_put_off()
        await work.postpone(service.database, held, random.uniform(*LATER_SECONDS))
        return False
    seconds = service.settings.reasoning.lease_seconds
    async with service.embedding:
        spoken = await passages.missing(service.database, held, BATCH)
        if not spoken:
            return await work.finish(service.database, held, seconds)
        vectors = await embed(service.embedder, [said for said in spoken if not said.embedded])
        await passages.commit(service.database, held, spoken, vectors, seconds)
    return True
