"""It does not matter what starts first: each process waits for what it needs, says so, and works when it is there."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.ids import new_id
from tests.api.conftest import ROOT, serve
from tests.api.forwarding import Forwarder
from tests.live import without_services

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]


@pytest.mark.parametrize("order", [("neo4j", "redis"), ("redis", "neo4j")], ids=lambda names: f"{names[0]} before")
async def test_api_and_workers_that_started_before_their_servers_work_once_they_are_there(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path, order: tuple[str, str]
) -> None:
    doors = {"neo4j": Forwarder(neo4j_server.uri), "redis": Forwarder(redis_server.url)}
    for door in doors.values():
        await door.up()
        await door.down()
    environment = {
        "NEO4J_URI": f"bolt://127.0.0.1:{doors['neo4j'].port}",
        "NEO4J_USERNAME": neo4j_server.user,
        "NEO4J_PASSWORD": neo4j_server.password,
        "REDIS_URL": redis_server.url.replace(port_of(redis_server.url), str(doors["redis"].port)),
        "DOXA_REDIS_NAMESPACE": new_id(),
        "DOXA_NEO4J_RETRY_SECONDS": "1",
        "DOXA_HOME": str(tmp_path),
    }
    log = tmp_path / "workers.log"
    served, workers = serve(environment, tmp_path / "api.log"), start_workers(environment, log)
    workspace = f"/v3/workspaces/w-{new_id()}"
    said = {"messages": [{"peer_id": "ana", "content": "I live in Porto."}]}
    try:
        async with httpx.AsyncClient(base_url=served.url, timeout=60) as http:
            await until(lambda: says(http, 503, "the database is not available"))
            await until(lambda: logged(log, "waiting for the database"))
            refused = await http.post(f"{workspace}/sessions/s/messages", json=said)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
            for name in order:
                await doors[name].up()
                await asyncio.sleep(2)
                assert (served.process.poll(), workers.poll()) == (None, None), "nobody ends because one is away"
            await until(lambda: says(http, 200, "ready"))
            (await http.post(f"{workspace}/sessions/s/messages", json=said)).raise_for_status()
            await until(lambda: concluded(http, workspace))
    finally:
        for process in (served.process, workers):
            process.terminate()
        for process in (served.process, workers):
            process.wait(60)
        for door in doors.values():
            await door.down()
        print((tmp_path / "api.log").read_text()[-4000:], log.read_text()[-4000:], sep="\n")


async def until(check: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; the limit only ends a test that would never end."""
    async with asyncio.timeout(120):
        while not await check():
            await asyncio.sleep(0.1)


def start_workers(environment: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = (sys.executable, "-P", "-m", "dramatiq", "--processes", "1", "--threads", "2", "workers.main:set_up")
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**without_services(os.environ), "PYTHONPATH": str(ROOT), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def port_of(url: str) -> str:
    return url.rsplit(":", 1)[1].split("/")[0]


async def says(http: httpx.AsyncClient, status: int, words: str) -> bool:
    try:
        answer = await http.get("/ready")
    except httpx.TransportError:
        return False
    return answer.status_code == status and words in answer.text


async def logged(log: Path, words: str) -> bool:
    return words in log.read_text()


async def concluded(http: httpx.AsyncClient, workspace: str) -> bool:
    answer = await http.post(f"{workspace}/conclusions/list", json={})
    return answer.raise_for_status().json()["total"] > 0
