"""Embeds all stored conclusions and messages anew, when the embedder is changed."""

from collections.abc import Callable

from app.models.embedders import Embedder
from app.models.passages import embed
from graph import schema
from graph.driver import Database
from graph.store import embeddings, passages

PAGE = 256


async def reembed(database: Database, embedder: Embedder, progress: Callable[[int, int], None]) -> int:
    """Replace the vectors of all conclusions and of what was said, and the indexes over them.

    No other process may write meanwhile. If it is interrupted, every start is refused until it has been run again to
    its end.

    Args:
        database: a migrated database.
        embedder: makes the new vectors.
        progress: hears how many conclusions and messages are done, and of how many.

    Returns:
        how many conclusions and messages were embedded.

    Raises:
        ModelFault: the embedder failed.
        StoreFault: the database failed.
    """
    await schema.migrate(database)
    await embedder.prepare()
    total = await embeddings.count(database) + await passages.count(database)
    await schema.begin_replacing_embedder(database, embedder.model)
    done, after = 0, ""
    progress(done, total)
    while page := await embeddings.texts_after(database, after, PAGE):
        vectors = await embedder.passages([text.content for text in page])
        await embeddings.replace(database, page, vectors)
        done, after = done + len(page), page[-1].id
        progress(done, max(total, done))
    await passages.forget_retracted(database, PAGE)
    after = ""
    while spoken := await passages.texts_after(database, after, PAGE):
        await passages.replace(database, await embed(embedder, spoken))
        done, after = done + len(spoken), spoken[-1].id
        progress(done, max(total, done))
    await schema.finish_replacing_embedder(database, embedder.model, embedder.dimensions)
    return done
