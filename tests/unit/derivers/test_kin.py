"""What family relations tell of those at their ends."""

from datetime import UTC, datetime

import pytest

from graph.slots import SLOTS
from workers.derivers.kin import CHAINED, INVERSE, Tie, relate

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
EVERYBODY = ("ann", "bea", "eva", "max", "Zoë-Marie")


def tie(slot: str, value: str, *, new: bool = True, peers: tuple[str, ...] = EVERYBODY) -> Tie:
    return Tie(id=f"{slot}/{value}", slot=slot, value=value, observed_at=NOON, peers=peers, new=new)


def told(*ties: Tie) -> set[tuple[str, str, str, tuple[str, ...]]]:
    """About whom, in which slot, with which value, on which premises."""
    return {(one.about_id, one.slot, one.value, one.premise_ids) for one in relate("ann", ties)}


@pytest.mark.parametrize(
    ("slot", "turned"),
    [
        ("sibling_of", "sibling_of"),
        ("parent_of", "child_of"),
        ("child_of", "parent_of"),
        ("married_to", "married_to"),
        ("has_partner", "has_partner"),
    ],
)
def test_a_relation_is_turned_round(slot: str, turned: str) -> None:
    assert told(tie(slot, "Eva")) == {("eva", turned, "ann", (f"{slot}/Eva",))}


def test_two_relations_of_the_one_in_the_middle_tell_of_the_two_ends() -> None:
    both = tie("parent_of", "Eva", new=False), tie("child_of", "Bea")
    chained = {one for one in told(*both) if len(one[3]) == 2}
    assert chained == {
        ("eva", "grandchild_of", "bea", ("parent_of/Eva", "child_of/Bea")),
        ("bea", "grandparent_of", "eva", ("child_of/Bea", "parent_of/Eva")),
    }

    both = tie("parent_of", "Eva"), tie("sibling_of", "Max", new=False)
    assert {one[:3] for one in told(*both) if len(one[3]) == 2} == {
        ("eva", "niece_or_nephew_of", "max"),
        ("max", "aunt_or_uncle_of", "eva"),
    }

    both = tie("parent_of", "Eva"), tie("parent_of", "Max")
    assert {one[:3] for one in told(*both) if len(one[3]) == 2} == {
        ("eva", "sibling_of", "max"),
        ("max", "sibling_of", "eva"),
    }


def test_nothing_follows_anew_from_what_was_derived_from_before() -> None:
    assert told(tie("parent_of", "Eva", new=False), tie("child_of", "Bea", new=False)) == set()


@pytest.mark.parametrize(
    "unknown",
    [
        tie("parent_of", "Ida"),
        tie("parent_of", "Eva", peers=("ann", "bea")),
        tie("parent_of", "Ann"),
        tie("parent_of", "Eva", peers=("eva", "EVA")),
        tie("parent_of", "two daughters"),
        tie("parent_of", "..."),
        tie("friend_of", "Eva"),
    ],
    ids=["nobody", "not there", "oneself", "two of that name", "no name", "no word", "no family"],
)
def test_of_whom_nobody_knows_nothing_is_told(unknown: Tie) -> None:
    assert told(unknown) == set()


def test_names_are_compared_without_case_accents_and_signs() -> None:
    assert {one[0] for one in told(tie("sibling_of", "zoe marie"))} == {"Zoë-Marie"}


def test_sentences_name_both_and_no_gender() -> None:
    said = {one.content for one in relate("ann", [tie("parent_of", "Eva"), tie("child_of", "Bea")])}
    assert said == {
        "eva is a child of ann.",
        "bea is a parent of ann.",
        "eva is a grandchild of bea.",
        "bea is a grandparent of eva.",
    }


def test_only_slots_that_are_known_come_out() -> None:
    assert {*INVERSE, *INVERSE.values(), *CHAINED.values()} <= set(SLOTS)
