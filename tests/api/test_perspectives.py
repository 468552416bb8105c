"""Catching up and shared knowledge over HTTP; three peers, two sessions, and a worker in this process."""

import asyncio

import httpx

from app.engine.neo4j import Neo4jServer
from app.settings import load
from tests.api.conftest import detail, problems
from tests.api.stating import lines
from workers.service import open_service
from workers.unit import do

OBSERVES = {"observe_others": True}


async def _join(client: httpx.AsyncClient, base: str, session: str, **peers: dict[str, bool]) -> None:
    answer = await client.post(f"{base}/sessions/{session}/peers", json=peers)
    assert answer.status_code == 200, answer.text


async def _say(client: httpx.AsyncClient, base: str, session: str, content: str) -> str:
    said = {"messages": [{"peer_id": "ann", "content": content}]}
    answer = await client.post(f"{base}/sessions/{session}/messages", json=said)
    assert answer.status_code == 201, answer.text
    return answer.json()[0]["id"]


async def _work(server: Neo4jServer, *keys: str) -> None:
    where = {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}
    service = await open_service(load(where))
    try:
        for key in keys:
            # Messages wait a moment for company.
            while not await do(service, key):
                await asyncio.sleep(0.1)
    finally:
        await service.close()


async def test_a_peer_sees_of_anothers_view_what_it_was_there_for_and_catches_up_if_asked(
    client: httpx.AsyncClient, base: str, workspace: str, neo4j_server: Neo4jServer
) -> None:
    for session in ("s", "private"):
        await _join(client, base, session, bob=OBSERVES)
    await _say(client, base, "s", "I live in Porto.")
    await _say(client, base, "private", "I have a zebra.")
    await _work(neo4j_server, *(f"reasoning/{workspace}/{session}/ann" for session in ("s", "private")))
    await _join(client, base, "s", eve={**OBSERVES, "catch_up": True})
    tea = await _say(client, base, "s", "I like tea.")
    await _work(neo4j_server, f"catch_up/{workspace}/eve/s", f"reasoning/{workspace}/s/ann")

    asked = {"target": "bob", "of": "ann"}
    seen = (await client.get(f"{base}/peers/eve/perspective", params=asked)).json()

    assert (seen["peer_id"], seen["target_id"], seen["of_id"]) == ("eve", "bob", "ann")
    (one,) = seen["conclusions"]
    assert (one["content"], one["level"], one["session_id"]) == ("ann likes tea.", "explicit", "s")
    assert (one["message_ids"], one["source_ids"]) == ([tea], [])
    assert lines(seen["representation"]) == ["ann likes tea."]
    whole = (await client.get(f"{base}/peers/ann/perspective", params=asked)).json()["conclusions"]
    assert [each["content"] for each in whole] == ["ann likes tea.", "ann has a zebra.", "ann lives in Porto."]
    few = (await client.get(f"{base}/peers/ann/perspective", params={**asked, "max_conclusions": 1})).json()
    assert few["conclusions"] == whole[:1]
    held = await client.post(f"{base}/peers/eve/representation", json={"target": "ann"})
    assert lines(held.json()["representation"]) == ["ann lives in Porto.", "ann likes tea."]
    # That it was asked to catch up is kept nowhere.
    assert (await client.get(f"{base}/sessions/s/peers/eve/config")).json() == {"observe_me": None, **OBSERVES}


async def test_scopes_have_no_perspective_and_what_is_asked_must_make_sense(
    client: httpx.AsyncClient, base: str
) -> None:
    await _join(client, base, "s", ann={}, bob={})
    assert (await client.post(f"{base}/scopes", json={"id": "work"})).status_code == 201
    for peer, target, of in (
        ("scope.work", "bob", "ann"),
        ("ann", "scope.work", "ann"),
        ("ann", "bob", "scope.work"),
    ):
        told = await client.get(f"{base}/peers/{peer}/perspective", params={"target": target, "of": of})
        assert "scope." in detail(told)
    path = f"{base}/peers/ann/perspective"
    assert problems(await client.get(path))[0]["loc"] == ["query", "target"]
    many = await client.get(path, params={"target": "bob", "max_conclusions": 101})
    assert problems(many)[0]["loc"] == ["query", "max_conclusions"]
    nobody = (await client.get(path, params={"target": "nobody"})).json()
    assert (nobody["of_id"], nobody["conclusions"], nobody["representation"]) == ("nobody", [], "")

    for verb in ("POST", "PUT"):
        late = await client.request(verb, f"{base}/sessions/s/peers", json={"eve": {"catch_up": True}})
        assert "observe_others" in detail(late)
    present = (await client.get(f"{base}/sessions/s/peers")).json()["items"]
    assert [peer["id"] for peer in present] == ["ann", "bob"]
    assert (await client.get(f"{base}/sessions/s/peers/eve/config")).status_code == 404
