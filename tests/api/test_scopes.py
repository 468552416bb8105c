"""Scopes: named sets of sessions, hidden peers that observe in them."""

import httpx
import pytest

from tests.api.conftest import detail, problems
from tests.api.stating import lines, peers, session, state


async def scope(client: httpx.AsyncClient, base: str, name: str, *session_ids: str) -> None:
    response = await client.post(f"{base}/scopes", json={"id": name})
    assert response.status_code in (200, 201), response.text
    if session_ids:
        added = await client.post(f"{base}/scopes/{name}/sessions", json={"session_ids": list(session_ids)})
        assert (added.status_code, added.text) == (204, "")


async def held_by(client: httpx.AsyncClient, base: str, name: str) -> list[str]:
    response = await client.post(f"{base}/scopes/{name}/sessions/list")
    assert response.status_code == 200, response.text
    return [each["id"] for each in response.json()["items"]]


async def test_a_scope_is_got_or_created_and_its_metadata_replaced(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    made = await client.post(f"{base}/scopes", json={"id": "work", "metadata": {"a": 1}})
    again = await client.post(f"{base}/scopes", json={"name": "work"})
    changed = await client.post(f"{base}/scopes", json={"id": "work", "metadata": {"b": 2}})

    assert (made.status_code, again.status_code, changed.status_code) == (201, 200, 200)
    assert set(made.json()) == {"id", "metadata", "created_at"}
    assert again.json() == made.json()
    assert changed.json() == {**made.json(), "metadata": {"b": 2}}
    assert (await client.get(f"{base}/scopes/work")).json() == changed.json()
    other = f"/v3/workspaces/{workspace}-2"
    assert (await client.post(f"{other}/scopes", json={"id": "work"})).status_code == 201
    assert (await client.get(f"{other}/scopes/work")).json()["metadata"] == {}


async def test_scopes_are_listed_oldest_first_and_only_those_of_the_workspace(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    for name in ("c", "a", "b"):
        await scope(client, base, name)
    await scope(client, f"/v3/workspaces/{workspace}-2", "d")

    page = (await client.post(f"{base}/scopes/list?size=2")).json()
    newest = (await client.post(f"{base}/scopes/list?reverse=true", json={})).json()

    assert ([each["id"] for each in page["items"]], page["total"], page["pages"]) == (["c", "a"], 3, 2)
    assert [each["id"] for each in newest["items"]] == ["b", "a", "c"]
    assert (await client.post(f"{base}-none/scopes/list")).json()["pages"] == 0


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("", "string_too_short"),
        ("x" * 507, "string_too_long"),
        ("scope." + "x" * 501, "string_too_long"),
        ("scope.a", "value_error"),
        ("scope.a b", "value_error"),
        ("a b", "string_pattern_mismatch"),
        ("a.b", "string_pattern_mismatch"),
        ("a\n", "string_pattern_mismatch"),
    ],
)
async def test_the_name_of_a_scope_follows_rules(client: httpx.AsyncClient, base: str, name: str, kind: str) -> None:
    (problem,) = problems(await client.post(f"{base}/scopes", json={"id": name}))

    assert (problem["type"], problem["loc"]) == (kind, ["body", "id"])


async def test_the_longest_name_fits(client: httpx.AsyncClient, base: str) -> None:
    assert (await client.post(f"{base}/scopes", json={"id": "x" * 506})).status_code == 201


async def test_sessions_are_added_all_or_none_and_listed_in_the_order_they_were_added(
    client: httpx.AsyncClient, base: str
) -> None:
    for name in ("s1", "s2", "s3"):
        await session(client, base, name)
    await scope(client, base, "work", "s2")
    await scope(client, base, "work", "s1", "s2")

    missing = await client.post(f"{base}/scopes/work/sessions", json={"session_ids": ["s3", "nope", "s9"]})

    assert "nope, s9" in detail(missing, 404)
    assert await held_by(client, base, "work") == ["s2", "s1"]
    assert "nothing" in detail(await client.post(f"{base}/scopes/nothing/sessions/list"), 404)
    assert "nothing" in detail(await client.post(f"{base}/scopes/nothing/sessions", json={"session_ids": ["s1"]}), 404)
    for bad in ([], ["s"] * 101):
        problems(await client.post(f"{base}/scopes/work/sessions", json={"session_ids": bad}))


