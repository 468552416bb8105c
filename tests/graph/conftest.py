"""A migrated database on the real engine."""

from collections.abc import AsyncGenerator

import pytest

from graph import schema
from graph.driver import Database, connect


@pytest.fixture(scope="session")
async def database(neo4j_server) -> AsyncGenerator[Database]:
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    await schema.migrate(database)
    await schema.use_embedder(database, "test", 384)
    yield database
    await database.close()
