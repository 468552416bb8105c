"""The routes of peers."""

import asyncio

import httpx
import pytest

from tests.api.conftest import detail, problems


async def test_a_peer_is_created_with_its_workspace_and_then_changed_by_what_is_given(
    client: httpx.AsyncClient, workspace: str, base: str
) -> None:
    first = await client.post(f"{base}/peers", json={"id": "ana", "configuration": {"observe_me": False, "own": [1]}})
    same = await client.post(f"{base}/peers", json={"name": "ana"})
    metadata = await client.post(f"{base}/peers", json={"id": "ana", "metadata": {"m": 1}})
    configuration = await client.post(f"{base}/peers", json={"id": "ana", "configuration": {"other": 1}})
    cleared = await client.post(f"{base}/peers", json={"id": "ana", "metadata": {}, "configuration": {}})

    assert (first.status_code, same.status_code, metadata.status_code) == (201, 200, 200)
    assert first.json()["workspace_id"] == workspace
    assert first.json()["configuration"] == same.json()["configuration"] == {"observe_me": False, "own": [1]}
    assert metadata.json()["metadata"] == {"m": 1}
    assert metadata.json()["configuration"] == {"observe_me": False, "own": [1]}
    assert (configuration.json()["metadata"], configuration.json()["configuration"]) == ({"m": 1}, {"other": 1})
    assert (cleared.json()["metadata"], cleared.json()["configuration"]) == ({}, {})
    assert len({answer.json()["created_at"] for answer in (first, same, metadata, cleared)}) == 1
    assert (await client.post("/v3/workspaces", json={"id": workspace})).status_code == 200


async def test_thirty_clients_at_once_create_one_peer_and_one_workspace(
    client: httpx.AsyncClient, workspace: str, base: str
) -> None:
    answers = await asyncio.gather(*(client.post(f"{base}/peers", json={"id": "ana"}) for _ in range(30)))

    assert sorted(answer.status_code for answer in answers) == [200] * 29 + [201]
    assert len({answer.json()["uid"] for answer in answers}) == 1
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 1
    listed = await client.post("/v3/workspaces/list", json={"filters": {"id": workspace}})
    assert listed.json()["total"] == 1


async def test_an_update_creates_a_peer_and_checks_the_name_of_a_new_one(client: httpx.AsyncClient, base: str) -> None:
    made = await client.put(f"{base}/peers/ana", json={"metadata": {"a": 1}})
    changed = await client.put(f"{base}/peers/ana", json={"configuration": {"observe_me": True}})

    assert (made.status_code, changed.status_code) == (200, 200)
    assert (changed.json()["metadata"], changed.json()["configuration"]) == ({"a": 1}, {"observe_me": True})
    assert "peer name must match" in detail(await client.put(f"{base}/peers/a%20b", json={}))
    assert "reserved prefix" in detail(await client.put(f"{base}/peers/scope.x", json={}))
    assert "at most 512" in detail(await client.put(f"{base}/peers/{'p' * 513}", json={}))
    assert "NUL" in detail(await client.put(f"{base}/peers/a%00b", json={}))
    assert "workspace name" in detail(await client.put("/v3/workspaces/a.b/peers/ana", json={}))


async def test_peers_are_listed_by_page_order_filter_and_kind(client: httpx.AsyncClient, base: str) -> None:
    names = [f"p{n}" for n in range(5)]
    for number, name in enumerate(names):
        await client.post(f"{base}/peers", json={"id": name, "metadata": {"n": number}})

    async def listed(query: str = "", **body: object) -> list[str]:
        answer = await client.post(f"{base}/peers/list{query}", json=body)
        return [item["id"] for item in answer.json()["items"]]

    assert await listed() == names
    assert await listed("?reverse=true") == names[::-1]
    assert await listed("?page=2&size=2") == ["p2", "p3"]
    assert await listed("?page=9&size=2") == []
    assert await listed(filters={"metadata": {"n": {"gte": 3}}}) == ["p3", "p4"]
    assert await listed(filters={"OR": [{"id": "p1"}, {"id": "p4"}]}, kind=None) == ["p1", "p4"]
    assert await listed(kind="all") == names
    assert await listed(kind="scope") == []
    beyond = (await client.post(f"{base}/peers/list?page=9&size=2")).json()
    assert {key: beyond[key] for key in ("items", "total", "page", "size", "pages")} == {
        "items": [],
        "total": 5,
        "page": 9,
        "size": 2,
        "pages": 3,
    }
    assert problems(await client.post(f"{base}/peers/list", json={"kind": "peer"}))[0]["type"] == "literal_error"


async def test_a_list_of_an_unknown_workspace_or_peer_is_empty(client: httpx.AsyncClient, base: str) -> None:
    empty: dict[str, object] = {"items": [], "total": 0, "page": 1, "size": 50, "pages": 0}
    for path in ("peers/list", "sessions/list", "peers/nobody/sessions", "sessions/none/messages/list"):
        assert (await client.post(f"{base}/{path}")).json() == empty
    assert (await client.get(f"{base}/sessions/none/peers")).json() == empty


async def test_the_sessions_of_a_peer_include_those_it_has_left(client: httpx.AsyncClient, base: str) -> None:
    for session in ("one", "two", "three"):
        await client.post(f"{base}/sessions", json={"id": session, "peers": {"ana": {}}, "metadata": {"s": session}})
    await client.request("DELETE", f"{base}/sessions/one/peers", json=["ana"])
    await client.post(f"{base}/sessions", json={"id": "alone"})

    everything = (await client.post(f"{base}/peers/ana/sessions")).json()
    reverse = (await client.post(f"{base}/peers/ana/sessions?reverse=1&size=1")).json()
    filtered = await client.post(f"{base}/peers/ana/sessions", json={"filters": {"metadata": {"s": "two"}}})

    assert [item["id"] for item in everything["items"]] == ["one", "two", "three"]
    assert ([item["id"] for item in reverse["items"]], reverse["total"]) == (["three"], 3)
    assert [item["id"] for item in filtered.json()["items"]] == ["two"]


@pytest.mark.parametrize("noun", ["peers", "sessions"])
async def test_no_workspace_sees_what_another_holds(client: httpx.AsyncClient, base: str, noun: str) -> None:
    await client.post(f"{base}/{noun}", json={"id": "same", "metadata": {"secret": 1}})
    await client.post(f"{base}x/{noun}", json={"id": "same"})

    other = (await client.post(f"{base}x/{noun}/list")).json()

    assert [item["metadata"] for item in other["items"]] == [{}]
