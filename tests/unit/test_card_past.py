"""What callers had set as a card is kept within bounds, and found by its time."""

from datetime import UTC, datetime, timedelta

from graph.card_past import CHARACTERS, KEPT, Former, after, standing

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def former(place: int, *lines: str) -> Former:
    since = NOON + timedelta(minutes=place)
    return Former(since, since + timedelta(minutes=1), list(lines))


def test_the_newest_are_kept_and_each_stood_until_the_next() -> None:
    past: list[str] = []
    for place in range(KEPT + 5):
        past = after(past, former(place, f"line\n\0 {place}", '"'))

    assert len(past) == KEPT
    assert standing(past, NOON + timedelta(minutes=4.5)) is None
    for place in (5, KEPT + 4):
        assert standing(past, NOON + timedelta(minutes=place)) == [f"line\n\0 {place}", '"']
        assert standing(past, NOON + timedelta(minutes=place + 0.9)) == [f"line\n\0 {place}", '"']
    assert standing(past, NOON + timedelta(minutes=KEPT + 5)) is None


def test_an_empty_card_stood_too() -> None:
    assert standing(after([], former(0)), NOON) == []


def test_older_ones_give_way_to_long_ones_and_one_too_long_leaves_a_gap() -> None:
    half = "x" * (CHARACTERS // 2 - 200)
    past = after(after(after([], former(0, "first")), former(1, half)), former(2, half))
    assert [standing(past, NOON + timedelta(minutes=place)) for place in range(3)] == [["first"], [half], [half]]
    past = after(past, former(3, half))
    assert [standing(past, NOON + timedelta(minutes=place)) is None for place in range(4)] == [True, True, False, False]

    assert after(past, former(4, "x" * CHARACTERS)) == past
