"""Recipes: how a representation's places are shared out among the branches that fill it. Data, not code paths."""

from msgspec import Struct

#: The most conclusions any representation holds.
MOST_CONCLUSIONS = 100


class Recipe(Struct, frozen=True, kw_only=True):
    """What a representation is made of when its caller does not say.

    Attributes:
        name: what it is for.
        max_conclusions: places in all.
        include_most_frequent: whether the most often concluded get places of their own.
        semantic_part: one in so many places goes to the nearest to what is searched for; at least one.
        frequent_part: one in so many goes to the most often concluded.
        frequent_part_searching: the same when something is searched for.
    """

    name: str
    max_conclusions: int
    include_most_frequent: bool
    semantic_part: int = 3
    frequent_part: int = 2
    frequent_part_searching: int = 3


class Places(Struct, frozen=True):
    """How many places each branch has; what the first two leave goes to the newest."""

    semantic: int
    frequent: int
    recent: int


REPRESENTATION = Recipe(name="representation", max_conclusions=25, include_most_frequent=False)
PEER_CONTEXT = Recipe(name="peer context", max_conclusions=MOST_CONCLUSIONS, include_most_frequent=True)
SESSION_CONTEXT = Recipe(name="session context", max_conclusions=MOST_CONCLUSIONS, include_most_frequent=False)

RECIPES = (REPRESENTATION, PEER_CONTEXT, SESSION_CONTEXT)


def share(recipe: Recipe, *, total: int, searching: bool, top_k: int | None, include_most_frequent: bool) -> Places:
    """Share `total` places out among the branches.

    Args:
        recipe: the parts.
        total: places in all, at least 1.
        searching: whether something is searched for.
        top_k: places for the nearest, if the caller wants another number than the recipe's.
        include_most_frequent: whether the most often concluded get places of their own.
    """
    semantic = frequent = 0
    if searching:
        semantic = min(max(1, top_k or total // recipe.semantic_part), total)
    if include_most_frequent:
        part = recipe.frequent_part_searching if searching else recipe.frequent_part
        frequent = min(total // part, total - semantic)
    return Places(semantic=semantic, frequent=frequent, recent=total - semantic - frequent)
