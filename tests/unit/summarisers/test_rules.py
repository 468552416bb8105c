"""The summariser without a model: what it picks, in which order, and how much."""

from datetime import UTC, datetime

import pytest

from app.models import tokens
from graph.types import SummaryKind
from workers.summarisers import MOST_TOKENS, Stretch
from workers.summarisers.rules import summary_of
from workers.turns import Turn

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def stretch(*said: tuple[str, str], kind: SummaryKind = "short", previous: str | None = None) -> Stretch:
    turns = tuple(Turn(f"m{n}", who, text, NOON) for n, (who, text) in enumerate(said))
    return Stretch(kind=kind, turns=turns, tokens=sum(tokens.count(text) for _, text in said), previous=previous)


TALK = (
    ("ann", "Hi! Ok. The harbour festival in Lisbon starts on Friday with sailing boats."),
    ("bob", "Great. Will the Lisbon festival have sailing boats again?"),
    ("ann", "Yes. My brother Tom rents the sailing boats for the Lisbon festival."),
    ("bob", "Ok. Sure. Lovely. Thanks. Well then. See you. Right. Good."),
) * 3


def test_what_the_talk_is_about_is_kept_with_who_said_it_in_order() -> None:
    lines = summary_of(stretch(*TALK)).split("\n")
    festival = "ann: The harbour festival in Lisbon starts on Friday with sailing boats."
    brother = "ann: My brother Tom rents the sailing boats for the Lisbon festival."
    assert lines.index(festival) < lines.index(brother)
    assert len(set(lines)) == len(lines)
    assert not any(line.endswith("?") for line in lines)


def test_the_same_words_give_the_same_summary() -> None:
    assert len({summary_of(stretch(*TALK, kind="long")) for _ in range(3)}) == 1


def test_the_summary_before_goes_on_in_the_new_one() -> None:
    before = "ann: The mortgage on Tom's house in Porto was paid back in March 2024."
    lines = summary_of(stretch(*TALK, previous=before)).split("\n")
    assert lines[0] == before
    assert len(lines) > 1


@pytest.mark.parametrize("kind", ["short", "long"])
def test_no_summary_is_longer_than_its_kind_may_be(kind: SummaryKind) -> None:
    said = [("ann", f"Harbour {n} has {n * 7} boats and {n * 3} sailors in {1900 + n}.") for n in range(900)]
    text = summary_of(stretch(*said, kind=kind))
    assert 0.9 * MOST_TOKENS[kind] < tokens.count(text) <= MOST_TOKENS[kind]


def test_where_nobody_says_a_word_there_is_no_summary() -> None:
    assert summary_of(stretch(("ann", " \n"), ("bob", "?! ..."), ("ann", "👍"))) == ""
