"""The service without its database, without Redis, and when they come back."""

import asyncio
from pathlib import Path

import httpx

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.ids import new_id
from tests.api.conftest import START_SECONDS, serve
from tests.api.forwarding import Forwarder


async def until_ready(client: httpx.AsyncClient, status: int, waiting_for: str = "") -> httpx.Response:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                answer = await client.get("/ready")
                if answer.status_code == status and waiting_for in answer.text:
                    return answer
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def test_the_service_starts_without_its_servers_and_works_once_the_database_comes_and_goes(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path
) -> None:
    database, nothing = Forwarder(neo4j_server.uri), Forwarder(redis_server.url)
    for forwarder in (database, nothing):
        await forwarder.up()
        await forwarder.down()
    served = serve(
        {
            "NEO4J_URI": f"bolt://127.0.0.1:{database.port}",
            "NEO4J_USERNAME": neo4j_server.user,
            "NEO4J_PASSWORD": neo4j_server.password,
            "DOXA_NEO4J_RETRY_SECONDS": "1",
            "DOXA_NEO4J_ACQUIRE_SECONDS": "2",
            "REDIS_URL": nothing.instead_of(redis_server.url),
            "DOXA_HOME": str(tmp_path),
        },
        tmp_path / "api.log",
    )
    path = f"/v3/workspaces/w-{new_id()}/sessions/s/messages"
    body = {"messages": [{"peer_id": "ana", "content": "Hello."}]}
    try:
        async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
            waiting = await until_ready(client, 503, "the database is not available")
            assert (waiting.json()["status"], waiting.headers["Retry-After"]) == ("waiting", "1")
            alive = await client.get("/health")
            assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
            early = await client.post(path, json=body)
            assert early.status_code == 503
            assert early.headers["Retry-After"] == "1"
            assert list(early.json()) == ["detail"]

            await database.up()
            degraded = await until_ready(client, 200)
            assert degraded.json()["status"] == "degraded"
            assert "Redis" in degraded.json()["detail"]
            assert (await client.post(path, json=body)).status_code == 201
            assert (await client.post(path, json=body)).status_code == 201

            await database.down()
            lost = await client.post(path, json=body)
            assert (lost.status_code, lost.headers["Retry-After"]) == (503, "1")
            assert (await client.get("/health")).status_code == 200
            await until_ready(client, 503, "the database is not available")

            await database.up()
            await nothing.up()
            await until_ready(client, 200, "ready")
            assert (await client.post(path, json=body)).status_code == 201
            assert (await client.post(f"{path}/list")).json()["total"] == 3
    finally:
        served.process.terminate()
        served.process.wait(30)
        await database.down()
        await nothing.down()
    log = served.log.read_text()
    assert "not ready" in log
    assert log.count("Redis does not take wake-ups") == 1
    assert neo4j_server.password not in log
    assert "Traceback" not in log
