"""What one peer holds about another, chosen by a recipe and written as text."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, structs

from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import history
from graph.queries import recall as queries
from graph.recall.recalled import Recalled, merge
from graph.recall.recipes import Recipe, share
from graph.recall.rendering import render
from graph.store.conclusions import EXACT_BELOW


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of a perspective.

    Attributes:
        observer_id: who holds.
        observed_id: about whom.
        recipe: how the places are shared out.
        max_conclusions: places in all, 1 to 100.
        include_most_frequent: whether the most often concluded get places of their own.
        vector: what is searched for, of unit length in the store's dimension; None when nothing is.
        top_k: places for the nearest, if not the recipe's share.
        max_distance: largest cosine distance that counts as near, 0 to 1.
        session_ids: recall only what was said outright in these sessions; None for no such limit, empty for nothing.
        as_of: recall what was held then, the retired included; None for what is held now.
    """

    observer_id: str
    observed_id: str
    recipe: Recipe
    max_conclusions: int
    include_most_frequent: bool
    vector: Sequence[float] | None = None
    top_k: int | None = None
    max_distance: float | None = None
    session_ids: Sequence[str] | None = None
    as_of: datetime | None = None


class Representation(Struct, frozen=True):
    """A perspective as text, and what the text is made of, each with why it was recalled."""

    text: str
    recalled: Sequence[Recalled]


async def representation(database: Database, workspace_id: str, asked: Asked) -> Representation:
    """What a perspective holds, as text; an unknown perspective holds nothing.

    Raises:
        StoreFault: the database did not do its part.
    """
    return await database.read(lambda tx: represent(tx, workspace_id, asked))


async def represent(tx: Transaction, workspace_id: str, asked: Asked) -> Representation:
    """As `representation`, inside a transaction; at most three queries."""
    if asked.session_ids is not None and not asked.session_ids:
        return Representation("", ())
    places = share(
        asked.recipe,
        total=asked.max_conclusions,
        searching=asked.vector is not None,
        top_k=asked.top_k,
        include_most_frequent=asked.include_most_frequent,
    )
    pair = perspective(workspace_id, asked.observer_id, asked.observed_id)
    found: list[queries.FoundConclusion] = []
    if asked.vector is not None:
        found += await _nearest(tx, workspace_id, pair, asked, asked.vector, places.semantic)
    if places.frequent + places.recent > 0:
        standing = queries.Standing(
            workspace_id=workspace_id,
            perspective=pair,
            session_ids=asked.session_ids,
            frequent=places.frequent,
            recent=places.recent,
        )
        if asked.as_of is None:
            found += (await tx.one(queries.STANDING, standing)).found
        else:
            then = history.StandingThen(**structs.asdict(standing), as_of=asked.as_of)
            found += (await tx.one(history.STANDING, then)).found
    recalled = merge(found)
    return Representation(render(recalled), recalled)


async def _nearest(
    tx: Transaction, workspace_id: str, pair: str, asked: Asked, vector: Sequence[float], top_k: int
) -> list[queries.FoundConclusion]:
    if asked.as_of is not None:
        then = history.SemanticThen(
            workspace_id=workspace_id,
            perspective=pair,
            vector=vector,
            top_k=top_k,
            session_ids=asked.session_ids,
            as_of=asked.as_of,
        )
        found = (await tx.one(history.SEMANTIC, then)).found
    elif await _few(tx, workspace_id, pair, asked.session_ids):
        exact = queries.NearestExact(
            workspace_id=workspace_id, perspective=pair, vector=vector, top_k=top_k, session_ids=asked.session_ids
        )
        found = (await tx.one(queries.NEAREST_EXACT, exact)).found
    else:
        wanted = queries.Nearest(workspace_id=workspace_id, perspective=pair, vector=vector, top_k=top_k)
        found = (await tx.one(queries.NEAREST, wanted)).found
    return [one for one in found if asked.max_distance is None or (one.distance or 0.0) <= asked.max_distance]


async def _few(tx: Transaction, workspace_id: str, pair: str, session_ids: Sequence[str] | None) -> bool:
    # The index cannot filter by a list of sessions, and a filter after its top k would lose what it should find.
    if session_ids is not None:
        return True
    size = conclusion_queries.SizeOf(workspace_id=workspace_id, perspective=pair, limit=EXACT_BELOW)
    return (await tx.one(conclusion_queries.SIZE, size)).total < EXACT_BELOW
