"""One call to an endpoint ends, whatever the endpoint does, and says plainly how."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from msgspec import Struct

from app.models.endpoint import Endpoint
from app.models.faults import ModelGarbage, ModelPermanent, ModelTransient
from app.settings import CircuitSettings
from tests.models.scripted import Call, Endless, Fail, Hang, Raw, Reply, Say, ScriptedServer


class Told(Struct):
    word: str


async def ask(url: str, timeout_seconds: float = 5, max_bytes: int = 1_000_000) -> str:
    endpoint = Endpoint(url, None, timeout_seconds, max_bytes)
    try:
        return (await endpoint.post("/anything", {"model": "m"}, Told, "model m")).word
    finally:
        await endpoint.close()


async def test_an_answer_is_decoded_and_what_it_holds_beyond_is_ignored(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Raw(b'{"word": "yes", "more": [1, 2]}')
    assert await ask(scripted.url) == "yes"
    call = scripted.calls[0]
    assert (call.path, call.body) == ("/v1/anything", {"model": "m"})
    assert call.headers["authorization"] == "Bearer none"


async def test_one_client_serves_many_calls_at_once(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Raw(b'{"word": "yes"}')
    endpoint = Endpoint(scripted.url, "k", 5)
    calls = [endpoint.post("/x", {}, Told, "model m") for _ in range(20)]
    assert {told.word for told in await asyncio.gather(*calls)} == {"yes"}
    await endpoint.close()


@pytest.mark.parametrize("reply", [Hang(), Endless(pause=0.05, chunk=b" ")])
async def test_an_answer_that_never_ends_is_given_up(scripted: ScriptedServer, reply: Reply) -> None:
    scripted.script = lambda call: reply
    with pytest.raises(ModelTransient, match="model m: no answer within the time limit"):
        await ask(scripted.url, timeout_seconds=0.5)
    assert len(scripted.calls) == 1


@pytest.mark.parametrize("reply", [Endless(), Raw(b" " * 2_000_000), Raw(b"x" * 2_000_000, 500)])
async def test_an_answer_that_is_too_large_is_given_up(scripted: ScriptedServer, reply: Reply) -> None:
    scripted.script = lambda call: reply
    with pytest.raises(ModelGarbage, match="larger than 1000000 bytes") as raised:
        await ask(scripted.url)
    assert not raised.value.truncated, "a smaller task would not help"


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"word":', b'{"word": 1}', b"[" * 100_000])
async def test_an_answer_that_is_not_the_api_is_garbage(scripted: ScriptedServer, body: bytes) -> None:
    scripted.script = lambda call: Raw(body)
    with pytest.raises(ModelGarbage, match="not what the API promises"):
        await ask(scripted.url)


async def test_a_connection_lost_half_way_is_transient(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Raw(b'{"word": "y', declared=1000)
    with pytest.raises(ModelTransient) as raised:
        await ask(scripted.url)
    assert type(raised.value) is ModelTransient


async def test_nothing_listening_is_transient() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ModelTransient, match=r"Connection error\. \(ConnectError\)"):
            await ask(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")


async def test_nothing_is_tried_twice(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Fail(503, headers={"retry-after": "2"})
    with pytest.raises(ModelTransient, match="answered 503") as raised:
        await ask(scripted.url)
    assert raised.value.retry_after == 2
    assert len(scripted.calls) == 1


async def test_a_wrong_model_name_is_permanent(scripted: ScriptedServer) -> None:
    def answer(call: Call) -> Reply:
        return Fail(404, "model m does not exist")

    scripted.script = answer
    with pytest.raises(ModelPermanent, match=r"^model m: the endpoint answered 404 \(scripted\)$") as raised:
        await ask(scripted.url)
    # Kept for whoever has to look into them; not shown, since they may quote a message or a key.
    assert "does not exist" in raised.value.said


@pytest.mark.parametrize("url", ["ftp://a/v1", "localhost:80", "http://"])
def test_a_base_url_that_makes_no_sense_is_refused(url: str) -> None:
    with pytest.raises(ModelPermanent, match="base URL"):
        Endpoint(url, None, 5)


class Piece(Struct):
    choices: list[dict[str, object]] = []


@pytest.fixture
async def narrow(scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Endpoint]:
    """An endpoint that takes one call at a time, and a stream for 1.2 seconds at most."""
    monkeypatch.setattr("app.models.endpoint.STREAM_LIMITS", 3)
    endpoint = Endpoint(scripted.url, None, 0.4, 1_000_000, model="m", concurrency=1)
    yield endpoint
    await endpoint.close()


async def read(endpoint: Endpoint, most: int = 1_000_000) -> int:
    """How many events of a stream came, up to `most`."""
    count = 0
    async with aclosing(endpoint.stream("/x", {"model": "m", "stream": True}, Piece, "model m")) as pieces:
        async for _ in pieces:
            count += 1
            if count == most:
                break
    return count


async def _posted(endpoint: Endpoint) -> int:
    return len((await endpoint.post("/x", {}, Told, "model m")).word)


EVENT = b'data: {"choices": []}\n\n'


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Hang(), id="nothing at all"),
        pytest.param(Say("some words", stalls=True), id="silence after the first piece"),
        pytest.param(Endless(pause=0.05, chunk=b": wait\n\n"), id="remarks without end"),
        pytest.param(Endless(pause=0.05, chunk=EVENT), id="pieces without end"),
        pytest.param(Endless(pause=0.05, chunk=b"x"), id="a line without end"),
    ],
)
async def test_a_stream_that_never_ends_is_given_up_and_makes_room(
    scripted: ScriptedServer, narrow: Endpoint, reply: Reply
) -> None:
    scripted.script = lambda call: reply
    with pytest.raises(ModelTransient, match="model m: "):
        await read(narrow)
    scripted.script = lambda call: Say("some words")
    assert await read(narrow) > 1


@pytest.mark.parametrize("chunk", [b"x" * 65536, EVENT * 3000, b": wait\n\n" * 5000])
async def test_a_stream_that_is_too_large_is_given_up(scripted: ScriptedServer, chunk: bytes) -> None:
    scripted.script = lambda call: Endless(chunk=chunk)
    endpoint = Endpoint(scripted.url, None, 20, 200_000)
    with pytest.raises(ModelGarbage, match="larger than 200000 bytes"):
        await read(endpoint)
    await endpoint.close()


async def test_a_reader_who_leaves_ends_the_call_and_makes_room(scripted: ScriptedServer, narrow: Endpoint) -> None:
    scripted.script = lambda call: Endless(pause=0.02, chunk=EVENT)
    assert await read(narrow, most=2) == 2
    scripted.script = lambda call: Raw(b'{"word": "yes"}')
    assert await _posted(narrow) == 3
    await asyncio.sleep(0.1)
    assert scripted.open == 0, "the connection of the first call is still being written to"


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_call_that_is_cancelled_makes_room_at_once(
    scripted: ScriptedServer, narrow: Endpoint, streamed: bool
) -> None:
    scripted.script = lambda call: Hang()
    calling = asyncio.ensure_future(read(narrow) if streamed else _posted(narrow))
    waiting = asyncio.ensure_future(_posted(narrow))
    await asyncio.sleep(0.1)
    assert len(scripted.calls) == 1, "two calls are under way"
    waiting.cancel()
    calling.cancel()
    await asyncio.wait((calling, waiting))
    scripted.script = lambda call: Raw(b'{"word": "yes"}')
    assert await _posted(narrow) == 3


async def test_a_reader_who_dawdles_keeps_nobody_from_calling(scripted: ScriptedServer, narrow: Endpoint) -> None:
    scripted.script = lambda call: Say("some words") if call.body.get("stream") else Raw(b'{"word": "yes"}')
    async with aclosing(narrow.stream("/x", {"model": "m", "stream": True}, Piece, "model m")) as pieces:
        await anext(pieces)
        assert await _posted(narrow) == 3
        assert len([piece async for piece in pieces]) > 1


async def test_a_compressed_answer_is_refused_before_it_unfolds(scripted: ScriptedServer) -> None:
    packed = gzip.compress(b" " * 50_000_000)
    scripted.script = lambda call: Raw(packed, headers={"content-encoding": "gzip"})
    with pytest.raises(ModelGarbage, match="compressed"):
        await ask(scripted.url)


async def test_an_endpoint_that_fails_again_and_again_is_left_alone(scripted: ScriptedServer) -> None:
    endpoint = Endpoint(scripted.url, None, 5, model="m", circuit=CircuitSettings(failures=3, seconds=60))
    scripted.script = lambda call: Fail(503)
    for _ in range(6):
        with pytest.raises(ModelTransient):
            await endpoint.post("/x", {}, Told, "model m")
        with pytest.raises(ModelTransient):
            await read(endpoint)
    assert len(scripted.calls) == 3
    await endpoint.close()
