"""A connection that breaks during a commit: no acknowledged write is lost, none is made twice, none is a failure."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable

import httpx
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.ids import new_id
from tests.api.conftest import serving
from tests.api.forwarding import Cutting, Fate

ROUNDS = 24
AT_ONCE = 4


@pytest.fixture(scope="module")
async def cutting(neo4j_server: Neo4jServer) -> AsyncGenerator[Cutting]:
    forwarder = Cutting(neo4j_server.uri)
    await forwarder.up()
    yield forwarder
    await forwarder.down()


@pytest.fixture(scope="module")
async def cut_client(
    cutting: Cutting, neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[httpx.AsyncClient]:
    behind = Neo4jServer(f"bolt://127.0.0.1:{cutting.port}", neo4j_server.user, neo4j_server.password, "")
    folder = tmp_path_factory.mktemp("cut")
    service = serving(behind, redis_server, folder, DOXA_NEO4J_RETRY_SECONDS="4", DOXA_NEO4J_ACQUIRE_SECONDS="2")
    # It waits for the service, which waits for the forwarder in this thread's loop.
    running = await asyncio.to_thread(service.__enter__)
    try:
        async with httpx.AsyncClient(base_url=running.url, timeout=60) as client:
            yield client
    finally:
        await asyncio.to_thread(service.__exit__, None, None, None)


async def say(client: httpx.AsyncClient, base: str, text: str) -> httpx.Response:
    body = {"messages": [{"peer_id": "ann", "content": f"{text} {n}"} for n in range(2)]}
    return await client.post(f"{base}/sessions/s/messages", json=body)


async def upload(client: httpx.AsyncClient, base: str, text: str) -> httpx.Response:
    file = ("notes.txt", text.encode(), "text/plain")
    return await client.post(f"{base}/sessions/s/messages/upload", files={"file": file}, data={"peer_id": "ann"})


async def conclude(client: httpx.AsyncClient, base: str, text: str) -> httpx.Response:
    stated = [{"content": text, "observer_id": "ann", "observed_id": "ann"}]
    return await client.post(f"{base}/conclusions", json={"conclusions": stated})


async def everything(client: httpx.AsyncClient, path: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    page = 1
    while True:
        answer = (await client.post(f"{path}?size=100&page={page}")).json()
        found += answer["items"]
        if page >= answer["pages"]:
            return found
        page += 1


@pytest.mark.parametrize("send", [say, upload, conclude])
async def test_each_write_takes_effect_once_wherever_its_commit_is_cut(
    client: httpx.AsyncClient,
    cut_client: httpx.AsyncClient,
    cutting: Cutting,
    base: str,
    send: Callable[[httpx.AsyncClient, str, str], Awaitable[httpx.Response]],
) -> None:
    await client.post(f"{base}/peers", json={"id": "ann"})
    drawn = random.Random(7)
    fates: list[Fate] = ["before", "during", "after"]
    cutting.cuts.clear()
    cutting.fate = lambda: drawn.choice(fates) if drawn.random() < 0.5 else None
    try:
        answers: list[httpx.Response] = []
        for first in range(0, ROUNDS, AT_ONCE):
            sent = (send(cut_client, base, f"text {number}") for number in range(first, first + AT_ONCE))
            answers += await asyncio.gather(*sent)
    finally:
        cutting.fate = lambda: None

    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert set(cutting.cuts) == set(fates), cutting.cuts
    acknowledged = sorted(str(one["id"]) for answer in answers for one in answer.json())
    lists = f"{base}/conclusions/list" if send is conclude else f"{base}/sessions/s/messages/list"
    assert sorted(str(one["id"]) for one in await everything(client, lists)) == acknowledged
    assert len(acknowledged) == ROUNDS * (2 if send is say else 1)


@pytest.mark.parametrize("fate", ["before", "during", "after"])
async def test_what_cannot_be_known_is_told_so_and_a_key_makes_it_safe_to_send_again(
    client: httpx.AsyncClient, cut_client: httpx.AsyncClient, cutting: Cutting, base: str, fate: Fate
) -> None:
    path = f"{base}/sessions/s/messages"
    body = {"messages": [{"peer_id": "ann", "content": "Hello."}]}
    headers = {"Idempotency-Key": new_id()}
    gone: list[asyncio.Task[None]] = []

    def cut() -> Fate:
        gone.append(asyncio.get_running_loop().create_task(leave()))
        return fate

    async def leave() -> None:
        await asyncio.sleep(0.1)
        await cutting.down()

    cutting.fate = cut
    try:
        lost = await cut_client.post(path, json=body, headers=headers)
        assert gone
        assert (lost.status_code, lost.headers.get("Retry-After")) == (503, "1"), lost.text
    finally:
        cutting.fate = lambda: None
        await asyncio.gather(*gone)
        await cutting.up()
    again = await cut_client.post(path, json=body, headers=headers)
    assert again.status_code == 201, again.text
    assert [one["id"] for one in await everything(client, f"{path}/list")] == [one["id"] for one in again.json()]
    if fate != "during":
        assert ("Idempotent-Replay" in again.headers) is (fate == "after")
