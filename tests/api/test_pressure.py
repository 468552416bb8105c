"""More than a process can take is refused in time, in a way that clients understand, and all else goes on."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from tests.api.conftest import Served, serving
from tests.api.forwarding import Forwarder
from tests.api.stating import peers, state
from tests.models.scripted import Hang, ScriptedServer

MEBIBYTE = 2**20
SECRET = "s" * 40
JSON = {"Content-Type": "application/json"}
REQUESTS, HELD, CHATS = 6, 4 * MEBIBYTE, 2


@contextmanager
def bounded(neo4j: Neo4jServer, redis: RedisServer, folder: Path, **more: str) -> Generator[Served]:
    bounds = {"DOXA_MAX_REQUESTS": str(REQUESTS), "DOXA_MAX_HELD_BYTES": str(HELD), "DOXA_MAX_CHATS": str(CHATS)}
    with serving(neo4j, redis, folder, METRICS_ENABLED="true", **bounds, **more) as running:
        yield running


@pytest.fixture
async def slow(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path
) -> AsyncGenerator[tuple[Served, Forwarder]]:
    """A service whose database can be made to stand still."""
    forwarder = Forwarder(neo4j_server.uri)
    await forwarder.up()
    behind = Neo4jServer(f"bolt://127.0.0.1:{forwarder.port}", neo4j_server.user, neo4j_server.password, "")
    service = bounded(behind, redis_server, tmp_path, DOXA_BODY_SECONDS="5")
    running = await asyncio.to_thread(service.__enter__)
    try:
        yield running, forwarder
    finally:
        forwarder.flows.set()
        await asyncio.to_thread(service.__exit__, None, None, None)
        await forwarder.down()


async def pieces(number: int) -> AsyncGenerator[bytes]:
    """A body of so many MiB, which is sent without its length."""
    for _ in range(number):
        yield b" " * MEBIBYTE


def resident(served: Served) -> int:
    process = psutil.Process(served.process.pid)
    return sum(one.memory_info().rss for one in [process, *process.children(recursive=True)])


async def test_a_database_that_stands_still_does_not_fill_the_memory_and_all_recovers(
    slow: tuple[Served, Forwarder], base: str
) -> None:
    served, forwarder = slow
    path = f"{base}/sessions/s/messages"
    large = {"messages": [{"peer_id": "ann", "content": "x" * 25_000} for _ in range(40)]}
    small = {"messages": [{"peer_id": "ann", "content": "Hello."}]}
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=served.url, timeout=60, limits=limits) as client:
        assert (await client.post(path, json=small)).status_code == 201
        before = resident(served)
        forwarder.flows.clear()

        waiting = [asyncio.create_task(client.post(path, json=large)) for _ in range(150)]
        answered: list[httpx.Response] = []
        while len(answered) < len(waiting) - REQUESTS:
            await asyncio.wait([one for one in waiting if not one.done()], return_when=asyncio.FIRST_COMPLETED)
            answered = [one.result() for one in waiting if one.done()]
        grown = resident(served) - before
        for always in ("/health", "/metrics"):
            assert (await client.get(always)).status_code == 200, always
        assert (await client.get("/ready")).status_code == 503

        assert Counter(one.status_code for one in answered).keys() == {503}
        assert {one.headers["Retry-After"] for one in answered} == {"1"}
        assert {one.json()["detail"] for one in answered} <= {
            "Too many requests are under way; try again",
            "Too many large requests are under way; try again",
        }
        # All bodies together are 150 MB.
        assert grown < 75 * MEBIBYTE, grown / MEBIBYTE

        forwarder.flows.set()
        statuses = Counter(one.status_code for one in await asyncio.gather(*waiting))
        assert set(statuses) == {201, 503}
        assert 1 <= statuses[201] <= HELD // MEBIBYTE
        again = [await client.post(path, json=small) for _ in range(3 * REQUESTS)]
        assert {one.status_code for one in again} == {201}
        total = (await client.post(f"{path}/list")).json()["total"]
        assert total == 1 + 40 * statuses[201] + len(again)


async def test_a_body_that_never_ends_is_cut_off_and_gives_its_place_back(
    slow: tuple[Served, Forwarder], base: str
) -> None:
    served, _ = slow
    where = urlsplit(served.url)
    head = f"POST {base}/peers HTTP/1.1\r\nHost: doxa\r\nContent-Type: application/json\r\n"
    bodies = [f"{head}Content-Length: 1000000\r\n\r\n", f"{head}Transfer-Encoding: chunked\r\n\r\n"]

    async def trickle(opening: str) -> bytes:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        writer.write(opening.encode())
        answer = asyncio.create_task(reader.read())
        while not answer.done():
            try:
                writer.write(b" " if "Length" in opening else b"1\r\n \r\n")
                await writer.drain()
            except OSError:
                break
            await asyncio.sleep(0.05)
        writer.close()
        return await answer

    async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
        hanging = [asyncio.create_task(trickle(bodies[number % 2])) for number in range(REQUESTS)]
        # Half of what they have: to ask sooner could take the place of one of them.
        await asyncio.sleep(2.5)
        assert (await client.post(f"{base}/peers", json={"id": "ann"})).status_code == 503
        answers = await asyncio.gather(*hanging)
        assert {answer.split(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 408 Request Timeout"}
        assert (await client.post(f"{base}/peers", json={"id": "ann"})).status_code == 201


async def test_a_body_of_unknown_length_cannot_take_more_than_all_may(
    slow: tuple[Served, Forwarder], base: str
) -> None:
    served, _ = slow

    async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
        for _ in range(5):
            answer = await client.post(f"{base}/peers", content=pieces(8), headers=JSON)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1"), answer.text
        assert (await client.post(f"{base}/peers", json={"id": "ann"})).status_code == 201


@pytest.mark.parametrize(("key", "status"), [("", 401), ("x" * 20, 401), (None, 413)])
async def test_who_is_refused_before_all_was_sent_is_told_so(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path, base: str, key: str | None, status: int
) -> None:
    guard = {} if key is None else {"AUTH_USE_AUTH": "true", "AUTH_JWT_SECRET": SECRET}
    with serving(neo4j_server, redis_server, tmp_path, DOXA_MAX_BODY_BYTES=str(HELD), **guard) as served:
        async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
            headers = {**JSON, **({"Authorization": f"Bearer {key}"} if key else {})}
            for _ in range(5):
                answer = await client.post(f"{base}/peers", content=pieces(12), headers=headers)
                assert answer.status_code == status, answer.text


async def test_chats_with_a_model_that_hangs_leave_room_for_writes(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path, base: str
) -> None:
    with ScriptedServer(lambda call: Hang()) as endpoint:
        model = {
            "OPENAI_BASE_URL": endpoint.url, "OPENAI_API_KEY": "sk", "DOXA_LLM_MODEL": "m",
            "DOXA_LLM_TIMEOUT_SECONDS": "6",
        }  # fmt: skip
        with bounded(neo4j_server, redis_server, tmp_path, **model) as served:
            async with httpx.AsyncClient(base_url=served.url, timeout=60) as client:
                await peers(client, base, "ann")
                await state(client, base, "ann lives in Porto.", observer="ann", observed="ann")
                ask = {"query": "Where does ann live?"}
                chats = [asyncio.create_task(client.post(f"{base}/peers/ann/chat", json=ask)) for _ in range(12)]
                done: set[asyncio.Task[httpx.Response]] = set()
                while len(done) < len(chats) - CHATS:
                    more, _ = await asyncio.wait(
                        [one for one in chats if one not in done], return_when=asyncio.FIRST_COMPLETED
                    )
                    done |= more
                refused = [one.result() for one in done]
                assert {(one.status_code, one.headers["Retry-After"]) for one in refused} == {(503, "1")}
                said = {"messages": [{"peer_id": "ann", "content": "Hello."}]}
                for _ in range(20):
                    assert (await client.post(f"{base}/sessions/s/messages", json=said)).status_code == 201
                # Writes were answered while chats were still waited for.
                assert not all(one.done() for one in chats)
                await asyncio.gather(*chats)
                assert endpoint.calls


def test_the_header_of_a_request_that_never_ends_holds_no_place(served: Served) -> None:
    where = urlsplit(served.url)
    held = [socket.create_connection((where.hostname or "", where.port or 0)) for _ in range(50)]
    try:
        for one in held:
            one.sendall(b"POST /v3/workspaces HTTP/1.1\r\nHost: doxa\r\n")
        assert httpx.post(f"{served.url}/v3/workspaces/list").status_code == 200
    finally:
        for one in held:
            one.close()
