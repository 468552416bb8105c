"""Looking after units of work over HTTP and with `doxa work`."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from subprocess import PIPE

import httpx
import pytest

from app.api.work_units import unit_id
from app.engine.neo4j import Neo4jServer
from graph.driver import Database, Transaction, connect
from graph.errors import LeaseLost
from graph.store import queue, work
from graph.types import Unit
from tests.api.conftest import ROOT, Served, detail, problems

SECRET = "the words of ana"


@pytest.fixture
async def database(neo4j_server: Neo4jServer) -> AsyncGenerator[Database]:
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    yield database
    await database.close()


async def _say(client: httpx.AsyncClient, base: str, session: str = "s") -> None:
    said = {"messages": [{"peer_id": "ana", "content": SECRET}]}
    sent = await client.post(f"{base}/sessions/{session}/messages", json=said)
    assert sent.status_code == 201


async def _bury(database: Database, key: str, reason: str) -> None:
    at_once = "MATCH (w:Work {key: $key}) SET w.due_at = datetime('2020-01-01T00:00:00Z')"
    await database.schema_statement(at_once, {"key": key})
    held = await work.lease(database, key, 60)
    assert held is not None
    await work.bury(database, held, reason)


async def test_a_dead_letter_is_listed_with_its_reason_replayed_and_dropped(
    client: httpx.AsyncClient, base: str, workspace: str, database: Database
) -> None:
    await _say(client, base)
    key = f"reasoning/{workspace}/s/ana"
    await _bury(database, key, "no such model")
    units, one = f"{base}/queue/units", f"{base}/queue/units/{unit_id(key)}"

    status = (await client.get(f"{base}/queue/status")).json()
    assert (status["pending_work_units"], status["failed_work_units"]) == (0, 1)
    assert [(unit["key"], unit["state"], unit["last_error"]) for unit in status["unwell"]] == [
        (key, "dead", "no such model")
    ]
    listed = (await client.get(units)).json()
    assert [(unit["kind"], unit["state"]) for unit in listed["items"]] == [
        ("reasoning", "dead"),
        ("embedding", "waiting"),
    ]
    assert (await client.get(units, params={"state": "waiting", "kind": "reasoning"})).json()["total"] == 0
    shown = (await client.get(one)).json()
    assert (shown["attempts"], shown["pending"], shown["peer_id"], shown["due_at"]) == (1, 1, "ana", None)
    assert shown["age_seconds"] >= 0
    assert SECRET not in json.dumps([status, listed, shown])
    assert "token" not in json.dumps([status, listed, shown])

    for _ in range(2):
        replayed = (await client.post(f"{one}/replay")).json()
        assert (replayed["state"], replayed["attempts"]) == ("waiting", 0)
    await _bury(database, key, "no such model")
    assert (await client.post(f"{base}/queue/replay", params={"kind": "webhook"})).json() == {"units": 0}
    assert (await client.post(f"{base}/queue/replay")).json() == {"units": 1}

    dropped = (await client.post(f"{one}/drop", json={"reason": "asked for by ana"})).json()
    assert (dropped["state"], dropped["pending"], dropped["dropped"]) == ("dropped", 0, 1)
    assert dropped["drop_reason"] == "asked for by ana"
    assert dropped["dropped_at"]
    status = (await client.get(f"{base}/queue/status")).json()
    assert (status["pending_work_units"], status["completed_work_units"], status["unwell"]) == (0, 0, [])
    assert [unit["key"] for unit in (await client.get(units, params={"state": "dropped"})).json()["items"]] == [key]
    await _say(client, base)
    again = (await client.get(one)).json()
    assert (again["state"], again["pending"], again["dropped"]) == ("waiting", 1, 1)


async def test_what_was_dropped_while_it_was_held_is_not_done(
    client: httpx.AsyncClient, base: str, workspace: str, database: Database
) -> None:
    await _say(client, base)
    key = f"reasoning/{workspace}/s/ana"
    await client.post(f"{base}/queue/flush")
    held = await work.lease(database, key, 60)
    assert held is not None
    assert (await client.get(f"{base}/queue/units/{unit_id(key)}")).json()["state"] == "leased"
    assert (await client.post(f"{base}/queue/units/{unit_id(key)}/replay")).json()["state"] == "leased"

    await client.post(f"{base}/queue/units/{unit_id(key)}/drop", json={"reason": "x"})

    with pytest.raises(LeaseLost):
        await work.renew(database, held, 60)


async def test_a_flush_hurries_what_waits_for_company_and_nothing_that_failed(
    served: Served, client: httpx.AsyncClient, base: str, workspace: str, database: Database
) -> None:
    for session in ("s", "t"):
        await _say(client, base, session)
    later = "MATCH (w:Work {workspace_id: $id}) SET w.due_at = datetime() + duration({hours: 1})"
    await database.schema_statement(later, {"id": workspace})
    failed = f"reasoning/{workspace}/t/ana"
    await database.schema_statement("MATCH (w:Work {key: $key}) SET w.attempts = 3", {"key": failed})

    async def waiting() -> set[str]:
        due = set(await work.due(database, 100_000))
        items = (await client.get(f"{base}/queue/units")).json()["items"]
        return {unit["key"].replace(workspace, "w") for unit in items if unit["key"] not in due}

    assert len(await waiting()) == 4
    assert (await client.post(f"{base}/queue/flush", params={"session_id": "s"})).json() == {"units": 2}
    assert await waiting() == {"embedding/w/t", "reasoning/w/t/ana"}
    assert (await client.post(f"{base}/queue/flush")).json() == {"units": 1}
    assert await waiting() == {"reasoning/w/t/ana"}
    (unwell,) = (await client.get(f"{base}/queue/status")).json()["unwell"]
    assert unwell["key"] == failed


async def test_units_of_another_workspace_and_names_of_none_are_not_found(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    await _say(client, base)
    foreign = f"/v3/workspaces/{workspace}-2/queue/units/{unit_id(f'reasoning/{workspace}/s/ana')}"
    for path in (foreign, f"{base}/queue/units/none", f"{base}/queue/units/%FF", f"{base}/queue/units/{unit_id('x')}"):
        detail(await client.get(path), 404)
        detail(await client.post(f"{path}/replay"), 404)
        detail(await client.post(f"{path}/drop", json={"reason": "x"}), 404)
    one = f"{base}/queue/units/{unit_id(f'reasoning/{workspace}/s/ana')}"
    for reason in ("", "x" * 301):
        (problem,) = problems(await client.post(f"{one}/drop", json={"reason": reason}))
        assert problem["loc"] == ["body", "reason"]
    (problem,) = problems(await client.get(f"{base}/queue/units", params={"state": "lost"}))
    assert problem["loc"] == ["query", "state"]
    assert (await client.get(one)).json()["state"] == "waiting"


async def test_a_deletion_cannot_be_dropped(
    client: httpx.AsyncClient, base: str, workspace: str, database: Database
) -> None:
    key = f"deletion/{workspace}/s"

    async def ask(tx: Transaction) -> None:
        await work.request(tx, workspace, [Unit(key=key, kind="deletion", wait_seconds=3600)])

    await database.write(ask)

    detail(await client.post(f"{base}/queue/units/{unit_id(key)}/drop", json={"reason": "x"}), 409)

    assert (await queue.show(database, workspace, key)).state == "waiting"


async def test_the_command_line_lists_shows_replays_drops_and_flushes(
    served: Served, client: httpx.AsyncClient, base: str, workspace: str, database: Database
) -> None:
    await _say(client, base)
    key = f"reasoning/{workspace}/s/ana"
    await _bury(database, key, "no such model")

    async def doxa(*words: str, code: int = 0) -> str:
        command = (sys.executable, "-P", "-m", "app.cli.main", "work", *words, "--workspace", workspace)
        environment = {"PYTHONPATH": str(ROOT), "COLUMNS": "300"}
        done = await asyncio.create_subprocess_exec(
            *command, "--url", served.url, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE
        )
        out, err = await done.communicate()
        assert done.returncode == code, err.decode()
        return (out + err).decode()

    table = await doxa("list")
    assert table.splitlines()[1].split()[:3] == [key, "dead", "1"]
    assert "no such model" in table
    (dead,) = json.loads(await doxa("list", "--state", "dead", "--json"))
    assert (dead["key"], dead["attempts"]) == (key, 1)
    assert "no such model" in await doxa("show", key)
    assert json.loads(await doxa("replay", key, "--json"))["state"] == "waiting"
    assert "0 units" in await doxa("replay", "--all")
    assert "units due now" in await doxa("flush", "--session", "s")
    assert json.loads(await doxa("drop", key, "--reason", "tried", "--json"))["drop_reason"] == "tried"
    assert "404" in await doxa("show", "reasoning/none", code=1)
    assert "KEY" in await doxa("replay", code=2)