async def test_a_session_is_removed_and_may_come_back(client: httpx.AsyncClient, base: str) -> None:
    for name in ("s1", "s2"):
        await session(client, base, name)
    await scope(client, base, "work", "s1")

    assert (await client.delete(f"{base}/scopes/work/sessions/s1")).status_code == 204
    assert (await client.delete(f"{base}/scopes/work/sessions/s1")).status_code == 204
    assert (await client.delete(f"{base}/scopes/work/sessions/s2")).status_code == 204
    detail(await client.delete(f"{base}/scopes/work/sessions/nope"), 404)
    detail(await client.delete(f"{base}/scopes/nope/sessions/s1"), 404)
    assert await held_by(client, base, "work") == []
    await scope(client, base, "work", "s1")
    assert await held_by(client, base, "work") == ["s1"]


async def test_only_sessions_with_messages_have_something_to_catch_up(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "empty")
    await session(client, base, "full", "I live in Porto.")
    await scope(client, base, "work", "empty", "full")

    status = (await client.get(f"{base}/scopes/work/status")).json()

    assert list(status) == ["backfill_status"]
    assert list(status["backfill_status"]) == ["full"]
    assert status["backfill_status"]["full"]["state"] == "pending"
    assert set(status["backfill_status"]["full"]) == {"state", "updated_at"}
    await client.delete(f"{base}/scopes/work/sessions/full")
    assert (await client.get(f"{base}/scopes/work/status")).json() == {"backfill_status": {}}
    detail(await client.get(f"{base}/scopes/nope/status"), 404)


async def test_a_session_is_made_in_scopes_all_or_none(client: httpx.AsyncClient, base: str) -> None:
    await scope(client, base, "work")
    await scope(client, base, "home")

    unknown = await client.post(f"{base}/sessions", json={"id": "s", "scopes": ["work", "nope"]})
    assert "nope" in detail(unknown, 404)
    assert await held_by(client, base, "work") == []
    made = await client.post(f"{base}/sessions", json={"id": "s", "scopes": ["work", "home", "work"]})

    assert made.status_code == 201
    assert await held_by(client, base, "work") == await held_by(client, base, "home") == ["s"]
    detail(await client.post(f"{base}/sessions", json={"id": "s", "scopes": ["scope.work"]}))
    problems(await client.post(f"{base}/sessions", json={"id": "s", "scopes": ["a"] * 101}))


