"""Webhooks by route: what is taken, how many, and what is queued for them."""

import asyncio
from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.settings import load
from graph.driver import Database
from graph.store import work
from tests.api.conftest import Served, detail, problems, serving

HOOK = "https://example.com/hook"


@pytest.fixture
async def base(client: httpx.AsyncClient, workspace: str) -> str:
    await client.post("/v3/workspaces", json={"id": workspace})
    return f"/v3/workspaces/{workspace}"


@pytest.fixture
async def database(neo4j_server: Neo4jServer) -> AsyncGenerator[Database]:
    where = {"NEO4J_URI": neo4j_server.uri, "NEO4J_USERNAME": neo4j_server.user}
    opened = load({**where, "NEO4J_PASSWORD": neo4j_server.password}).database.connect()
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def sending(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Served]:
    """A service that sends, to anywhere."""
    folder = tmp_path_factory.mktemp("sending")
    with serving(
        neo4j_server, redis_server, folder, WEBHOOK_SECRET="secret", DOXA_WEBHOOK_ALLOW_PRIVATE="true"
    ) as running:
        yield running


async def test_a_webhook_is_made_listed_and_removed(client: httpx.AsyncClient, base: str, workspace: str) -> None:
    made = await client.post(f"{base}/webhooks", json={"url": HOOK})
    assert made.status_code == 201
    assert set(made.json()) == {"id", "workspace_id", "url", "created_at"}
    assert (made.json()["url"], made.json()["workspace_id"]) == (HOOK, workspace)
    again = await client.post(f"{base}/webhooks", json={"url": HOOK})
    assert (again.status_code, again.json()) == (200, made.json())
    other = await client.post(f"{base}/webhooks", json={"url": f"{HOOK}/2"})

    listed = (await client.get(f"{base}/webhooks")).json()
    assert listed == {"items": [made.json(), other.json()], "total": 2, "page": 1, "size": 50, "pages": 1}
    second = (await client.get(f"{base}/webhooks", params={"page": 2, "size": 1})).json()
    assert second["items"] == [other.json()]

    url = f"{base}/webhooks/{made.json()['id']}"
    gone = await client.delete(url)
    assert (gone.status_code, gone.content) == (204, b"")
    assert "not found" in detail(await client.delete(url), 404)
    assert (await client.get(f"{base}/webhooks")).json()["total"] == 1


async def test_a_webhook_of_another_workspace_is_out_of_reach(client: httpx.AsyncClient, base: str) -> None:
    made = (await client.post(f"{base}/webhooks", json={"url": HOOK})).json()
    await client.post("/v3/workspaces", json={"id": "elsewhere"})
    assert (await client.delete(f"/v3/workspaces/elsewhere/webhooks/{made['id']}")).status_code == 404
    assert (await client.get(f"{base}/webhooks")).json()["total"] == 1


async def test_an_unknown_workspace_has_no_webhooks(client: httpx.AsyncClient) -> None:
    nowhere = "/v3/workspaces/nowhere-at-all/webhooks"
    assert "nowhere-at-all" in detail(await client.post(nowhere, json={"url": HOOK}), 404)
    assert (await client.get(nowhere)).json()["items"] == []
    assert (await client.get(f"{nowhere}/test")).json() is None


async def test_ten_is_the_most_however_many_come_at_once(client: httpx.AsyncClient, base: str) -> None:
    urls = [f"{HOOK}/{number}" for number in range(20)]
    answers = await asyncio.gather(*(client.post(f"{base}/webhooks", json={"url": url}) for url in urls))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201] * 10 + [409] * 10
    assert (await client.get(f"{base}/webhooks")).json()["total"] == 10
    known = next(answer.json()["url"] for answer in answers if answer.status_code == 201)
    assert (await client.post(f"{base}/webhooks", json={"url": known})).status_code == 200


async def test_the_same_url_at_once_is_one_webhook(client: httpx.AsyncClient, base: str) -> None:
    answers = await asyncio.gather(*(client.post(f"{base}/webhooks", json={"url": HOOK}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/hook",
        "ftp://example.com",
        "http://",
        "http://127.0.0.1/",
        "http://127.0.0.1:8000/hook",
        "https://10.1.2.3",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "https://example.com/" + "x" * 2048,
        "http://exam ple.com",
    ],
)
async def test_a_url_must_be_one_that_may_be_told(url: str, client: httpx.AsyncClient, base: str) -> None:
    (problem,) = problems(await client.post(f"{base}/webhooks", json={"url": url}))
    assert problem["loc"] == ["body", "url"]
    assert str(problem["msg"]).startswith("Value error, url")
    assert (await client.get(f"{base}/webhooks")).json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "kind"), [({}, "missing"), ({"url": 7}, "string_type"), ({"url": None}, "string_type")]
)
async def test_a_url_is_wanted(body: dict[str, object], kind: str, client: httpx.AsyncClient, base: str) -> None:
    (problem,) = problems(await client.post(f"{base}/webhooks", json=body))
    assert (problem["type"], problem["loc"]) == (kind, ["body", "url"])


async def test_without_a_secret_nothing_is_queued_and_the_log_says_so_once(
    client: httpx.AsyncClient, base: str, workspace: str, database: Database, served: Served
) -> None:
    for number in range(3):
        await client.post(f"{base}/webhooks", json={"url": f"{HOOK}/{number}"})
        answer = await client.get(f"{base}/webhooks/test")
        assert (answer.status_code, answer.content) == (200, b"null")
    assert [key for key in await work.due(database, 100_000) if key.startswith(f"webhook/{workspace}/")] == []
    assert served.log.read_text().count("WEBHOOK_SECRET is not set") == 1


async def test_a_test_event_is_queued_for_each_webhook(sending: Served, workspace: str, database: Database) -> None:
    async with httpx.AsyncClient(base_url=sending.url) as client:
        base = f"/v3/workspaces/{workspace}"
        await client.post("/v3/workspaces", json={"id": workspace})
        for port in (1, 2):
            made = await client.post(f"{base}/webhooks", json={"url": f"http://127.0.0.1:{port}/"})
            assert made.status_code == 201, made.text
        answer = await client.get(f"{base}/webhooks/test")
        assert (answer.status_code, answer.content) == (200, b"null")
    queued = [key for key in await work.due(database, 100_000) if key.startswith(f"webhook/{workspace}/")]
    assert len(queued) == 2
