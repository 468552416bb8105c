"""The service as a process of its own, over real HTTP, on a real Neo4j and a real Redis."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import msgspec
import pytest
from msgspec import Struct

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.driver import Database
from graph.ids import new_id
from graph.query import Predicate
from graph.store import conclusions
from graph.types import PageRequest
from tests.invariants import assert_left_sound
from tests.invariants import watching as watching

ROOT = Path(__file__).parents[2]
START_SECONDS = 120


class Served(Struct, frozen=True):
    """A service that runs.

    Attributes:
        log: where its output goes.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture(scope="session")
def served(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Served]:
    with serving(neo4j_server, redis_server, tmp_path_factory.mktemp("api")) as running:
        yield running


@pytest.fixture(scope="session")
async def client(served: Served) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served.url, timeout=60, limits=httpx.Limits(max_connections=40)) as client:
        yield client


@pytest.fixture
async def workspace(request: pytest.FixtureRequest, watching: Database) -> AsyncGenerator[str]:
    """A name that no other test uses, of a workspace that is left sound."""
    workspace = f"w-{new_id()}"
    yield workspace
    # Most tests conclude nothing, and one query less than all is enough to see it.
    if (await conclusions.page(watching, workspace, Predicate(), PageRequest(size=1))).total:
        await assert_left_sound(request, watching, workspace)


@pytest.fixture
def base(workspace: str) -> str:
    """The path of a workspace that nobody has made yet."""
    return f"/v3/workspaces/{workspace}"


@contextmanager
def serving(neo4j: Neo4jServer, redis: RedisServer, folder: Path, **more: str) -> Generator[Served]:
    """A service on these servers with further variables of its environment, for as long as the block runs."""
    environment = {
        "NEO4J_URI": neo4j.uri,
        "NEO4J_USERNAME": neo4j.user,
        "NEO4J_PASSWORD": neo4j.password,
        "REDIS_URL": redis.url,
        "DOXA_HOME": str(folder),
        **more,
    }
    running = serve(environment, folder / "api.log")
    try:
        wait_until_ready(running)
        yield running
    finally:
        running.process.terminate()
        running.process.wait(30)


def serve(environment: dict[str, str], log: Path) -> Served:
    """Start the service with granian on a free port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-P", "-m", "granian", "--interface", "asgi", "--port", str(port), "--factory"]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DOXA_", "NEO4J_", "OPENAI_"))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "app.asgi:create_app_from_environment"],
            cwd=ROOT,
            env={**inherited, "PYTHONPATH": str(ROOT), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    return Served(f"http://127.0.0.1:{port}", process, log)


def wait_until_ready(served: Served) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            if httpx.get(f"{served.url}/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"the service did not start:\n{served.log.read_text()}")


def detail(response: httpx.Response, status: int = 422) -> str:
    """The sentence of a failed request."""
    assert response.status_code == status, response.text
    body = response.json()
    assert list(body) == ["detail"]
    assert isinstance(body["detail"], str)
    return body["detail"]


def problems(response: httpx.Response) -> list[dict[str, object]]:
    """The list of problems of a request that breaks rules."""
    assert response.status_code == 422, response.text
    return msgspec.convert(response.json()["detail"], list[dict[str, object]])


def deep(levels: int) -> dict[str, object]:
    """An object with so many levels of objects, itself among them."""
    value: dict[str, object] = {}
    for _ in range(levels - 1):
        value = {"k": value}
    return value
