"""The story, told once to each reasoner."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import pytest

from app.engine.neo4j import Neo4jServer
from app.settings import load
from graph.ids import new_id
from tests.models.scripted import ScriptedServer
from tests.story.reading import Story, read
from tests.story.telling import Told, gullible, tell
from workers.service import open_service


@pytest.fixture(scope="session")
def story() -> Story:
    return read()


@pytest.fixture(scope="session")
async def by_rules(neo4j_server: Neo4jServer, story: Story) -> AsyncGenerator[Told]:
    async with telling(neo4j_server, story, {}) as told:
        yield told


@pytest.fixture(scope="session")
async def by_model(neo4j_server: Neo4jServer, story: Story) -> AsyncGenerator[Told]:
    with ScriptedServer(gullible(story)) as model:
        async with telling(neo4j_server, story, {"OPENAI_BASE_URL": model.url, "DOXA_LLM_MODEL": "m"}) as told:
            yield told


@pytest.fixture
async def until_the_garage(neo4j_server: Neo4jServer, story: Story) -> AsyncGenerator[Told]:
    """The story up to where silas has told his lies, to do with as one likes; its rest is another's."""
    async with telling(neo4j_server, story.first(5), {}) as told:
        yield told


@asynccontextmanager
async def telling(server: Neo4jServer, story: Story, environment: Mapping[str, str]) -> AsyncGenerator[Told]:
    """Tell the story in a workspace of its own."""
    where = {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}
    service = await open_service(load({**where, **environment}))
    try:
        yield await tell(service, f"w-{new_id()}", story)
    finally:
        await service.close()