async def test_the_peer_of_a_scope_is_hidden_and_counts_for_no_limit(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s")
    await scope(client, base, "work", "s")
    observers = {f"p{place}": {"observe_others": True} for place in range(10)}

    assert (await client.post(f"{base}/sessions/s/peers", json=observers)).status_code == 200
    assert (await client.put(f"{base}/sessions/s/peers/p0/config", json={"observe_others": True})).status_code == 204
    members = (await client.get(f"{base}/sessions/s/peers")).json()
    assert sorted(each["id"] for each in members["items"]) == sorted(observers)
    for kind, expected in ((None, 10), ("scope", 1), ("all", 11)):
        assert (await client.post(f"{base}/peers/list", json={"kind": kind})).json()["total"] == expected
    assert (await client.put(f"{base}/sessions/s/peers", json={})).status_code == 200
    assert await held_by(client, base, "work") == ["s"], "who is set as a member does not touch scopes"


async def test_the_peer_of_a_scope_takes_no_part(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s")
    await peers(client, base, "ann")
    await scope(client, base, "work", "s")
    hidden, at = "scope.work", f"{base}/sessions/s"

    said = {"messages": [{"content": "x", "peer_id": hidden}]}
    stated = {"conclusions": [{"content": "x", "observer_id": "ann", "observed_id": hidden}]}
    for response in (
        await client.post(f"{at}/messages", json=said),
        await client.post(f"{base}/sessions", json={"id": "s2", "peers": {hidden: {}}}),
        await client.post(f"{at}/peers", json={hidden: {}}),
        await client.put(f"{at}/peers", json={hidden: {}}),
        await client.request("DELETE", f"{at}/peers", json=[hidden]),
        await client.get(f"{at}/peers/{hidden}/config"),
        await client.put(f"{at}/peers/{hidden}/config", json={}),
        await client.put(f"{base}/peers/{hidden}", json={}),
        await client.post(f"{base}/peers/{hidden}/representation", json={"target": "ann"}),
        await client.post(f"{base}/peers/ann/representation", json={"target": hidden}),
        await client.get(f"{base}/peers/{hidden}/context?target=ann"),
        await client.get(f"{base}/peers/ann/context?target={hidden}"),
        await client.get(f"{at}/context?peer_target={hidden}"),
        await client.get(f"{base}/peers/ann/card?target={hidden}"),
        await client.put(f"{base}/peers/ann/card?target={hidden}", json={"peer_card": []}),
        await client.post(f"{base}/conclusions", json=stated),
    ):
        assert "scope." in detail(response), response.request.url
    assert await held_by(client, base, "work") == ["s"]


async def test_what_a_scope_holds_is_seen_by_naming_it(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "bob", "ann")
    await session(client, base, "s1")
    await session(client, base, "s2")
    await scope(client, base, "work", "s1")
    await scope(client, base, "home", "s2")
    await scope(client, base, "void")
    await state(client, base, "held by work", observer="scope.work", session_id="s1")
    await state(client, base, "ann from s1", observer="ann", session_id="s1")
    await state(client, base, "ann from s2", observer="ann", session_id="s2")
    await state(client, base, "ann from nowhere", observer="ann")

    async def shown(named: object) -> list[str]:
        asked = {"target": "bob", "scope": named}
        response = await client.post(f"{base}/peers/ann/representation", json=asked)
        assert response.status_code == 200, response.text
        return lines(response.json()["representation"])

    assert await shown("work") == ["held by work"]
    assert await shown(["work"]) == ["ann from s1"]
    assert await shown(["work", "home"]) == ["ann from s1", "ann from s2"]
    assert await shown(["void"]) == await shown("void") == []
    context = await client.get(f"{base}/sessions/s1/context?peer_target=bob&scope=work")
    assert lines(context.json()["peer_representation"]) == ["held by work"]


async def test_the_scope_option_excludes_others_and_names_what_exists(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s")
    await scope(client, base, "work", "s")
    at = f"{base}/peers/ann/representation"

    for other in ({"session_id": "s"}, {"filters": {"session_id": "s"}}):
        assert "exclude" in detail(await client.post(at, json={"scope": "work", **other}))
    for named in ("nope", ["work", "nope"]):
        assert "nope" in detail(await client.post(at, json={"scope": named}), 404)
    detail(await client.post(at, json={"scope": "scope.work"}))
    for bad in ([], ["work"] * 101, 3, {"a": 1}, ["work", 3]):
        assert problems(await client.post(at, json={"scope": bad}))[0]["loc"] == ["body", "scope"]
    context = f"{base}/sessions/s/context"
    assert "peer_target" in detail(await client.get(context, params={"scope": "work"}))
    for other in ("peer_perspective=ann", "sessions=s"):
        assert "exclude" in detail(await client.get(f"{context}?peer_target=ann&scope=work&{other}"))
    detail(await client.get(f"{context}?peer_target=ann&scope=nope"), 404)
