"""Asking for dreams."""

from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from tests.api.conftest import Served, detail, problems, serve, wait_until_ready
from tests.api.stating import peers

OMNI = {"observer": "ann", "dream_type": "omni"}


@pytest.fixture(scope="module")
def dreamless(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Served]:
    folder = tmp_path_factory.mktemp("dreamless")
    where = {"NEO4J_URI": neo4j_server.uri, "NEO4J_USERNAME": neo4j_server.user, "REDIS_URL": redis_server.url}
    off = {"NEO4J_PASSWORD": neo4j_server.password, "DOXA_HOME": str(folder), "DOXA_DREAM_ENABLED": "false"}
    running = serve({**where, **off}, folder / "api.log")
    try:
        wait_until_ready(running)
        yield running
    finally:
        running.process.terminate()
        running.process.wait(30)


@pytest.fixture
async def dreamless_client(dreamless: Served) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=dreamless.url, timeout=60) as client:
        yield client


async def _pending(client: httpx.AsyncClient, base: str) -> int:
    return (await client.get(f"{base}/queue/status")).json()["pending_work_units"]


async def test_the_same_dream_is_asked_for_once_while_it_waits(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    await peers(client, base, "ann")
    other = f"/v3/workspaces/{workspace}-2"
    await peers(client, other, "ann")

    for body in (OMNI, OMNI, {**OMNI, "observed": "ann", "session_id": None, "rebuild": True}):
        asked = await client.post(f"{base}/schedule_dream", json=body)
        assert (asked.status_code, asked.text) == (204, "")
    assert await _pending(client, base) == 1
    for body in ({**OMNI, "dream_type": "card_refresh"}, {**OMNI, "observed": "bob"}, {**OMNI, "observer": "bob"}):
        assert (await client.post(f"{base}/schedule_dream", json=body)).status_code == 204

    status = (await client.get(f"{base}/queue/status")).json()
    assert (status["pending_work_units"], status["sessions"]) == (4, None)
    assert await _pending(client, other) == 0


async def test_a_dream_that_breaks_rules_is_refused(client: httpx.AsyncClient, base: str) -> None:
    detail(await client.post(f"{base}/schedule_dream", json=OMNI), 404)
    await peers(client, base, "ann")
    await client.post(f"{base}/scopes", json={"id": "work"})

    for observed in ("scope.work", "scope.never"):
        assert "scope." in detail(await client.post(f"{base}/schedule_dream", json={**OMNI, "observed": observed}))
    assert "scope." in detail(await client.post(f"{base}/schedule_dream", json={**OMNI, "observer": "scope.work"}))
    for wrong, place in (({"dream_type": "deep"}, "dream_type"), ({"observer": None}, "observer")):
        (problem,) = problems(await client.post(f"{base}/schedule_dream", json={**OMNI, **wrong}))
        assert problem["loc"] == ["body", place]
    assert problems(await client.post(f"{base}/schedule_dream", json={"observer": "ann"}))[0]["type"] == "missing"
    assert await _pending(client, base) == 0
    scoped = {**OMNI, "observer": "scope.work", "observed": "ann"}
    assert (await client.post(f"{base}/schedule_dream", json=scoped)).status_code == 204


async def test_dreams_can_be_switched_off(dreamless_client: httpx.AsyncClient, base: str) -> None:
    await peers(dreamless_client, base, "ann")

    asked = await dreamless_client.post(f"{base}/schedule_dream", json=OMNI)

    assert "DOXA_DREAM_ENABLED" in detail(asked, 400)
