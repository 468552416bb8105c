"""Generated ids: what they are spelled with, and that a command line takes them."""

import re

from graph.ids import derived_id, new_id

SPELLED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{20}")


def test_ids_are_21_characters_differ_and_begin_as_no_option_does() -> None:
    drawn = [new_id() for _ in range(5000)]

    assert all(SPELLED.fullmatch(each) for each in drawn)
    assert len(set(drawn)) == len(drawn)
    assert {letter for each in drawn for letter in each[1:]} >= set("azAZ09_-")


def test_derived_ids_are_spelled_alike_and_are_always_the_same() -> None:
    derived = [derived_id("secret", str(number)) for number in range(5000)]

    assert all(SPELLED.fullmatch(each) for each in derived)
    assert len(set(derived)) == len(derived)
    assert derived[0] == derived_id("secret", "0") != derived_id("other", "0")
