"""Searching conclusions by meaning on the real engine."""

import pytest

from graph.driver import Database
from graph.errors import Invalid
from graph.recall.search import search
from graph.store.conclusions import EXACT_BELOW
from tests.graph.conftest import vector
from tests.graph.holding import Held, hold
from tests.graph.test_recall import fill, turned

NORTH = vector(1.0)


async def found(database: Database, workspace_id: str, filters: object, top_k: int = 10) -> list[str]:
    return [hit.conclusion.content for hit in await search(database, workspace_id, filters, NORTH, top_k=top_k)]


async def test_the_nearest_of_a_perspective_come_first(database: Database, workspace_id: str) -> None:
    await hold(
        database,
        Held(content="far", workspace_id=workspace_id, observed_id="bob", vector=turned(60)),
        Held(content="near", workspace_id=workspace_id, observed_id="bob", vector=turned(1)),
        Held(content="of ann", workspace_id=workspace_id, vector=turned(0)),
    )

    assert await found(database, workspace_id, {"observer": "ann", "observed_id": "bob"}) == ["near", "far"]
    assert await found(database, workspace_id, {"observer_id": "ann", "observed": "bob"}, 1) == ["near"]


async def test_what_is_further_than_the_largest_distance_is_left_out(database: Database, workspace_id: str) -> None:
    await hold(
        database,
        Held(content="at right angles", workspace_id=workspace_id, vector=turned(90)),
        Held(content="near", workspace_id=workspace_id, vector=turned(30)),
    )
    pair = {"observer": "ann", "observed": "ann"}

    for filters in (pair, None):
        hits = await search(database, workspace_id, filters, NORTH, top_k=5, max_distance=0.5)
        assert [hit.conclusion.content for hit in hits] == ["near"]


async def test_further_keys_choose_before_the_nearest_are_taken(database: Database, workspace_id: str) -> None:
    await fill(database, workspace_id, "fact", EXACT_BELOW + 1)
    await hold(
        database, Held(content="so", workspace_id=workspace_id, level="deductive", session_id="s2", vector=turned(170))
    )
    pair = {"observer": "ann", "observed": "ann"}

    assert await found(database, workspace_id, {**pair, "level": "deductive"}, 3) == ["so"]
    assert await found(database, workspace_id, {**pair, "session_id": "s2"}, 3) == ["so"]
    assert await found(database, workspace_id, {"level": "deductive"}, 3) == ["so"]
    assert await found(database, workspace_id, {**pair, "NOT": [{"level": "explicit"}]}, 3) == ["so"]


async def test_without_a_pair_all_perspectives_of_the_workspace_are_searched(
    database: Database, workspace_id: str
) -> None:
    other = workspace_id + "-other"
    for each in (workspace_id, other):
        await hold(
            database,
            Held(content=f"{each} of ann", workspace_id=each, vector=turned(1)),
            Held(content=f"{each} of bob", workspace_id=each, observer_id="bob", vector=turned(2)),
        )

    assert await found(database, workspace_id, None) == [f"{workspace_id} of ann", f"{workspace_id} of bob"]
    assert await found(database, workspace_id, {"observer": "bob"}) == [f"{workspace_id} of bob"]
    assert await found(database, other, {"observer": "*", "observed": "*"}, 1) == [f"{other} of ann"]


async def test_a_large_workspace_is_searched_through_the_index_and_shows_no_other(
    database: Database, workspace_id: str
) -> None:
    other = workspace_id + "-other"
    await fill(database, workspace_id, "mine", EXACT_BELOW)
    await fill(database, other, "theirs", EXACT_BELOW + 20)
    await hold(database, Held(content="bob's", workspace_id=workspace_id, observer_id="bob", vector=turned(0)))

    expected = {"mine 0", "bob's", *(f"mine {n}" for n in range(1, 9))}
    assert set(await found(database, workspace_id, None)) == expected


async def test_two_spellings_of_one_name_that_differ_find_nothing(database: Database, workspace_id: str) -> None:
    await hold(database, Held(content="fact", workspace_id=workspace_id))

    assert await found(database, workspace_id, {"observer": "ann", "observer_id": "bob", "observed": "ann"}) == []


async def test_an_unknown_pair_finds_nothing(database: Database, workspace_id: str) -> None:
    assert await found(database, workspace_id, {"observer": "ann", "observed": "nobody"}) == []


async def test_a_filter_that_breaks_a_rule_is_refused(database: Database, workspace_id: str) -> None:
    with pytest.raises(Invalid, match="colour"):
        await search(database, workspace_id, {"observer": "a", "observed": "b", "colour": "red"}, NORTH, top_k=1)
