"""The remote embedder: sizes are checked, order kept, passing troubles outlived, lasting ones named."""

import math

import pytest

from app.models.embedders import Embedder, embedder
from app.models.faults import DimensionMismatch, ModelGarbage, ModelPermanent, ModelTransient
from app.models.remote import BATCH, BLANK, RemoteEmbedder, remote
from app.settings import EmbeddingSettings
from tests.models.scripted import Call, Fail, Raw, Reply, ScriptedServer, Vectors, embedding, hashed_vector


def client(server: ScriptedServer, dimensions: int = 8, timeout_seconds: float = 5) -> RemoteEmbedder:
    return remote(server.url, "key-1", "vectors-1", dimensions, timeout_seconds)


async def test_the_settings_make_a_remote_embedder(scripted: ScriptedServer) -> None:
    scripted.script = embedding(8)
    settings = EmbeddingSettings(base_url=scripted.url, api_key="key-1", model="vectors-1", dimensions=8)
    made: Embedder = embedder(settings)
    await made.prepare()
    assert (made.model, made.dimensions) == ("vectors-1", 8)
    assert scripted.calls[0].path == "/v1/embeddings"
    assert scripted.calls[0].headers["authorization"] == "Bearer key-1"
    assert "dimensions" not in scripted.calls[0].body
    await made.close()


async def test_texts_go_in_batches_and_come_back_in_order(scripted: ScriptedServer) -> None:
    scripted.script = embedding(32)
    made = client(scripted, 32)
    texts = [f"word{i} ferry" for i in range(BATCH * 2 + 3)]
    assert await made.passages(texts) == [pytest.approx(hashed_vector(text, 32)) for text in texts]
    assert [len(call.texts) for call in scripted.calls] == [BATCH, BATCH, 3]
    assert await made.passages([]) == []
    await made.close()


async def test_vectors_out_of_order_are_put_in_order(scripted: ScriptedServer) -> None:
    body = b'{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,0]}]}'
    scripted.script = lambda call: Raw(body)
    made = client(scripted, 2)
    assert await made.passages(["a", "b"]) == [[1, 0], [0, 1]]
    await made.close()


async def test_blank_and_broken_text_is_never_sent_as_such(scripted: ScriptedServer) -> None:
    scripted.script = embedding(8)
    made = client(scripted)
    for vector in await made.passages(["", " \n", "a\ud800b", "a\0b"]):
        assert math.isclose(sum(value * value for value in vector), 1.0, abs_tol=1e-6)
    assert scripted.calls[0].texts == [BLANK, BLANK, "a?b", "a b"]
    await made.close()


async def test_a_long_text_is_cut_to_the_window(scripted: ScriptedServer) -> None:
    scripted.script = embedding(8)
    made = client(scripted)
    await made.query("word " * 20_000)
    assert 1_000 < len(scripted.calls[0].texts[0]) < 50_000
    await made.close()


async def test_a_wrong_size_is_said_with_both_numbers(scripted: ScriptedServer) -> None:
    scripted.script = embedding(8)
    made = client(scripted, 16)
    with pytest.raises(DimensionMismatch, match=r"vectors-1: its vectors have 8 dimensions, .* says 16"):
        await made.prepare()
    await made.close()


async def test_a_model_of_several_sizes_is_asked_for_the_configured_one(scripted: ScriptedServer) -> None:
    def answer(call: Call) -> Reply:
        size = call.body.get("dimensions", 16)
        assert isinstance(size, int)
        return Vectors([hashed_vector(text, size) for text in call.texts])

    scripted.script = answer
    made = client(scripted, 4)
    assert len(await made.query("one")) == 4
    assert len(await made.query("two")) == 4
    assert [call.body.get("dimensions") for call in scripted.calls] == [None, 4, 4]
    await made.close()


async def test_an_endpoint_that_refuses_the_parameter_is_reported_by_size(scripted: ScriptedServer) -> None:
    plain = embedding(8)
    scripted.script = lambda call: Fail(400, "unknown parameter") if "dimensions" in call.body else plain(call)
    made = client(scripted, 4)
    with pytest.raises(DimensionMismatch, match="8 dimensions"):
        await made.query("one")
    await made.close()


async def test_passing_troubles_are_outlived(scripted: ScriptedServer) -> None:
    plain = embedding(8)
    scripted.script = lambda call: Fail(429, headers={"retry-after": "0"}) if call.number < 3 else plain(call)
    made = client(scripted)
    assert len(await made.query("one")) == 8
    assert len(scripted.calls) == 3
    await made.close()


async def test_a_long_wait_asked_for_is_handed_up(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Fail(429, headers={"retry-after": "90"})
    made = client(scripted)
    with pytest.raises(ModelTransient) as raised:
        await made.query("one")
    assert raised.value.retry_after == 90
    assert len(scripted.calls) == 1
    await made.close()


async def test_a_wrong_key_is_not_tried_again(scripted: ScriptedServer) -> None:
    scripted.script = lambda call: Fail(401, "Incorrect API key")
    made = client(scripted)
    with pytest.raises(ModelPermanent, match="embedding model vectors-1: the endpoint answered 401"):
        await made.query("one")
    assert len(scripted.calls) == 1
    await made.close()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"{}",
        b'{"data":[]}',
        b'{"data":[{"index":0,"embedding":[0,0]}]}',
        b'{"data":[{"index":1,"embedding":[1,0]}]}',
        b'{"data":[{"index":0,"embedding":[1,null]}]}',
        b'{"data":[{"index":0,"embedding":[1e308,1e308]}]}',
    ],
)
async def test_an_answer_that_makes_no_sense_is_never_taken_for_vectors(scripted: ScriptedServer, body: bytes) -> None:
    scripted.script = lambda call: Raw(body) if call.number == 1 else Fail(429, headers={"retry-after": "60"})
    made = client(scripted, 2)
    with pytest.raises(ModelTransient) as raised:
        await made.query("one")
    assert isinstance(raised.value, ModelGarbage) or len(scripted.calls) == 2
    await made.close()


async def test_a_base_url_without_a_scheme_is_refused() -> None:
    with pytest.raises(ModelPermanent, match="must start with http:// or https://"):
        remote("localhost:8080/v1", None, "m", 8, 5)
