"""Which of two at odds is the newer: by what is spoken of, by when it was said, by the place in a session."""

from datetime import UTC, datetime, timedelta

import pytest

from graph.store.revising import Side, judge

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def side(name: str, place: tuple[str, int] | None, slot: str = "lives_in", about_at: datetime | None = None) -> Side:
    return Side(
        id=name,
        observed_id="ann",
        slot=slot,
        slot_value=name,
        slot_key=name,
        exclusive=True,
        negated=False,
        lasting="lasting",
        observed_at=NOON,
        about_at=about_at,
        place=place,
        speaker_ids=["ann"],
    )


def judged(*sides: Side) -> tuple[set[tuple[str, str]], set[frozenset[str]]]:
    """Pairs of (newer, older), and pairs that contradict each other, all of them met by all."""
    pairs = {frozenset((one.id, other.id)) for one in sides for other in sides if one is not other}
    superseding, contradicting = judge({each.id: each for each in sides}, pairs)
    return (
        {(newer.id, older.id) for newer, older in superseding},
        {frozenset((one.id, other.id)) for one, other in contradicting},
    )


@pytest.mark.parametrize("names", ["abc", "cba", "bac"])
def test_of_one_moment_the_last_of_a_session_stands_whatever_its_id(names: str) -> None:
    sides = [side(name, ("s", number)) for number, name in enumerate(names, 1)]
    last = names[-1]

    assert judged(*sides) == ({(last, name) for name in names[:-1]}, set())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(("s", 1), ("t", 2), id="of two sessions"),
        pytest.param(("s", 1), ("s", 1), id="of one message"),
        pytest.param(("s", 1), None, id="one was derived"),
        pytest.param(None, None, id="both were derived"),
    ],
)
def test_of_one_moment_nothing_else_is_ordered(one: tuple[str, int] | None, other: tuple[str, int] | None) -> None:
    assert judged(side("a", one), side("b", other)) == (set(), {frozenset("ab")})


def test_two_that_speak_of_one_time_are_not_ordered_by_their_places() -> None:
    then = NOON - timedelta(days=400)

    assert judged(side("a", ("s", 1), about_at=then), side("b", ("s", 2), about_at=then)) == (set(), {frozenset("ab")})


def test_where_the_slot_holds_for_good_the_place_decides_whatever_is_spoken_of() -> None:
    then = NOON - timedelta(days=400)
    one, other = (side(name, ("s", place), slot="born_on", about_at=then) for name, place in (("a", 1), ("b", 2)))

    assert judged(one, other) == ({("b", "a")}, set())
