"""The routes of sessions."""

import asyncio

import httpx

from tests.api.conftest import detail


async def test_a_session_is_created_with_everything_it_needs_and_then_changed_by_what_is_given(
    client: httpx.AsyncClient, workspace: str, base: str
) -> None:
    first = await client.post(
        f"{base}/sessions",
        json={
            "id": "s",
            "metadata": {"m": 1},
            "configuration": {"summary": {"enabled": True, "messages_per_short_summary": 10}, "kept": 1},
            "peers": {"ana": {"observe_others": True, "unknown": 1}, "bob": {}},
        },
    )
    same = await client.post(f"{base}/sessions", json={"name": "s"})
    changed = await client.post(
        f"{base}/sessions",
        json={"id": "s", "metadata": {}, "configuration": {"summary": {"enabled": False}}, "peer_names": {"eve": {}}},
    )
    put = await client.put(f"{base}/sessions/s", json={"configuration": {"dream": {"enabled": False}}})

    assert [answer.status_code for answer in (first, same, changed, put)] == [201, 200, 200, 200]
    assert first.json()["is_active"] is True
    assert first.json()["workspace_id"] == workspace
    assert first.json()["configuration"] == {"summary": {"enabled": True, "messages_per_short_summary": 10}, "kept": 1}
    assert same.json() == first.json()
    assert changed.json()["metadata"] == {}
    assert changed.json()["configuration"] == {"summary": {"enabled": False}, "kept": 1}
    assert put.json()["configuration"] == {"summary": {"enabled": False}, "kept": 1, "dream": {"enabled": False}}
    members = (await client.get(f"{base}/sessions/s/peers")).json()
    assert [peer["id"] for peer in members["items"]] == ["ana", "bob", "eve"]
    assert (await client.get(f"{base}/sessions/s/peers/ana/config")).json() == {
        "observe_me": None,
        "observe_others": True,
    }


async def test_thirty_clients_at_once_create_one_session_with_all_their_peers(
    client: httpx.AsyncClient, base: str
) -> None:
    answers = await asyncio.gather(
        *(
            client.post(f"{base}/sessions", json={"id": "s", "peers": {f"p{n % 10}": {}, f"q{n}": {}}})
            for n in range(30)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 29 + [201]
    assert len({answer.json()["uid"] for answer in answers}) == 1
    members = (await client.get(f"{base}/sessions/s/peers?size=100")).json()
    assert {peer["id"] for peer in members["items"]} == {f"p{n}" for n in range(10)} | {f"q{n}" for n in range(30)}
    assert members["total"] == 40


async def test_an_update_creates_a_session_and_does_not_find_what_no_session_can_be_called(
    client: httpx.AsyncClient, base: str
) -> None:
    made = await client.put(f"{base}/sessions/s", json={"metadata": {"m": 1}})

    assert (made.status_code, made.json()["metadata"]) == (200, {"m": 1})
    assert detail(await client.put(f"{base}/sessions/a.b", json={}), 404) == "Session not found"


async def test_clients_that_merge_at_once_lose_no_key(client: httpx.AsyncClient, base: str) -> None:
    await client.post(f"{base}/sessions", json={"id": "s"})

    await asyncio.gather(*(client.put(f"{base}/sessions/s", json={"configuration": {f"key{n}": n}}) for n in range(20)))

    stored = (await client.post(f"{base}/sessions", json={"id": "s"})).json()["configuration"]
    assert stored == {f"key{n}": n for n in range(20)}


async def test_nothing_of_a_refused_session_is_stored(client: httpx.AsyncClient, base: str) -> None:
    refused = await client.post(f"{base}/sessions", json={"id": "s", "peers": {"ok": {}, "not ok": {}}})

    assert "peer name must match" in detail(refused)
    assert (await client.post(f"{base}/sessions/list")).json()["total"] == 0
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 0


async def test_sessions_are_listed_by_page_order_and_filter(client: httpx.AsyncClient, base: str) -> None:
    names = [f"s{n}" for n in range(4)]
    for number, name in enumerate(names):
        await client.post(f"{base}/sessions", json={"id": name, "metadata": {"n": number}})

    async def listed(query: str = "", filters: object = None) -> list[str]:
        answer = await client.post(f"{base}/sessions/list{query}", json={"filters": filters})
        return [item["id"] for item in answer.json()["items"]]

    assert await listed() == names
    assert await listed("?reverse=true&size=2") == ["s3", "s2"]
    assert await listed(filters={"NOT": [{"id": "s1"}]}) == ["s0", "s2", "s3"]
    assert await listed(filters={"OR": [{"id": "s1"}, {"metadata": {"n": 3}}]}) == ["s1", "s3"]
    assert await listed(filters={"is_active": False}) == []
    assert await listed(filters={}) == names
    answer = await client.post(f"{base}/sessions/list", json={"filters": {"no_such_key": 1}})
    assert "no_such_key" in detail(answer)
