"""Brings the database's schema to what this code needs, once, however many processes start together."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from cypher.migrations import migrations, schema_statement
from graph.driver import Database
from graph.errors import EmbeddingMismatch, SchemaTooNew, StoreFault, StoreUnavailable
from graph.ids import new_id
from graph.queries import migrations as queries
from graph.query import NoParameters

_log = logging.getLogger(__name__)

#: Whoever holds the lock renews it all the while, so that the lock of a process that was killed is soon free.
LOCK_SECONDS = 30.0
#: The vector indexes: over conclusions, and over what was said.
_VECTOR_INDEXES = ("embedding", "embedding_messages")
_POLL_SECONDS = 0.25


async def migrate(database: Database) -> list[int]:
    """Apply the migrations that are missing, under a lock; the versions applied by this call.

    Safe to call from any number of processes at once: one applies, the others wait for it. A migration that was
    interrupted is run again, so each must be idempotent.

    Raises:
        SchemaTooNew: the database holds a migration that this code does not know, or another text of one.
        StoreFault: the database did not do its part.
    """
    if not await _missing(database):
        return []
    for statement in migrations()[0].statements:
        await database.schema_statement(statement)
    async with _locked(database):
        applied: list[int] = []
        for version in await _missing(database):
            migration = migrations()[version]
            _log.info("applying migration %04d %s", migration.version, migration.name)
            for statement in migration.statements:
                await database.schema_statement(statement)
            await database.schema_statement(schema_statement("await"))
            now = datetime.now(UTC)
            record = queries.Record(
                version=migration.version, name=migration.name, checksum=migration.checksum, now=now
            )
            await database.write(lambda tx, record=record: tx.run(queries.RECORD, record))
            applied.append(version)
        return applied


async def check(database: Database) -> None:
    """Make sure that the database has all migrations and no others.

    Raises:
        SchemaTooNew: it holds one that this code does not know.
        StoreUnavailable: it lacks one; a process that migrates may be at it.
    """
    missing = await _missing(database)
    if missing:
        raise StoreUnavailable(f"the database lacks migration {missing[0]:04d}: run `doxa migrate`")


async def use_embedder(database: Database, model: str, dimensions: int) -> None:
    """Make the vector indexes for this embedder, or make sure that the stored vectors are its own.

    Args:
        database: a migrated database.
        model: identity of the embedder.
        dimensions: size of its vectors.

    Raises:
        EmbeddingMismatch: the stored vectors come from another embedder.
    """
    if await _same_embedder(database, model, dimensions):
        return
    async with _locked(database):
        if not await _same_embedder(database, model, dimensions):
            await _make_index(database, model, dimensions)


async def begin_replacing_embedder(database: Database, model: str) -> None:
    """Drop the vector indexes and refuse the stored vectors to every start, until `finish_replacing_embedder`.

    An interrupted replacement leaves the database refused, never with vectors of two embedders in use.
    """
    async with _locked(database):
        refused = queries.UnsetEmbedder(model=f"an unfinished `doxa reembed` to {model}")
        await database.write(lambda tx: tx.run(queries.UNSET_EMBEDDER, refused))
        for index in _VECTOR_INDEXES:
            await database.schema_statement(schema_statement(f"drop_{index}"))


async def finish_replacing_embedder(database: Database, model: str, dimensions: int) -> None:
    """Make the vector indexes anew and accept the stored vectors as this embedder's."""
    async with _locked(database):
        await _make_index(database, model, dimensions)


async def _make_index(database: Database, model: str, dimensions: int) -> None:
    options = {
        "indexConfig": {
            "vector.dimensions": dimensions,
            "vector.similarity_function": "cosine",
            # Measured: quantised search finds .76 to .89 of the true top 10 at the default of 3 and .999 at 10.
            "vector.default_search_expansion_factor": 10.0,
        }
    }
    for index in _VECTOR_INDEXES:
        await database.schema_statement(schema_statement(index), {"options": options})
    await database.schema_statement(schema_statement("await"))
    stored = queries.SetEmbedder(model=model, dimensions=dimensions, indexes=len(_VECTOR_INDEXES))
    await database.write(lambda tx: tx.run(queries.SET_EMBEDDER, stored))


async def _same_embedder(database: Database, model: str, dimensions: int) -> bool:
    stored = await database.maybe(queries.EMBEDDER, NoParameters())
    if stored is None or stored.model is None:
        return False
    if (stored.model, stored.dimensions) != (model, dimensions):
        raise EmbeddingMismatch(
            f"the stored vectors come from {stored.model} ({stored.dimensions} dimensions), the settings name {model} "
            f"({dimensions}): run `doxa reembed`, or set the embedder back"
        )
    # A database of before has an index less: the embedder is the same, and yet there is an index to make.
    return stored.indexes == len(_VECTOR_INDEXES)


async def _missing(database: Database) -> list[int]:
    applied = {row.version: row for row in await database.many(queries.APPLIED, NoParameters())}
    known = {migration.version: migration for migration in migrations()}
    for version, row in applied.items():
        if version not in known:
            raise SchemaTooNew(f"the database has migration {version:04d} {row.name}, which this Doxa does not know")
        if known[version].checksum != row.checksum:
            raise SchemaTooNew(f"the database has another text of migration {version:04d} {row.name}")
    return sorted(known.keys() - applied.keys())


@asynccontextmanager
async def _locked(database: Database) -> AsyncGenerator[None]:
    token = new_id()
    while not await _lock(database, token):
        await asyncio.sleep(_POLL_SECONDS)
    keeping = asyncio.create_task(_keep_locked(database, token))
    try:
        yield
    finally:
        keeping.cancel()
        await database.write(lambda tx: tx.run(queries.UNLOCK, queries.Unlock(token=token)))


async def _lock(database: Database, token: str) -> bool:
    now = datetime.now(UTC)
    asked = queries.Lock(token=token, now=now, until=now + timedelta(seconds=LOCK_SECONDS))
    return await database.maybe(queries.LOCK, asked) is not None


async def _keep_locked(database: Database, token: str) -> None:
    while True:
        await asyncio.sleep(LOCK_SECONDS / 6)
        try:
            await _lock(database, token)
        except StoreFault as fault:
            # What is done under the lock meets the same fault, and says so.
            _log.warning("the migration lock is not renewed: %s", fault.detail)
