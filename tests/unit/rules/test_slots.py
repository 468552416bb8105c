"""A statement that fills an attribute says which, with what, and for how long."""

from datetime import UTC, datetime

import pytest

from graph.slots import SLOTS, exclusive
from workers.rules import Turn, extract
from workers.rules.slots import SLOT_NAMES, filled

MAY = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)
#: What is said, the slot, its value, whether it is denied.
ROWS: list[tuple[str, str | None, str | None, bool]] = [
    ("I live in Porto.", "lives_in", "Porto", False),
    ("I moved to New York last week.", "lives_in", "New York", False),
    ("I used to live in Oslo.", "lives_in", "Oslo", True),
    ("I don't live in Oslo anymore.", "lives_in", "Oslo", True),
    ("I'm no longer a nurse.", "works_as", "nurse", True),
    ("I'm not a nurse.", "works_as", "nurse", True),
    ("I'm no longer married to Tom.", "married_to", "Tom", True),
    ("I'm no longer dating Eva.", "has_partner", "Eva", True),
    ("I'm no longer a vegetarian.", "eats", "vegetarian", True),
    ("I eat fish every Friday.", "eats", "fish", False),
    ("I like every kind of music.", "likes", "every kind of music", False),
    ("I no longer like jazz.", "likes", "jazz", True),
    ("I can't stand loud music.", "dislikes", "loud music", False),
    ("I work as a plumber in Leeds.", "works_as", "plumber", False),
    ("I'm a nurse.", "works_as", "nurse", False),
    ("I work at Siemens.", "works_at", "Siemens", False),
    ("My name is Ana Silva.", "is_called", "Ana Silva", False),
    ("I'm 34 years old.", "age", "34", False),
    ("I was born in Lagos.", "comes_from", "Lagos", False),
    ("I'm originally from Chile.", "comes_from", "Chile", False),
    ("I'm married to Tom.", "married_to", "Tom", False),
    ("I'm dating Eva.", "has_partner", "Eva", False),
    ("I'm allergic to peanuts.", "allergic_to", "peanuts", False),
    ("I don't eat meat.", "does_not_eat", "meat", False),
    ("I'm vegetarian", "eats", "vegetarian", False),
    ("I'm studying law at Utrecht.", "studies", "law", False),
    ("I speak Spanish and Portuguese", "speaks", "Spanish and Portuguese", False),
    ("I love jazz", "likes", "jazz", False),
    ("I don't like jazz", "likes", "jazz", True),
    ("I hate mornings", "dislikes", "mornings", False),
    ("I can play the violin.", "can", "play the violin", False),
    ("I can't swim", "can", "swim", True),
    ("I want to learn Dutch", "wants", "learn Dutch", False),
    ("I'm planning to visit Rome.", "plans", "visit Rome", False),
    ("I have two kids, Tom and Mia.", "parent_of", "two kids", False),
    ("I have a brother.", "sibling_of", "a brother", False),
    ("I have two cats.", "owns_pet", "two cats", False),
    ("My dog is called Rex.", "owns_pet", "Rex", False),
    ("My sister Eva lives in Porto.", "sibling_of", "Eva", False),
    ("I have a house in the mountains.", "has", "a house in the mountains", False),
    ("I walk to the office every morning.", None, None, False),
    ("My sister loves jazz.", None, None, False),
]


@pytest.mark.parametrize(("said", "slot", "value", "negated"), ROWS, ids=[row[0] for row in ROWS])
def test_a_statement_names_the_slot_it_fills(said: str, slot: str | None, value: str | None, negated: bool) -> None:
    (found,) = extract([Turn("m1", "Ana", said, MAY)], "Ana")
    assert (found.slot, found.value, found.negated) == (slot, value, negated), found.content
    assert found.exclusive is exclusive(slot or "")


@pytest.mark.parametrize(
    ("said", "lasting"),
    [
        ("I live in Porto.", "lasting"),
        ("I'm studying law.", "while"),
        ("I want to learn Dutch", "while"),
        ("I broke my arm last week.", "occasion"),
        ("I visited my aunt in Rome.", "occasion"),
        ("I walk to the office every morning.", "lasting"),
    ],
)
def test_a_statement_says_how_lasting_it_is(said: str, lasting: str) -> None:
    (found,) = extract([Turn("m1", "Ana", said, MAY)], "Ana")
    assert found.lasting == lasting, found.content


def test_all_slots_are_of_the_list() -> None:
    assert set(SLOTS) >= SLOT_NAMES


def test_what_is_not_about_the_subject_has_no_slot() -> None:
    assert filled("Eva lives in Porto.", "Ana") is None
    assert filled("Anabel lives in Porto.", "Ana") is None
    assert filled("Ana", "Ana") is None
