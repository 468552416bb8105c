"""What deletion is answered with, and what can be done until a worker has done it. No worker runs here."""

import httpx

from tests.api.conftest import detail
from tests.api.stating import peers, session, state


async def test_a_deleted_session_is_out_of_use_at_once(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s", "I live in Porto.")
    path = f"{base}/sessions/s"
    await peers(client, base, "ann", "bob")

    accepted = await client.delete(path, headers={"Content-Type": "application/json"})

    assert (accepted.status_code, accepted.json()) == (202, {"message": "Session deleted successfully"})
    one = {"messages": [{"peer_id": "ann", "content": "x"}]}
    stated = {"conclusions": [{"content": "x", "observer_id": "ann", "observed_id": "ann", "session_id": "s"}]}
    for refused in (
        await client.delete(path),
        await client.post(f"{base}/sessions", json={"id": "s"}),
        await client.put(path, json={"metadata": {}}),
        await client.post(f"{path}/messages", json=one),
        await client.post(f"{path}/clone"),
        await client.post(f"{path}/peers", json={"bob": {}}),
        await client.put(f"{path}/peers", json={"bob": {}}),
        await client.request("DELETE", f"{path}/peers", json=["ann"]),
        await client.put(f"{path}/peers/ann/config", json={"observe_me": False}),
        await client.post(f"{base}/conclusions", json=stated),
    ):
        assert "not found" in detail(refused, 404), refused.request.url
    assert (await client.post(f"{base}/sessions/list")).json()["total"] == 0
    assert (await client.post(f"{base}/peers/ann/sessions")).json()["items"][0]["is_active"] is False
    assert (await client.post(f"{path}/messages/list")).json()["total"] == 1
    assert (await client.get(f"{path}/context")).json()["messages"][0]["content"] == "I live in Porto."
    assert (await client.get(f"{path}/peers/ann/config")).status_code == 200


async def test_what_is_not_there_cannot_be_deleted(client: httpx.AsyncClient, base: str, workspace: str) -> None:
    assert detail(await client.delete(f"{base}/sessions/s"), 404) == "Session s not found"
    assert detail(await client.delete(base), 404) == f"Workspace {workspace} not found"


async def test_a_workspace_is_not_deleted_while_a_session_is_active_and_then_usable_until_it_is_gone(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    await session(client, base, "s", "I live in Porto.")
    assert "active" in detail(await client.delete(base), 409)
    await client.delete(f"{base}/sessions/s")

    accepted = await client.delete(base)

    assert (accepted.status_code, accepted.json()) == (202, {"message": "Workspace deletion accepted"})
    assert (await client.delete(base)).status_code == 202
    assert (await client.post("/v3/workspaces", json={"id": workspace})).status_code == 200
    await session(client, base, "later", "I live in Lisbon.")
    assert "active" in detail(await client.delete(base), 409)


async def test_a_conclusion_s_deletion_does_not_reach_what_was_derived(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    one, other = await state(client, base, "likes tea", "drinks tea")

    assert (await client.delete(f"{base}/conclusions/{one['id']}")).status_code == 204
    assert "not found" in detail(await client.delete(f"{base}/conclusions/{one['id']}"), 404)
    assert (await client.get(f"{base}/conclusions/{other['id']}")).status_code == 200
