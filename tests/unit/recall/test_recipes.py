"""How places are shared out among the branches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.recall.recipes import RECIPES, REPRESENTATION, Places, Recipe, share

TOTALS = st.integers(min_value=1, max_value=100)


@pytest.mark.parametrize(
    ("total", "searching", "top_k", "frequent", "expected"),
    [
        (25, False, None, False, Places(0, 0, 25)),
        (25, False, None, True, Places(0, 12, 13)),
        (100, False, None, True, Places(0, 50, 50)),
        (25, True, None, False, Places(8, 0, 17)),
        (25, True, None, True, Places(8, 8, 9)),
        (100, True, None, True, Places(33, 33, 34)),
        (25, True, 20, True, Places(20, 5, 0)),
        (25, True, 100, True, Places(25, 0, 0)),
        (1, True, None, True, Places(1, 0, 0)),
        (2, True, None, True, Places(1, 0, 1)),
        (1, False, None, True, Places(0, 0, 1)),
        (25, False, 20, False, Places(0, 0, 25)),
    ],
)
def test_places_follow_the_recipe(
    total: int, searching: bool, top_k: int | None, frequent: bool, expected: Places
) -> None:
    places = share(REPRESENTATION, total=total, searching=searching, top_k=top_k, include_most_frequent=frequent)

    assert places == expected


@given(st.sampled_from(RECIPES), TOTALS, st.booleans(), st.none() | TOTALS, st.booleans())
def test_all_places_are_given_and_none_twice(
    recipe: Recipe, total: int, searching: bool, top_k: int | None, frequent: bool
) -> None:
    places = share(recipe, total=total, searching=searching, top_k=top_k, include_most_frequent=frequent)

    assert places.semantic + places.frequent + places.recent == total
    assert min(places.semantic, places.frequent, places.recent) >= 0
    assert (places.semantic > 0) == searching


def test_recipes_have_names_of_their_own() -> None:
    assert len({recipe.name for recipe in RECIPES}) == len(RECIPES)
