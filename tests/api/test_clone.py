"""A session's copy has its settings, members and messages, and nothing else of it."""

from collections.abc import Mapping
from itertools import pairwise

import httpx
import pytest

from tests.api.conftest import detail

Json = dict[str, object]


async def _say(client: httpx.AsyncClient, path: str, *said: Mapping[str, object]) -> list[Json]:
    answer = await client.post(f"{path}/messages", json={"messages": said})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _messages(client: httpx.AsyncClient, path: str) -> list[Json]:
    answer = await client.post(f"{path}/messages/list?size=100")
    return answer.json()["items"]


async def _clone(client: httpx.AsyncClient, base: str, session: str, query: str = "") -> Json:
    answer = await client.post(f"{base}/sessions/{session}/clone{query}", headers={"Content-Type": "application/json"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def _kept(message: Json) -> Json:
    return {key: message[key] for key in ("content", "peer_id", "metadata", "token_count", "workspace_id")}


async def test_a_copy_has_the_settings_the_messages_and_the_members(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    settings = {"metadata": {"m": [1, {"k": None}]}, "configuration": {"dream": {"enabled": False}, "own": 1}}
    original = (await client.post(f"{base}/sessions", json={"id": "s", **settings})).json()
    await client.post(f"{base}/sessions/s/peers", json={"eve": {"observe_me": False}, "bob": {"observe_others": True}})
    said = await _say(
        client,
        f"{base}/sessions/s",
        {"peer_id": "ana", "content": "I live in Porto.", "metadata": {"n": 1}, "created_at": "2020-01-01T00:00:00Z"},
        {"peer_id": "bob", "content": "Where?"},
        {"peer_id": "ana", "content": "By the river."},
    )
    await client.request("DELETE", f"{base}/sessions/s/peers", json=["eve"])

    copy = await _clone(client, base, "s")

    assert len(str(copy["id"])) == 21
    assert copy["uid"] != original["uid"]
    assert str(copy["created_at"]) > original["created_at"]
    assert {**copy, "id": 0, "uid": 0, "created_at": 0} == {**original, "id": 0, "uid": 0, "created_at": 0}
    path = f"{base}/sessions/{copy['id']}"
    copied = await _messages(client, path)
    assert [_kept(message) for message in copied] == [_kept(message) for message in said]
    assert not {message["id"] for message in copied} & {message["id"] for message in said}
    assert {message["session_id"] for message in copied} == {copy["id"]}
    assert all(str(one["created_at"]) < str(other["created_at"]) for one, other in pairwise(copied))
    assert str(copied[0]["created_at"]) > "2026"
    peers = (await client.get(f"{path}/peers")).json()["items"]
    assert {peer["id"] for peer in peers} == {"ana", "bob", "eve"}
    assert (await client.get(f"{path}/peers/eve/config")).json() == {"observe_me": False, "observe_others": None}
    assert (await client.get(f"{path}/peers/bob/config")).json() == {"observe_me": None, "observe_others": True}
    assert await _messages(client, f"{base}/sessions/s") == said
    assert (await client.get(f"/v3/workspaces/{workspace}/sessions/s/peers")).json()["total"] == 2


async def test_a_copy_ends_with_the_message_given_and_goes_on_from_there(client: httpx.AsyncClient, base: str) -> None:
    said = await _say(client, f"{base}/sessions/s", *({"peer_id": "ana", "content": f"{n}"} for n in range(5)))

    copy = await _clone(client, base, "s", f"?message_id={said[2]['id']}")

    path = f"{base}/sessions/{copy['id']}"
    await _say(client, path, {"peer_id": "new", "content": "after"})
    assert [message["content"] for message in await _messages(client, path)] == ["0", "1", "2", "after"]
    assert len(await _messages(client, f"{base}/sessions/s")) == 5


async def test_a_session_without_messages_can_be_copied(client: httpx.AsyncClient, base: str) -> None:
    await client.post(f"{base}/sessions", json={"id": "s", "peers": {"ana": {}}})

    copy = await _clone(client, base, "s")

    assert (await client.get(f"{base}/sessions/{copy['id']}/peers")).json()["total"] == 1
    listed = (await client.post(f"{base}/sessions/list")).json()["items"]
    assert [session["id"] for session in listed] == ["s", copy["id"]]


async def test_nothing_of_a_namesake_in_another_workspace_is_copied(client: httpx.AsyncClient, base: str) -> None:
    await _say(client, f"{base}/sessions/s", {"peer_id": "ana", "content": "mine"})
    await _say(client, f"{base}-other/sessions/s", {"peer_id": "eve", "content": "theirs"})

    copy = await _clone(client, base, "s")

    path = f"{base}/sessions/{copy['id']}"
    assert [message["content"] for message in await _messages(client, path)] == ["mine"]
    assert [peer["id"] for peer in (await client.get(f"{path}/peers")).json()["items"]] == ["ana"]


async def test_nothing_is_concluded_from_a_copy_and_its_words_are_found(client: httpx.AsyncClient, base: str) -> None:
    await _say(client, f"{base}/sessions/s", {"peer_id": "ana", "content": "The zeppelin landed in Porto."})
    before = await _queue(client, base)

    copy = await _clone(client, base, "s")

    assert await _queue(client, base) == before
    found = await client.post(f"{base}/sessions/{copy['id']}/search", json={"query": "zeppelin"})
    assert [message["session_id"] for message in found.json()] == [copy["id"]]


async def _queue(client: httpx.AsyncClient, base: str) -> dict[str, object]:
    """The status of the queue, without the age of what waits, which grows."""
    found = (await client.get(f"{base}/queue/status")).json()
    return {key: value for key, value in found.items() if key != "oldest_pending_seconds"}


@pytest.mark.parametrize("session", ["nothing", "s"])
async def test_what_is_not_there_cannot_be_copied(client: httpx.AsyncClient, base: str, session: str) -> None:
    await _say(client, f"{base}/sessions/s", {"peer_id": "ana", "content": "x"})
    other = await _say(client, f"{base}/sessions/other", {"peer_id": "ana", "content": "x"})

    for message_id in (other[0]["id"], "unknown", ""):
        assert "not found" in detail(await client.post(f"{base}/sessions/{session}/clone?message_id={message_id}"), 404)
    assert (await client.post(f"{base}/sessions/list")).json()["total"] == 2


async def test_a_copy_has_no_more_observers_than_a_session_may_have(client: httpx.AsyncClient, base: str) -> None:
    observing = {"observe_others": True}
    await client.post(f"{base}/sessions/s/peers", json={f"left{n}": observing for n in range(5)})
    await client.put(f"{base}/sessions/s/peers", json={f"in{n}": observing for n in range(8)})

    copy = await _clone(client, base, "s")

    path = f"{base}/sessions/{copy['id']}"
    said = {
        peer["id"]: (await client.get(f"{path}/peers/{peer['id']}/config")).json()["observe_others"]
        for peer in (await client.get(f"{path}/peers?size=100")).json()["items"]
    }
    assert len(said) == 13
    assert [said[f"in{n}"] for n in range(8)] == [True] * 8
    assert sorted(said[f"left{n}"] for n in range(5)) == [False, False, False, True, True]
