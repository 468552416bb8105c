"""Merges taken back, conclusions corrected, the past and what changed: over HTTP."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database, connect
from tests.api.stating import peers, state
from tests.graph.concluding import Fact, fills, tell
from tests.graph.conftest import NOON, vector


@pytest.fixture
async def store(neo4j_server: Neo4jServer, client: httpx.AsyncClient) -> AsyncGenerator[Database]:
    """The service's own database; the client is there so that the service has migrated it."""
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    yield database
    await database.close()


async def listed(client: httpx.AsyncClient, base: str, **body: object) -> list[str]:
    response = await client.post(f"{base}/conclusions/list", json=body)
    assert response.status_code == 200, response.text
    return sorted(str(one["content"]) for one in response.json()["items"])


async def moment(database: Database, workspace: str, fact: Fact) -> str:
    """Conclude something; the time just after."""
    await tell(database, workspace, fact)
    await asyncio.sleep(0.05)
    return datetime.now(UTC).isoformat()


async def test_a_merge_is_taken_back_once(
    client: httpx.AsyncClient, base: str, workspace: str, store: Database
) -> None:
    said = Fact(content="ann likes jazz.", said_at=NOON)
    await tell(store, workspace, said, Fact(content="ann enjoys jazz.", said_at=NOON, vector=vector(1.0, 0.05)))
    assert await listed(client, base) == ["ann likes jazz."]
    told = (await client.get(f"{base}/peers/ann/changes")).json()["changes"]
    (merged,) = [one for one in told if one["kind"] == "merged"]

    undone = await client.post(f"{base}/conclusions/{merged['conclusion_id']}/unmerge")

    assert (undone.status_code, undone.json()["content"]) == (200, "ann enjoys jazz.")
    assert await listed(client, base) == ["ann enjoys jazz.", "ann likes jazz."]
    assert (await client.post(f"{base}/conclusions/{merged['conclusion_id']}/unmerge")).status_code == 409
    assert (await client.post(f"{base}/conclusions/nothing/unmerge")).status_code == 404


async def test_a_correction_supersedes_and_the_past_keeps_what_was_held(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    (wrong,) = await state(client, base, "Bob likes tea")
    then = str(wrong["created_at"])

    right = await client.post(f"{base}/conclusions/{wrong['id']}/correct", json={"content": "Bob likes coffee"})

    assert right.status_code == 201
    kept = ("observer_id", "observed_id", "session_id", "level")
    assert [right.json()[key] for key in kept] == [wrong[key] for key in kept]
    assert await listed(client, base) == ["Bob likes coffee"]
    assert await listed(client, base, as_of=then) == ["Bob likes tea"]
    assert (await client.post(f"{base}/conclusions/{wrong['id']}/correct", json={"content": "x"})).status_code == 404
    refused = await client.post(f"{base}/conclusions/{right.json()['id']}/correct", json={"content": ""})
    assert refused.status_code == 422
    assert await listed(client, base) == ["Bob likes coffee"]


async def test_every_route_that_recalls_tells_what_was_held_then(
    client: httpx.AsyncClient, base: str, workspace: str, store: Database
) -> None:
    def lives(value: str) -> Fact:
        # Said as it is learnt: what was not said yet is left out as well.
        said_at = datetime.now(UTC)
        return Fact(content=f"ann lives in {value}.", said_at=said_at, filled=fills("lives_in", value))

    then = await moment(store, workspace, lives("Porto"))
    await moment(store, workspace, lives("Lisbon"))
    pair = {"observer_id": "ann", "observed_id": "ann"}

    async def answers(as_of: str | None) -> list[str]:
        given = {} if as_of is None else {"as_of": as_of}
        session = {"peer_target": "ann", **given}
        found = [
            await client.post(f"{base}/peers/ann/representation", json=given),
            await client.get(f"{base}/peers/ann/context", params=given),
            await client.get(f"{base}/peers/ann/card", params=given),
            await client.get(f"{base}/peers/ann/perspective", params={"target": "ann", **given}),
            await client.get(f"{base}/sessions/s/context", params=session),
            await client.post(f"{base}/conclusions/list", json=given),
            await client.post(f"{base}/conclusions/query", json={"query": "home", "filters": pair, **given}),
            await client.post(f"{base}/peers/ann/chat", json={"query": "Where does ann live?", **given}),
            await client.post(f"{base}/chat", json={"query": "Where does ann live?", **given}),
        ]
        assert [answer.status_code for answer in found] == [200] * len(found)
        texts = [answer.text for answer in found]
        # The messages of the session are shown beside: what is held about ann stands apart from them.
        texts[4] = str(found[4].json()["peer_representation"])
        return texts

    for text in await answers(then):
        assert "Porto" in text
        assert "Lisbon" not in text
    now = await answers(None)
    for text in now[:7]:
        assert "Lisbon" in text
        assert "Porto" not in text
    for path, wrong in (("context", "as_of"), ("card", "as_of"), ("perspective", "as_of"), ("changes", "since")):
        refused = await client.get(f"{base}/peers/ann/{path}", params={wrong: "yesterday", "target": "ann"})
        assert refused.status_code == 422
        assert wrong in refused.text


async def test_changes_come_in_parts_and_refuse_what_is_no_mark(
    client: httpx.AsyncClient, base: str, workspace: str, store: Database
) -> None:
    await tell(
        store,
        workspace,
        *(
            Fact(content=f"ann saw bird {place}.", said_at=NOON, vector=vector(0.0, place), observers=("ann",))
            for place in range(1, 6)
        ),
    )
    found: list[str] = []
    after = None
    while True:
        query: dict[str, str | int] = {"limit": 2} if after is None else {"limit": 2, "after": after}
        part = (await client.get(f"{base}/peers/ann/changes", params=query)).json()
        found += [one["content"] for one in part["changes"]]
        after = part["next"]
        if after is None:
            break

    assert found == [f"ann saw bird {place}." for place in range(1, 6)]
    assert (await client.get(f"{base}/peers/ann/changes", params={"after": "x"})).status_code == 422
    nobody = await client.get(f"{base}/peers/nobody/changes", params={"target": "ann"})
    assert (nobody.status_code, nobody.json()["changes"]) == (200, [])
