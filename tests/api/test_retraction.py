"""Retracting, restoring and erasing over HTTP: what is answered, and where a message is found. No worker runs."""

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from tests.api.conftest import detail
from tests.api.stating import peers, session
from tests.invariants import assert_sound_at


async def _places(client: httpx.AsyncClient, path: str, text: str) -> dict[str, bool]:
    """Where a text is found: in the list of a session's messages, in its context, by a search."""
    listed = (await client.post(f"{path}/messages/list")).json()
    context = (await client.get(f"{path}/context")).json()
    found = (await client.post(f"{path}/search", json={"query": text})).json()
    assert len(listed["items"]) == listed["total"]
    return {
        "list": text in [each["content"] for each in listed["items"]],
        "context": text in [each["content"] for each in context["messages"]],
        "search": text in [each["content"] for each in found],
    }


async def _ids(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    return {each["content"]: each["id"] for each in (await client.post(f"{path}/messages/list")).json()["items"]}


async def test_a_retracted_message_is_found_nowhere_until_it_is_restored(
    client: httpx.AsyncClient, base: str, workspace: str, neo4j_server: Neo4jServer
) -> None:
    path = f"{base}/sessions/s"
    await session(client, base, "s", "I live in Porto.", "I have a zebra.")
    everywhere = {"list": True, "context": True, "search": True}
    assert await _places(client, path, "I have a zebra.") == everywhere
    own = f"{path}/messages/{(await _ids(client, path))['I have a zebra.']}"
    stored = (await client.get(own)).json()

    done = await client.post(f"{own}/retract")

    assert (done.status_code, done.json()) == (200, {"retired_conclusion_ids": [], "revived_conclusion_ids": []})
    assert await _places(client, path, "I have a zebra.") == dict.fromkeys(everywhere, False)
    assert await _places(client, path, "I live in Porto.") == everywhere
    for refused in (await client.get(own), await client.post(f"{own}/retract"), await client.put(own, json={})):
        assert "not found" in detail(refused, 404)
    (kept,) = (await client.get(f"{path}/messages/retracted")).json()["items"]
    assert kept.pop("retracted_at") >= stored["created_at"]
    assert kept == stored

    assert (await client.post(f"{own}/restore")).status_code == 200
    assert await _places(client, path, "I have a zebra.") == everywhere
    assert (await client.get(own)).json() == stored
    assert "not found" in detail(await client.post(f"{own}/restore"), 404)
    assert (await client.get(f"{path}/messages/retracted")).json()["total"] == 0
    await assert_sound_at(neo4j_server, workspace)


@pytest.mark.parametrize("retracted", [False, True])
async def test_an_erased_message_is_gone_and_its_receipt_says_nothing_of_it(
    client: httpx.AsyncClient, base: str, workspace: str, neo4j_server: Neo4jServer, retracted: bool
) -> None:
    path = f"{base}/sessions/s"
    await session(client, base, "s", "I live in Porto.", "I have a zebra.")
    message_id = (await _ids(client, path))["I have a zebra."]
    own = f"{path}/messages/{message_id}"
    if retracted:
        await client.post(f"{own}/retract")

    plan = (await client.delete(own, params={"dry_run": "true"})).json()
    assert (plan["dry_run"], plan["message_ids"], plan["receipt"]["id"]) == (True, [message_id], None)
    done = await client.delete(own)

    assert done.status_code == 200
    receipt = done.json()["receipt"]
    assert (receipt["messages"], receipt["kind"]) == (1, "message")
    assert receipt["finished_at"] is not None
    assert (await client.get(f"{base}/erasures")).json()["items"] == [receipt]
    assert not {"zebra", message_id} & set(str(receipt).replace("'", " ").split())
    assert await _places(client, path, "I have a zebra.") == {"list": False, "context": False, "search": False}
    assert (await client.get(f"{path}/messages/retracted")).json()["total"] == 0
    for refused in (await client.delete(own), await client.post(f"{own}/restore"), await client.post(f"{own}/retract")):
        assert "not found" in detail(refused, 404)
    await assert_sound_at(neo4j_server, workspace)


async def test_a_peer_that_is_being_erased_says_nothing_more(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s", "I live in Porto.")
    await peers(client, base, "ann", "bob")
    plan = await client.delete(f"{base}/peers/ann", params={"dry_run": "true"})
    assert (plan.status_code, plan.json()["receipt"]["messages"]) == (200, 1)

    accepted = await client.delete(f"{base}/peers/ann")

    assert accepted.status_code == 202
    said = {"messages": [{"peer_id": "ann", "content": "x"}]}
    assert "being erased" in detail(await client.post(f"{base}/sessions/s/messages", json=said), 409)
    assert "not found" in detail(await client.delete(f"{base}/peers/ann"), 404)
    assert "not found" in detail(await client.delete(f"{base}/peers/nobody"), 404)
    assert (await client.delete(f"{base}/peers/scope.work")).status_code == 422
    (receipt,) = (await client.get(f"{base}/erasures")).json()["items"]
    assert (receipt["id"], receipt["finished_at"]) == (accepted.json()["receipt"]["id"], None)


async def test_a_dry_run_is_asked_for_in_words_that_are_understood(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s", "I live in Porto.")
    (message_id,) = (await _ids(client, f"{base}/sessions/s")).values()
    refused = await client.delete(f"{base}/sessions/s/messages/{message_id}", params={"dry_run": "perhaps"})

    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["query", "dry_run"]
    assert len(await _ids(client, f"{base}/sessions/s")) == 1
