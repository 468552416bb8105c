"""Every limit of a request: what is at it is taken, what is one past it is refused and changes nothing."""

from typing import Any, cast

import httpx
import pytest

from tests.api.limit_table import LIMITS, MESSAGES, Json, Limit


def schema(levels: int) -> Json:
    inner: Json = {"type": "string"}
    for _ in range(levels - 1):
        inner = {"type": "object", "properties": {"k": inner}}
    return inner


@pytest.fixture(scope="module")
async def place(client: httpx.AsyncClient) -> str:
    """A workspace with a peer, two sessions and a scope over one of them."""
    base = "/v3/workspaces/limits"
    made = [
        await client.post(f"{base}/peers", json={"id": "ann"}),
        await client.post(f"{base}/sessions", json={"id": "s", "peers": {"ann": {}}}),
        await client.post(f"{base}/sessions", json={"id": "watched"}),
        await client.post(f"{base}/scopes", json={"id": "area"}),
        await client.post(f"{base}/scopes/area/sessions", json={"session_ids": ["s"]}),
    ]
    assert [answer.status_code for answer in made if answer.status_code not in {200, 201, 204}] == []
    return base


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
async def test_a_limit_is_where_it_is_said_to_be(limit: Limit, place: str, client: httpx.AsyncClient) -> None:
    past = await send(client, place, limit.send(limit.past))
    assert past.status_code == limit.refused, (past.status_code, past.text[:300])
    said_why = past.json()["detail"]
    assert said_why if isinstance(said_why, str) else said_why[0]["msg"] and said_why[0]["loc"]

    at = await send(client, place, limit.send(limit.last))
    assert 200 <= at.status_code < 300, (at.status_code, at.text[:300])


async def test_a_workspace_has_at_most_ten_webhooks(client: httpx.AsyncClient, base: str) -> None:
    await client.post("/v3/workspaces", json={"id": base.rpartition("/")[2]})
    statuses = [
        (await client.post(f"{base}/webhooks", json={"url": f"https://example.com/{number}"})).status_code
        for number in range(11)
    ]
    assert statuses == [201] * 10 + [409]


async def test_a_workspaces_name_has_at_most_512_characters(client: httpx.AsyncClient, workspace: str) -> None:
    longest = workspace.ljust(512, "x")
    assert (await client.post("/v3/workspaces", json={"id": longest})).status_code == 201
    assert (await client.post("/v3/workspaces", json={"id": f"{longest}x"})).status_code == 422
    assert (await client.post("/v3/workspaces", json={"id": ""})).status_code == 422
    assert (await client.put(f"/v3/workspaces/{longest}x", json={})).status_code == 422


@pytest.mark.parametrize(("size", "status"), [(5_242_880, 201), (5_242_881, 413)])
async def test_an_upload_has_at_most_five_mebibytes(
    size: int, status: int, client: httpx.AsyncClient, base: str
) -> None:
    # Blank lines: the size is what counts here, not what is in it.
    file = ("long.txt", b"\n" * size, "text/plain")
    answer = await client.post(f"{base}{MESSAGES}/upload", files={"file": file}, data={"peer_id": "ann"})
    assert answer.status_code == status, answer.text[:300]


@pytest.mark.parametrize(
    ("wanted", "passes"), [(schema(20), True), (schema(21), False)], ids=["20 levels", "21 levels"]
)
async def test_a_response_format_has_at_most_20_levels(
    wanted: Json, passes: bool, client: httpx.AsyncClient, place: str
) -> None:
    answer = await client.post(f"{place}/peers/ann/chat", json={"query": "x", "response_format": wanted})
    # Without a model none is followed, which the answer says of those that could be.
    assert answer.status_code == 422
    assert ("model" in answer.json()["detail"]) is passes, answer.text


async def send(client: httpx.AsyncClient, base: str, request: tuple[str, str, object]) -> httpx.Response:
    verb, path, body = request
    more = cast("dict[str, Any]", {} if body is None else {"json": body})
    return await client.request(verb, f"{base}{path}", **more)
