"""What is counted, under which names, and that nobody can make it grow."""

import re
from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.ids import new_id
from tests.api.conftest import Served, serving


@pytest.fixture(scope="module")
def counting(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Served]:
    folder = tmp_path_factory.mktemp("counting")
    with serving(
        neo4j_server,
        redis_server,
        folder,
        DOXA_REDIS_NAMESPACE="counting",
        METRICS_ENABLED="true",
        AUTH_USE_AUTH="true",
        AUTH_JWT_SECRET="a secret of the tests, long enough for its hash",
    ) as running:
        yield running


@pytest.fixture(scope="module")
async def counted(counting: Served) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=counting.url, timeout=60) as client:
        yield client


async def samples(client: httpx.AsyncClient) -> dict[str, float]:
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


async def test_requests_are_counted_by_verb_route_and_status_not_by_path(counted: httpx.AsyncClient) -> None:
    before = await samples(counted)
    for _ in range(3):
        await counted.post(f"/v3/workspaces/{new_id()}/peers/list")
    for path in (f"/{new_id()}", f"/v3/{new_id()}", f"/v3/workspaces/{new_id()}/nothing/here"):
        assert (await counted.get(path)).status_code == 404
    await counted.request(f"X{new_id()[:5].strip('-_')}", "/health")

    after = await samples(counted)
    new = {name for name in after.keys() - before.keys() if name.startswith("api_requests_total")}
    listing = (
        'api_requests_total{endpoint="/v3/workspaces/{workspace_id}/peers/list",method="POST",'
        'namespace="counting",status_code="401"}'
    )
    assert after[listing] - before.get(listing, 0) == 3
    unknown = [name for name in new if 'endpoint="unknown"' in name]
    assert any('status_code="404"' in name for name in unknown)
    assert all(re.search(r'method="(GET|POST|other)"', name) for name in new)
    assert not any("X" in name for name in new)
    duration = 'api_request_duration_seconds_count{endpoint="/ready",method="GET",namespace="counting"}'
    assert after[duration] >= 1


async def test_messages_are_counted_from_nought(counted: httpx.AsyncClient) -> None:
    assert (await samples(counted))['messages_created_total{namespace="counting"}'] == 0


async def test_without_the_setting_there_is_nothing_to_read(client: httpx.AsyncClient) -> None:
    answer = await client.get("/metrics")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/plain")
    assert "METRICS_ENABLED" in answer.text
