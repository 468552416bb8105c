"""The worker's service in this process, on the real database, with the rules or a scripted model."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from app.engine.neo4j import Neo4jServer
from app.settings import load
from graph.driver import Database
from graph.ids import new_id
from graph.store import messages, work
from graph.store.messages import Deployment
from graph.types import Message, NewMessage
from tests.invariants import assert_left_sound
from tests.invariants import watching as watching
from tests.models.conftest import scripted as scripted
from workers.service import Service, open_service

#: Makes a service; keyword arguments are further variables of its environment.
Serve = Callable[..., Coroutine[None, None, Service]]


@pytest.fixture
async def serve(neo4j_server: Neo4jServer) -> AsyncGenerator[Serve]:
    async with AsyncExitStack() as stack:

        async def make(**environment: str) -> Service:
            where = {"NEO4J_URI": neo4j_server.uri, "NEO4J_USERNAME": neo4j_server.user}
            service = await open_service(load({**where, "NEO4J_PASSWORD": neo4j_server.password, **environment}))
            stack.push_async_callback(service.close)
            return service

        yield make


@pytest.fixture
async def workspace_id(request: pytest.FixtureRequest, watching: Database) -> AsyncGenerator[str]:
    """A workspace of the test's own, which it leaves sound."""
    workspace_id = f"w-{new_id()}"
    yield workspace_id
    await assert_left_sound(request, watching, workspace_id)


async def tell(
    service: Service, workspace_id: str, peer_id: str, *contents: str, session_id: str = "s"
) -> Sequence[Message]:
    """Let a peer say something in a session; its unit of work is due at once."""
    said = [NewMessage(peer_id=peer_id, content=content, token_count=10, metadata={}) for content in contents]
    appended = await messages.append(
        service.database,
        workspace_id=workspace_id,
        session_id=session_id,
        messages=said,
        deployment=Deployment(wait=timedelta(0)),
    )
    return appended.messages


def key_of(workspace_id: str, peer_id: str) -> str:
    return f"reasoning/{workspace_id}/s/{peer_id}"


async def undone(service: Service, workspace_id: str) -> int:
    """Messages that are not reasoned over, dead letters included; what is of no session does not count."""
    status = await work.status(service.database, workspace_id)
    return sum(counts.total - counts.completed for counts in status.sessions.values())
