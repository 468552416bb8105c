"""The value in a corrected text: only where nothing else differs."""

import pytest

from graph.slots import replaced


@pytest.mark.parametrize(
    ("value", "said", "corrected", "found"),
    [
        ("1985", "silas was born in 1985.", "silas was born in 1979.", "1979"),
        ("1985", "silas was born in 1985.", " silas was born in 1979 ", "1979"),
        ("Porto", "ann lives in Porto by day.", "ann lives in Vila do Conde by day.", "Vila do Conde"),
        ("Porto", "ann lives in Porto.", "ann lives in Lisbon, Portugal.", "Lisbon, Portugal"),
        ("东京", "安住在东京。", "安住在大阪。", "大阪"),
        ("Porto", "ann lives in Porto.", "ann lives in Porto.", "Porto"),
    ],
)
def test_the_value_that_stands_in_the_place_of_the_other(value: str, said: str, corrected: str, found: str) -> None:
    assert replaced(value, said, corrected) == found


@pytest.mark.parametrize(
    ("value", "said", "corrected"),
    [
        ("Porto", "ann lives in Porto.", "ann lived in Lisbon."),
        ("Porto", "ann lives in Porto.", "bob lives in Lisbon."),
        ("Porto", "ann lives in Porto.", "ann lives in "),
        ("Porto", "ann lives in Porto.", "ann lives in ..."),
        ("Porto", "ann lives in Porto.", "ann lives in"),
        ("Porto", "ann lives in Porto.", "ann lives in Lisbon. She likes it there."),
        ("Porto", "ann lives in Porto.", "ann lives in Lisbon, and works in Sintra."),
        ("Porto", "ann lives in Porto.", "ann lives in Lisbon\nand works in Sintra."),
        ("ann", "ann is called ann.", "ann is called Annie."),
        ("Annie", "people call her so.", "people call her so."),
        ("", "ann lives in Porto.", "ann lives in Lisbon."),
        ("Porto", "ann lives in Porto.", "ann lives in Lisbon and works as a nurse."),
        ("bb", "a bb a", "a a"),
    ],
)
def test_no_value_where_another_word_differs_or_more_is_said(value: str, said: str, corrected: str) -> None:
    assert replaced(value, said, corrected) is None
