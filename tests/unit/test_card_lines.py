"""What a card says, given what is held."""

from datetime import UTC, datetime, timedelta

from graph.card_lines import CHARACTERS, LINES, NAMED, Fact, compose

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _fact(
    name: str,
    content: str,
    *,
    slot: str | None = None,
    value: str | None = None,
    negated: bool = False,
    pattern: bool = False,
    times: int = 1,
    minutes: int = 0,
) -> Fact:
    at = _NOON + timedelta(minutes=minutes)
    return Fact(
        id=name,
        content=content,
        slot=slot,
        slot_key=value,
        negated=negated,
        pattern=pattern,
        times_derived=times,
        observed_at=at,
        created_at=at,
    )


def _card(*facts: Fact) -> list[tuple[str, tuple[str, ...]]]:
    return [(line.text, tuple(line.conclusion_ids)) for line in compose(facts)]


def test_who_it_is_comes_before_who_belongs_to_it_and_what_it_is_like() -> None:
    assert _card(
        _fact("tea", "ann likes tea.", slot="likes", value="tea", times=3),
        _fact("jazz", "ann plays jazz.", pattern=True),
        _fact("nuts", "ann is allergic to nuts.", slot="allergic_to", value="nuts"),
        _fact("eva", "ann is a parent of Eva.", slot="parent_of", value="eva"),
        _fact("home", "ann lives in Lisbon.", slot="lives_in", value="lisbon"),
        _fact("name", "ann is called Annie.", slot="is_called", value="annie"),
    ) == [
        ("IDENTITY: ann is called Annie.", ("name",)),
        ("IDENTITY: ann lives in Lisbon.", ("home",)),
        ("RELATIONSHIP: ann is a parent of Eva.", ("eva",)),
        ("ATTRIBUTE: ann is allergic to nuts.", ("nuts",)),
        ("ATTRIBUTE: ann plays jazz.", ("jazz",)),
        ("ATTRIBUTE: ann likes tea.", ("tea",)),
    ]


def test_what_was_said_once_and_fills_no_such_slot_is_not_told_nor_is_who_it_is_not() -> None:
    assert (
        _card(
            _fact("tea", "ann likes tea.", slot="likes", value="tea"),
            _fact("home", "ann does not live in Lisbon.", slot="lives_in", value="lisbon", negated=True),
            _fact("blank", " \n", times=5),
        )
        == []
    )


def test_what_says_the_same_is_one_line_in_the_firmest_words_that_fit() -> None:
    long = "ann lives in Lisbon, " + "x" * CHARACTERS
    assert _card(
        _fact("old", "ann lives in  Lisbon.", slot="lives_in", value="lisbon", times=2),
        _fact("new", "ann's home is Lisbon.", slot="lives_in", value="lisbon", times=3),
        _fact("long", long, slot="lives_in", value="lisbon", times=9),
        _fact("tea", "Ann likes TEA.", pattern=True),
        _fact("said", "ann likes\ntea.", times=2),
    ) == [
        ("IDENTITY: ann's home is Lisbon.", ("new", "old")),
        ("ATTRIBUTE: Ann likes TEA.", ("tea", "said")),
    ]


def test_a_pattern_without_a_slot_is_one_with_what_it_was_made_from() -> None:
    assert _card(
        _fact("home", "ann lives in Lisbon.", slot="lives_in", value="lisbon"),
        _fact("pattern", "Ann lives in Lisbon.", pattern=True),
    ) == [("IDENTITY: Ann lives in Lisbon.", ("pattern", "home"))]


def test_lines_are_equal_whatever_their_case_even_from_different_slots() -> None:
    assert _card(
        _fact("role", "ann is a Nurse.", slot="works_as", value="nurse", times=2),
        _fact("place", "Ann is a nurse.", slot="works_at", value="nurse"),
    ) == [("IDENTITY: ann is a Nurse.", ("role", "place"))]


def test_a_card_has_no_more_lines_and_no_longer_ones_than_allowed() -> None:
    fits = "x" * (CHARACTERS - len("ATTRIBUTE: "))
    card = _card(
        _fact("fits", fits, times=99),
        _fact("over", fits + "x", times=99),
        *(_fact(f"c{place}", f"fact {place}", times=2, minutes=place) for place in range(60)),
        *(_fact(f"s{place:02}", "said often", times=5, minutes=place) for place in range(NAMED + 5)),
    )

    assert card[0] == (f"ATTRIBUTE: {fits}", ("fits",))
    assert card[1] == ("ATTRIBUTE: said often", tuple(f"s{place:02}" for place in range(NAMED + 4, 4, -1)))
    assert [text for text, _ in card[2:4]] == ["ATTRIBUTE: fact 59", "ATTRIBUTE: fact 58"]
    assert len(card) == LINES


def test_the_order_in_which_facts_are_found_does_not_matter() -> None:
    facts = [_fact(f"c{place}", f"ann likes {place % 4}", times=2, minutes=place % 3) for place in range(12)]
    assert _card(*facts) == _card(*reversed(facts)) == _card(*facts[5:], *facts[:5])
