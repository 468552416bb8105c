"""Asking for dreams."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Generator
from subprocess import PIPE

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.settings import load
from tests.api.conftest import ROOT, Served, detail, problems, serve, wait_until_ready
from tests.api.stating import peers
from tests.invariants import assert_sound
from workers.service import Service, open_service
from workers.unit import do

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
    (problem,) = problems(await client.get(f"{base}/dreams/report", params={"observer": "ann", "dry_run": "perhaps"}))
    assert problem["loc"] == ["query", "dry_run"]
    detail(await client.get(f"{base}/dreams/report", params={"observer": "ann"}), 404)
    assert await _pending(client, base) == 0
    scoped = {**OMNI, "observer": "scope.work", "observed": "ann"}
    assert (await client.post(f"{base}/schedule_dream", json=scoped)).status_code == 204


async def test_dreams_can_be_switched_off(dreamless_client: httpx.AsyncClient, base: str) -> None:
    await peers(dreamless_client, base, "ann")

    asked = await dreamless_client.post(f"{base}/schedule_dream", json=OMNI)

    assert "DOXA_DREAM_ENABLED" in detail(asked, 400)


@pytest.fixture
async def dreamer(neo4j_server: Neo4jServer) -> AsyncGenerator[Service]:
    where = {"NEO4J_URI": neo4j_server.uri, "NEO4J_USERNAME": neo4j_server.user}
    service = await open_service(load({**where, "NEO4J_PASSWORD": neo4j_server.password}))
    yield service
    await service.close()


async def test_the_command_line_tells_what_a_dream_would_change_then_dreams_it(
    served: Served, client: httpx.AsyncClient, base: str, workspace: str, dreamer: Service
) -> None:
    await peers(client, base, "ann")
    for session in ("s1", "s2"):
        await client.post(f"{base}/sessions", json={"id": session})
        stated = {"content": "ann likes tea.", "observer_id": "ann", "observed_id": "ann", "session_id": session}
        await client.post(f"{base}/conclusions", json={"conclusions": [stated]})

    async def doxa(*words: str, unit: str) -> str:
        command = (sys.executable, "-P", "-m", "app.cli.main", "dream", workspace, "ann", *words, "--url", served.url)
        environment = {"PYTHONPATH": str(ROOT), "COLUMNS": "300"}
        begun = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE)
        talking = asyncio.ensure_future(begun.communicate())
        while not await do(dreamer, f"dream/{unit}/{workspace}/ann/ann"):
            assert not talking.done(), talking.result()
            await asyncio.sleep(0.1)
        out, err = await talking
        assert begun.returncode == 0, err.decode()
        return out.decode()

    told = await doxa("--dry-run", unit="dry_omni")
    assert "Would change (rules, 0 of 30000 tokens):" in told
    assert told.count("concluded    [inductive] ann likes tea.") == 1 and told.count("from ann likes tea. (") == 2
    listed = (await client.post(f"{base}/conclusions/list", json={})).json()
    assert {each["level"] for each in listed["items"]} == {"explicit"}
    done = json.loads(await doxa("--json", unit="omni"))
    (change,) = done["report"]["changes"]
    assert (change["kind"], change["level"], len(change["related"])) == ("concluded", "inductive", 2)
    known = (await client.get(f"{base}/dreams/report", params={"observer": "ann", "dream_type": "omni"})).json()
    assert known == done and known["state"] == "idle"
    await assert_sound(dreamer.database, workspace)
