"""A write that is sent again with its `Idempotency-Key` is made once and answered each time alike."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from graph.ids import new_id
from tests.api.conftest import detail, problems

Send = Callable[[httpx.AsyncClient, str, str, str], Awaitable[httpx.Response]]
CLIENTS = 30


async def say(client: httpx.AsyncClient, base: str, key: str, text: str) -> httpx.Response:
    body = {"messages": [{"peer_id": "ann", "content": f"{text} {n}", "metadata": {"n": n}} for n in range(3)]}
    return await client.post(f"{base}/sessions/s/messages", json=body, headers={"Idempotency-Key": key})


async def upload(client: httpx.AsyncClient, base: str, key: str, text: str) -> httpx.Response:
    # The client draws a new boundary each time, so the bytes of two bodies differ.
    file = ("notes.txt", text.encode() * 2_000, "text/plain")
    url = f"{base}/sessions/s/messages/upload"
    return await client.post(url, files={"file": file}, data={"peer_id": "ann"}, headers={"Idempotency-Key": key})


async def conclude(client: httpx.AsyncClient, base: str, key: str, text: str) -> httpx.Response:
    stated = [{"content": f"{text} {n}", "observer_id": "ann", "observed_id": "ann"} for n in range(3)]
    headers = {"Idempotency-Key": key}
    return await client.post(f"{base}/conclusions", json={"conclusions": stated}, headers=headers)


async def count(client: httpx.AsyncClient, base: str) -> int:
    """Messages and conclusions of a workspace."""
    lists = [f"{base}/sessions/s/messages/list", f"{base}/conclusions/list"]
    return sum([(await client.post(path)).json()["total"] for path in lists])


WRITES = pytest.mark.parametrize("send", [say, upload, conclude])


@WRITES
async def test_the_same_request_again_also_at_once_writes_nothing_and_is_answered_alike(
    client: httpx.AsyncClient, base: str, send: Send
) -> None:
    await client.post(f"{base}/peers", json={"id": "ann"})

    answers = await asyncio.gather(*(send(client, base, "key", "Hello.") for _ in range(CLIENTS)))
    answers.append(await send(client, base, "key", "Hello."))

    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    assert len({answer.text for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotent-Replay", "") for answer in answers) == ["", *["true"] * CLIENTS]
    assert await count(client, base) == len(answers[0].json()) > 1


@WRITES
async def test_a_key_is_not_taken_for_another_content_nor_in_another_session_but_in_another_workspace(
    client: httpx.AsyncClient, base: str, send: Send
) -> None:
    await client.post(f"{base}/peers", json={"id": "ann"})
    first = await send(client, base, "key", "Hello.")
    before = await count(client, base)

    assert "Idempotency-Key" in detail(await send(client, base, "key", "Hullo."))
    assert await count(client, base) == before

    elsewhere = f"{base}-elsewhere"
    await client.post(f"{elsewhere}/peers", json={"id": "ann"})
    other = await send(client, elsewhere, "key", "Hello.")
    assert (other.status_code, "Idempotent-Replay" in other.headers) == (201, False)
    assert other.json()[0]["id"] != first.json()[0]["id"]


async def test_a_key_belongs_to_its_session_and_to_its_kind_of_write(client: httpx.AsyncClient, base: str) -> None:
    assert (await say(client, base, "key", "Hello.")).status_code == 201
    body = {"messages": [{"peer_id": "ann", "content": f"Hello. {n}", "metadata": {"n": n}} for n in range(3)]}
    other = await client.post(f"{base}/sessions/t/messages", json=body, headers={"Idempotency-Key": "key"})
    assert "another request" in detail(other)
    assert (await client.post(f"{base}/sessions/t/messages/list")).json()["total"] == 0

    assert (await conclude(client, base, "key", "Hello.")).status_code == 201
    assert (await upload(client, base, "key", "Hello.")).status_code == 201


@WRITES
@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "tab\there", b"caf\xe9"])
async def test_a_key_that_breaks_its_rule_is_refused_by_name_and_nothing_is_written(
    client: httpx.AsyncClient, base: str, send: Send, key: str
) -> None:
    await client.post(f"{base}/peers", json={"id": "ann"})
    (problem,) = problems(await send(client, base, key, "Hello."))

    assert problem["loc"] == ["header", "Idempotency-Key"]
    assert "1 to 255 visible ASCII characters" in str(problem["msg"])
    assert await count(client, base) == 0


async def test_a_key_at_its_limit_is_taken_and_two_keys_are_not(client: httpx.AsyncClient, base: str) -> None:
    assert (await say(client, base, "!" * 255, "Hello.")).status_code == 201
    body = {"messages": [{"peer_id": "ann", "content": "Hello."}]}
    twice = [("Idempotency-Key", new_id()), ("Idempotency-Key", new_id())]
    assert problems(await client.post(f"{base}/sessions/s/messages", json=body, headers=twice))


async def test_a_request_that_failed_leaves_its_key_free(client: httpx.AsyncClient, base: str) -> None:
    assert (await conclude(client, base, "key", "Hello.")).status_code == 404
    await client.post(f"{base}/peers", json={"id": "ann"})
    answer = await conclude(client, base, "key", "Hullo.")
    assert (answer.status_code, "Idempotent-Replay" in answer.headers) == (201, False)


async def test_what_was_deleted_since_is_not_written_anew(client: httpx.AsyncClient, base: str) -> None:
    await client.post(f"{base}/peers", json={"id": "ann"})
    stored = (await conclude(client, base, "key", "Hello.")).json()
    await client.delete(f"{base}/conclusions/{stored[0]['id']}")

    assert "deleted" in detail(await conclude(client, base, "key", "Hello."), 404)
    assert await count(client, base) == len(stored) - 1


async def test_without_a_key_each_request_writes(client: httpx.AsyncClient, base: str) -> None:
    body = {"messages": [{"peer_id": "ann", "content": "Hello."}]}
    for _ in range(2):
        answer = await client.post(f"{base}/sessions/s/messages", json=body)
        assert (answer.status_code, "Idempotent-Replay" in answer.headers) == (201, False)
    assert await count(client, base) == 2
