"""The similarity from which conclusions may merge, checked on pairs of the same and of different meaning."""

from collections.abc import AsyncIterator

import pytest

from app.models.local import LocalEmbedder
from app.models.minilm import minilm

SAME = [
    ("Ana lives in Lisbon.", "Ana is living in Lisbon."),
    ("Ana moved to Lisbon in March 2023.", "In March 2023 Ana moved to Lisbon."),
    ("Ana works as a nurse.", "Ana is a nurse."),
    ("Ana likes jazz.", "Ana enjoys jazz."),
    ("Ana loves jazz.", "Ana really loves jazz music."),
    ("Ana has two kids.", "Ana has two children."),
    ("Ana's dog is called Rex.", "Ana has a dog called Rex."),
    ("Ana's dog is named Rex.", "Ana's dog is called Rex."),
    ("Ana does not eat meat.", "Ana doesn't eat meat."),
    ("Ana is a vegetarian.", "Ana is vegetarian."),
    ("Ana has been painting since 2016.", "Ana has painted since 2016."),
    ("Ana started a new job at Siemens.", "Ana began a new job at Siemens."),
    ("Ana was born in 1990.", "Ana's year of birth is 1990."),
    ("Ana got back from Rome on 7 May 2023.", "Ana returned from Rome on 7 May 2023."),
    ("Ana plans to run a marathon.", "Ana is planning to run a marathon."),
    ("Ana's sister Eva lives in Porto.", "Eva, Ana's sister, lives in Porto."),
    ("Ana is allergic to peanuts.", "Ana has a peanut allergy."),
    ("Ana speaks Portuguese and English.", "Ana speaks English and Portuguese."),
    ("Ana wants to learn the cello.", "Ana would like to learn to play the cello."),
    ("Ana lost their job on 3 June 2022.", "On 3 June 2022 Ana lost their job."),
]
"""Paraphrases."""

DIFFERENT = [
    ("Ana works as a nurse.", "Ana worked as a nurse."),
    ("Ana's sister Eva lives in Porto.", "Ana's sister Eva lived in Porto."),
    ("Ana plans to run a marathon.", "Ana ran a marathon."),
    ("Ana wants to learn the cello.", "Ana is learning the cello."),
    ("Ana started a new job at Siemens.", "Ana left their job at Siemens."),
    ("Ana lives with their parents.", "Ana lives near their parents."),
    ("Ana likes jazz.", "Ana dislikes jazz."),
    ("Ana is a vegetarian.", "Ana is a vegan."),
    ("Ana's dog is called Rex.", "Ana's cat is called Rex."),
    ("Ana is allergic to peanuts.", "Ana is allergic to walnuts."),
    ("Ana likes coffee.", "Ana likes tea."),
    ("Ana has two kids.", "Ana has three kids."),
]
"""Different meanings that a look at digits, capitalised names and negating words does not tell apart."""

GUARDED = [
    ("Ana moved to Lisbon in March 2023.", "Ana moved to Lisbon in March 2022."),
    ("Ana has been painting since 2016.", "Ana has been painting since 2018."),
]
"""Different meanings that similarity cannot tell apart at any useful threshold."""


@pytest.fixture(scope="module")
async def embedder() -> AsyncIterator[LocalEmbedder]:
    made = minilm(1)
    yield made
    await made.close()


async def similarities(embedder: LocalEmbedder, pairs: list[tuple[str, str]]) -> list[float]:
    vectors = await embedder.passages([text for pair in pairs for text in pair])
    return [
        sum(a * b for a, b in zip(one, other, strict=True))
        for one, other in zip(vectors[::2], vectors[1::2], strict=True)
    ]


async def test_no_pair_of_different_meaning_merges_by_similarity(embedder: LocalEmbedder) -> None:
    assert max(await similarities(embedder, DIFFERENT)) < embedder.merge_similarity


async def test_some_paraphrases_merge(embedder: LocalEmbedder) -> None:
    found = await similarities(embedder, SAME)
    assert sum(value >= embedder.merge_similarity for value in found) >= 4


async def test_years_need_a_rule_beside_the_similarity(embedder: LocalEmbedder) -> None:
    assert min(await similarities(embedder, GUARDED)) >= embedder.merge_similarity - 0.001
