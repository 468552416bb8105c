"""A migrated database on the real engine, and stories to put into it."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import pytest

from app.engine.neo4j import Neo4jServer
from graph import schema
from graph.driver import Database, connect
from graph.ids import new_id
from graph.types import NewMessage
from tests.invariants import assert_left_sound
from tests.invariants import watching as watching

DIMENSIONS = 384


@pytest.fixture(scope="session")
async def database(neo4j_server: Neo4jServer) -> AsyncGenerator[Database]:
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    await schema.migrate(database)
    await schema.use_embedder(database, "minilm-l6-v2-int8", DIMENSIONS)
    yield database
    await database.close()


@pytest.fixture
async def workspace_id(request: pytest.FixtureRequest, watching: Database) -> AsyncGenerator[str]:
    """A workspace of the test's own, which it leaves sound, on a database that all tests share."""
    workspace_id = f"w-{new_id()}"
    yield workspace_id
    await assert_left_sound(request, watching, workspace_id)


def said(peer_id: str, content: str, created_at: datetime | None = None) -> NewMessage:
    return NewMessage(
        peer_id=peer_id, content=content, token_count=len(content.split()), metadata={}, created_at=created_at
    )


def vector(*leading: float) -> list[float]:
    """A unit vector that starts with these components."""
    rest = DIMENSIONS - len(leading)
    length = sum(component * component for component in leading) ** 0.5
    return [component / length for component in leading] + [0.0] * rest


NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
