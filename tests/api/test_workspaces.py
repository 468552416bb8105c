"""The routes of workspaces."""

import asyncio

import httpx

from graph.ids import new_id
from tests.api.conftest import detail, problems


async def test_a_workspace_is_created_once_and_then_returned_untouched(
    client: httpx.AsyncClient, workspace: str
) -> None:
    first = await client.post(
        "/v3/workspaces",
        json={"id": workspace, "metadata": {"a": [1, {"b": None}]}, "configuration": {"summary": {"enabled": False}}},
    )
    again = await client.post(
        "/v3/workspaces", json={"name": workspace, "metadata": {"z": 1}, "configuration": {"dream": {"enabled": True}}}
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert first.json()["id"] == workspace
    assert first.json()["metadata"] == {"a": [1, {"b": None}]}
    assert first.json()["configuration"] == {"summary": {"enabled": False}}
    assert first.json()["created_at"].endswith("Z")
    assert set(first.json()) == {"id", "uid", "metadata", "configuration", "created_at"}


async def test_thirty_clients_at_once_create_one_workspace(client: httpx.AsyncClient, workspace: str) -> None:
    answers = await asyncio.gather(*(client.post("/v3/workspaces", json={"id": workspace}) for _ in range(30)))

    assert sorted(answer.status_code for answer in answers) == [200] * 29 + [201]
    assert len({answer.json()["uid"] for answer in answers}) == 1


async def test_an_update_replaces_metadata_and_merges_configuration_by_its_top_level_keys(
    client: httpx.AsyncClient, workspace: str, base: str
) -> None:
    made = await client.put(base, json={"metadata": {"a": 1}, "configuration": {"summary": {"enabled": True}, "x": 1}})
    await client.put(
        base,
        json={
            "metadata": {"b": 2},
            "configuration": {
                "summary": {"messages_per_short_summary": 12},
                "reasoning": {"enabled": False},
                "x": None,
            },
        },
    )
    alone = await client.put(base, json={"metadata": None, "configuration": None})
    nothing = await client.put(base, json={"configuration": {}})
    cleared = await client.put(base, json={"metadata": {}})

    assert made.status_code == 200
    assert made.json()["configuration"] == {"summary": {"enabled": True}, "x": 1}
    expected = {"summary": {"messages_per_short_summary": 12}, "reasoning": {"enabled": False}, "x": 1}
    assert alone.json()["configuration"] == nothing.json()["configuration"] == expected
    assert alone.json()["metadata"] == nothing.json()["metadata"] == {"b": 2}
    assert cleared.json()["metadata"] == {}
    assert (await client.post("/v3/workspaces", json={"id": workspace})).json() == cleared.json()


async def test_clients_that_merge_at_once_lose_no_key(client: httpx.AsyncClient, workspace: str, base: str) -> None:
    await client.post("/v3/workspaces", json={"id": workspace})

    await asyncio.gather(*(client.put(base, json={"configuration": {f"key{n}": n}}) for n in range(20)))

    stored = (await client.post("/v3/workspaces", json={"id": workspace})).json()["configuration"]
    assert stored == {f"key{n}": n for n in range(20)}


async def test_a_name_in_the_path_that_nothing_can_have_is_refused(client: httpx.AsyncClient) -> None:
    assert "workspace name must match" in detail(await client.put("/v3/workspaces/a.b", json={}))
    assert "at most 512" in detail(await client.put(f"/v3/workspaces/{'a' * 513}", json={}))


async def test_workspaces_are_listed_oldest_first_and_filtered(client: httpx.AsyncClient) -> None:
    mark = new_id()
    names = [f"w-{new_id()}" for _ in range(3)]
    for number, name in enumerate(names):
        await client.post("/v3/workspaces", json={"id": name, "metadata": {"mark": mark, "n": number}})

    body = {"filters": {"metadata": {"mark": mark}}}
    oldest = (await client.post("/v3/workspaces/list", json=body)).json()
    newest = (await client.post("/v3/workspaces/list?reverse=true&size=2", json=body)).json()
    some = await client.post("/v3/workspaces/list", json={"filters": {"OR": [{"id": names[0]}, {"id": names[2]}]}})

    assert [item["id"] for item in oldest["items"]] == names
    assert {key: oldest[key] for key in ("total", "page", "size", "pages")} == {
        "total": 3,
        "page": 1,
        "size": 50,
        "pages": 1,
    }
    assert [item["id"] for item in newest["items"]] == [names[2], names[1]]
    assert (newest["total"], newest["pages"]) == (3, 2)
    assert [item["id"] for item in some.json()["items"]] == [names[0], names[2]]


async def test_null_metadata_and_configuration_are_refused_when_creating(
    client: httpx.AsyncClient, workspace: str
) -> None:
    answer = await client.post("/v3/workspaces", json={"id": workspace, "metadata": None, "configuration": None})

    assert [(problem["type"], problem["loc"]) for problem in problems(answer)] == [
        ("dict_type", ["body", "metadata"]),
        ("model_attributes_type", ["body", "configuration"]),
    ]
