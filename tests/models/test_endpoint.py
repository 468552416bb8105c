"""One call to an endpoint ends, whatever the endpoint does, and says plainly how."""

import asyncio
import socket

import pytest
from msgspec import Struct

from app.models.endpoint import Endpoint
from app.models.faults import ModelGarbage, ModelPermanent, ModelTransient
from tests.models.scripted import Call, Endless, Fail, Hang, Raw, Reply, ScriptedServer


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
    assert raised.value.truncated


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
    with pytest.raises(ModelPermanent, match=r"model m: the endpoint answered 404: .*does not exist"):
        await ask(scripted.url)


@pytest.mark.parametrize("url", ["ftp://a/v1", "localhost:80", "http://"])
def test_a_base_url_that_makes_no_sense_is_refused(url: str) -> None:
    with pytest.raises(ModelPermanent, match="base URL"):
        Endpoint(url, None, 5)
