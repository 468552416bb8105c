"""Summaries over HTTP, as they look on the wire, and what the queue says of them."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database, connect
from graph.ids import new_id
from graph.store import summaries
from graph.types import Run


@pytest.fixture
async def database(neo4j_server: Neo4jServer) -> AsyncGenerator[Database]:
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    yield database
    await database.close()


async def test_a_summary_is_read_by_itself_and_in_the_context(
    client: httpx.AsyncClient, base: str, workspace: str, database: Database
) -> None:
    said = [{"content": f"Point {n}.", "peer_id": "ann"} for n in range(1, 22)]
    silent = {"configuration": {"reasoning": {"enabled": False}}}
    await client.post(f"{base}/sessions", json={"id": "s", **silent})
    stored = (await client.post(f"{base}/sessions/s/messages", json={"messages": said})).json()
    status = (await client.get(f"{base}/queue/status")).json()
    assert (status["total_work_units"], status["pending_work_units"]) == (1, 1)
    assert status["sessions"]["s"]["pending_work_units"] == 1
    assert (await client.get(f"{base}/queue/status?sender_id=ann")).json()["total_work_units"] == 0

    (due,) = await summaries.due(database, workspace, "s", 25_000)
    now = datetime.now(UTC)
    run = Run(
        id=new_id(), step="summary", model="rules", prompt_hash="", prompt_tokens=0, completion_tokens=0,
        started_at=now, finished_at=now, outcome="concluded", dropped={},
    )  # fmt: skip
    await database.write(lambda tx: summaries.put(tx, workspace, "s", due, run, "Twenty points.", 3))

    read = (await client.get(f"{base}/sessions/s/summaries")).json()
    short = read["short_summary"]
    assert read == {"id": "s", "short_summary": short, "long_summary": None}
    assert datetime.strptime(short.pop("created_at"), "%Y-%m-%dT%H:%M:%SZ")
    assert short == {
        "content": "Twenty points.",
        "message_id": stored[19]["id"],
        "summary_type": "honcho_chat_summary_short",
        "token_count": 3,
    }
    context = (await client.get(f"{base}/sessions/s/context", params={"tokens": 100})).json()
    assert (context["summary"]["content"], [one["content"] for one in context["messages"]]) == (
        "Twenty points.",
        ["Point 20.", "Point 21."],
    )
    without = (await client.get(f"{base}/sessions/s/context", params={"summary": "false"})).json()
    assert (without["summary"], len(without["messages"])) == (None, 21)
