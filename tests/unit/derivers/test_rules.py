"""What follows by the rules from what is held of one peer."""

from datetime import UTC, datetime, timedelta

import pytest

from graph.types import Lasting, Level
from workers.derivers import Derived, Ground, Grounds, Source
from workers.derivers.rules import follow

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def ground(
    name: str,
    content: str,
    slot: str | None = None,
    value: str | None = None,
    *,
    session: str | None = "s",
    message: str = "",
    level: Level = "explicit",
    lasting: Lasting = "lasting",
    negated: bool = False,
    day: int = 0,
) -> Ground:
    return Ground(
        id=name,
        level=level,
        content=content,
        observed_at=NOON + timedelta(days=day),
        slot=slot,
        value=value,
        negated=negated,
        lasting=lasting,
        sources=(Source(message or f"m-{name}", "ann", session),),
        new=True,
    )


def conclude(*known: Ground) -> tuple[Derived, ...]:
    return follow(Grounds(subject="ann", known=known))


@pytest.mark.parametrize(
    ("value", "foods"),
    [
        ("vegetarian", ["meat", "fish"]),
        ("a vegan", ["meat", "fish", "dairy", "eggs"]),
        ("only vegan food", ["meat", "fish", "dairy", "eggs"]),
        ("vegetarian pizza", []),
        ("meat", []),
    ],
)
def test_a_diet_tells_what_is_not_eaten(value: str, foods: list[str]) -> None:
    found = conclude(ground("a", "ann is it.", "eats", value))

    assert [(one.level, one.slot, one.value, one.negated, one.premise_ids) for one in found] == [
        ("deductive", "does_not_eat", food, False, ("a",)) for food in foods
    ]
    assert [one.content for one in found] == [f"ann does not eat {food}." for food in foods]


def test_who_gave_up_a_diet_or_ate_so_once_has_none() -> None:
    past = ground("a", "ann is no longer vegan.", "eats", "vegan", negated=True)
    once = ground("b", "ann ate vegan food.", "eats", "vegan", lasting="occasion")
    assert conclude(past, once) == ()


def test_what_fills_a_slot_alike_in_two_sessions_is_a_pattern_in_the_latest_words() -> None:
    (found,) = conclude(
        ground("b", "ann really loves tea.", "likes", "tea", session="t", day=2),
        ground("a", "ann likes tea.", "likes", "Tea"),
        ground("c", "ann likes rum.", "likes", "rum", session="u"),
    )

    assert (found.level, found.content, set(found.premise_ids)) == ("inductive", "ann really loves tea.", {"a", "b"})
    assert (found.slot, found.value) == ("likes", "tea")


def test_the_same_text_without_a_slot_in_two_sessions_is_a_pattern() -> None:
    (found,) = conclude(ground("a", "ann sings."), ground("b", "Ann  SINGS.", session="t", day=1))
    assert (found.content, found.premise_ids, found.slot) == ("Ann  SINGS.", ("a", "b"), None)


@pytest.mark.parametrize(
    "other",
    [
        ground("b", "ann sings.", session="s"),
        ground("b", "ann sings.", session=None),
        ground("b", "ann sings.", session="t", message="m-a"),
        ground("b", "ann sings.", session="t", level="deductive"),
        ground("b", "ann dances.", session="t"),
    ],
    ids=["same session", "no session", "same message", "derived", "another text"],
)
def test_other_repetition_is_no_pattern(other: Ground) -> None:
    assert conclude(ground("a", "ann sings."), other) == ()


def test_a_value_and_its_denial_are_no_pattern() -> None:
    assert conclude(ground("a", "x", "likes", "tea"), ground("b", "y", "likes", "tea", session="t", negated=True)) == ()


def test_occasions_that_come_again_make_a_habit_and_others_none() -> None:
    tired = [ground(name, f"ann feels tired {name}.", "feels", "tired", session=name, lasting="occasion")
             for name in ("s", "t")]  # fmt: skip
    broke = [ground(f"b{name}", f"ann broke it {name}.", "went_through", "broke a leg", session=name,
                    lasting="occasion") for name in ("s", "t")]  # fmt: skip
    ate = [ground(f"c{name}", "ann eats plums.", "eats", "plums", session=name, lasting="occasion")
           for name in ("s", "t")]  # fmt: skip

    found = conclude(*tired, *broke, *ate)

    assert [(one.content, one.lasting, one.slot) for one in found] == [
        ("ann often feels tired.", "lasting", "feels"),
        ("ann went through this more than once: broke a leg.", "lasting", "went_through"),
    ]
