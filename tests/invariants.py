"""What tests of all rooms end with: nothing in the graph breaks its rules.

The fixtures that name a workspace look at it when the test is over. What breaks a rule on purpose is marked `unsound`.
"""

from collections.abc import AsyncGenerator

import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database, connect
from graph.store.invariants import check


async def assert_sound(database: Database, workspace_id: str | None = None) -> None:
    """Fail with the names of what breaks a rule, in one workspace or in the whole database."""
    broken = {finding.rule: list(finding.ids) for finding in await check(database, workspace_id) if finding.ids}
    assert broken == {}, broken


async def assert_sound_at(server: Neo4jServer, workspace_id: str | None = None) -> None:
    """As `assert_sound`, for tests that hold no connection of their own."""
    database = connect(server.uri, server.user, server.password)
    try:
        await assert_sound(database, workspace_id)
    finally:
        await database.close()


@pytest.fixture(scope="session")
async def watching(neo4j_server: Neo4jServer) -> AsyncGenerator[Database]:
    """A connection that looks at what tests leave."""
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    yield database
    await database.close()


async def assert_left_sound(request: pytest.FixtureRequest, watching: Database, workspace_id: str) -> None:
    """As `assert_sound`, at the end of a test that is not marked `unsound`."""
    if request.node.get_closest_marker("unsound") is None:  # pyright: ignore[reportUnknownMemberType] -- pytest's own
        await assert_sound(watching, workspace_id)
