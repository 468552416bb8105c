"""The similarity and the guard together, on pairs that say the same and pairs that do not."""

from collections.abc import AsyncIterator

import pytest

from app.models.local import LocalEmbedder
from app.models.minilm import minilm
from graph.likeness import may_be_same
from tests.bench.merging import Pair, read_pairs, score, similarities

PAIRS = read_pairs()


@pytest.fixture(scope="module")
async def cosines() -> AsyncIterator[tuple[LocalEmbedder, list[float]]]:
    embedder = minilm(1)
    yield embedder, await similarities(embedder, PAIRS)
    await embedder.close()


async def test_nothing_of_different_meaning_merges_and_most_of_the_same_does(
    cosines: tuple[LocalEmbedder, list[float]],
) -> None:
    embedder, found = cosines
    merged = [
        cosine >= embedder.merge_similarity and may_be_same(pair.one, pair.other)
        for cosine, pair in zip(found, PAIRS, strict=True)
    ]

    assert [pair for pair, taken in zip(PAIRS, merged, strict=True) if taken and not pair.same] == []
    assert score(PAIRS, merged).recall > 0.7


async def test_similarity_alone_would_merge_what_differs_in_a_year_a_name_or_a_negation(
    cosines: tuple[LocalEmbedder, list[float]],
) -> None:
    embedder, found = cosines
    wrong = {
        pair.kind
        for cosine, pair in zip(found, PAIRS, strict=True)
        if cosine >= embedder.merge_similarity and not pair.same
    }
    assert wrong >= {"number", "date", "name", "negation", "tense"}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not pair.same], ids=lambda pair: pair.one)
def test_the_guard_keeps_apart_what_differs_whichever_comes_first(pair: Pair) -> None:
    assert not may_be_same(pair.one, pair.other)
    assert not may_be_same(pair.other, pair.one)
