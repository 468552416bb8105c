"""Callers that ask too often are told when to ask again; without Redis nobody is held up."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
import redis

from app import keys
from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.keys import Caller
from tests.api.conftest import Served, serving
from tests.api.forwarding import Forwarder

SECRET = "a secret of the tests, long enough for its hash"
NAMESPACE = "limited"
LIMITS = {"DOXA_RATE_LIMIT_PER_MINUTE": "30", "DOXA_RATE_LIMIT_BURST": "10", "DOXA_REDIS_NAMESPACE": NAMESPACE}
KEYS = {"AUTH_USE_AUTH": "true", "AUTH_JWT_SECRET": SECRET}


def bearer(workspace: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {keys.mint(SECRET, Caller(workspace_id=workspace))}"}


@pytest.fixture(scope="module")
def limited(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Served]:
    with serving(neo4j_server, redis_server, tmp_path_factory.mktemp("limited"), **LIMITS, **KEYS) as running:
        yield running


async def test_a_key_has_its_burst_and_then_its_rate_and_no_other_key_pays_for_it(
    limited: Served, workspace: str
) -> None:
    async with httpx.AsyncClient(base_url=limited.url, timeout=60) as client:
        path = f"/v3/workspaces/{workspace}/peers/list"
        headers = bearer(workspace)
        answers = await asyncio.gather(*(client.post(path, headers=headers) for _ in range(30)))

        counted = Counter(answer.status_code for answer in answers)
        # A request every two seconds is let through beside the burst.
        assert set(counted) == {200, 429}
        assert 10 <= counted[200] < 20
        refused = next(answer for answer in answers if answer.status_code == 429)
        wait = int(refused.headers["Retry-After"])
        assert 1 <= wait <= 2
        assert list(refused.json()) == ["detail"]

        other = f"{workspace}-2"
        assert (await client.post(f"/v3/workspaces/{other}/peers/list", headers=bearer(other))).status_code == 200
        assert (await client.post(path)).status_code == 401
        for free in ("/health", "/ready", "/openapi.json"):
            assert (await client.get(free)).status_code == 200
        await asyncio.sleep(wait + 0.5)
        assert (await client.post(path, headers=headers)).status_code == 200


async def test_no_key_is_kept_in_redis_and_what_is_kept_ends(
    limited: Served, redis_server: RedisServer, workspace: str
) -> None:
    headers = bearer(workspace)
    async with httpx.AsyncClient(base_url=limited.url, timeout=60) as client:
        await client.post(f"/v3/workspaces/{workspace}/peers/list", headers=headers)
    with redis.Redis.from_url(redis_server.url, decode_responses=True) as looking:
        names = [str(name) for name in looking.scan_iter(f"{NAMESPACE}:rate:*")]
        assert names
        for name in names:
            kept = f"{name} {looking.get(name)}"
            assert headers["Authorization"].rpartition(".")[2] not in kept
            assert workspace not in kept
            assert 0 < int(str(looking.pttl(name))) <= 21_000


async def test_without_redis_all_requests_pass_and_the_log_says_so_once(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path, workspace: str
) -> None:
    forwarder = Forwarder(redis_server.url)
    await forwarder.up()
    behind = RedisServer(forwarder.instead_of(redis_server.url))
    service = serving(neo4j_server, behind, tmp_path, **{**LIMITS, "DOXA_REDIS_NAMESPACE": "unlimited"})
    running = await asyncio.to_thread(service.__enter__)
    try:
        async with httpx.AsyncClient(base_url=running.url, timeout=60) as client:
            path = f"/v3/workspaces/{workspace}/peers/list"
            counted = Counter([(await client.post(path)).status_code for _ in range(20)])
            assert set(counted) == {200, 429}

            await forwarder.down()
            assert {(await client.post(path)).status_code for _ in range(30)} == {200}
            await forwarder.up()
            await asyncio.sleep(1.5)
            assert 429 in {(await client.post(path)).status_code for _ in range(30)}
    finally:
        await asyncio.to_thread(service.__exit__, None, None, None)
        await forwarder.down()
    assert running.log.read_text().count("nothing is limited until it does") == 1
