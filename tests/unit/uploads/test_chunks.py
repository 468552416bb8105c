"""Pieces of a text: nothing is lost, none is too large, and they end where something ends."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import tokens
from app.uploads.chunks import MAX_CHARACTERS, TARGET_TOKENS, chunks

WORDS = st.sampled_from(
    ["tea", "Porto", "a", "Hello!", "end.", "(so?)", "漢字。", "👩‍👩‍👧‍👦", "🇵🇹", "e\u0301", "x" * 40, "\u00a0", "…"]
)
GAPS = st.sampled_from([" ", "  ", "\n", "\n\n", " \n\t\n", "\r\n", "", "\n    ", " " * 150, "\n" * 30])
TEXTS = st.one_of(
    st.lists(st.tuples(WORDS, GAPS), max_size=120).map(lambda parts: "".join(word + gap for word, gap in parts)),
    st.text(max_size=400),
)


def between(text: str, pieces: list[str]) -> list[str]:
    """What lies before, between and behind the pieces, which must be parts of the text in their order."""
    gaps: list[str] = []
    at = 0
    for piece in pieces:
        # The first place where it can be: pieces begin where white space ends or with it.
        place = text.index(piece, at)
        gaps.append(text[at:place])
        at = place + len(piece)
    return [*gaps, text[at:]]


@given(TEXTS, st.integers(4, 60), st.integers(1, 200))
def test_between_the_pieces_lies_nothing_but_white_space(text: str, target: int, most: int) -> None:
    pieces = list(chunks(text, target, most))

    assert all(gap == "" or gap.isspace() for gap in between(text, pieces))
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)
    for piece in pieces:
        assert 0 < len(piece) <= most
        assert piece.strip()
        assert piece == piece.rstrip()
        assert piece.splitlines()[0].strip(), "no blank line in front"
        # A piece cut otherwise than its window can count a little more at its edge.
        assert tokens.count(piece) <= target + 4


@given(st.text(max_size=300))
def test_a_short_text_is_one_piece(text: str) -> None:
    pieces = list(chunks(text, 2000, 2000))
    assert len(pieces) == (1 if text.strip() else 0)
    assert "".join(pieces).strip() == text.strip()


@pytest.mark.parametrize("border", ["\n\n", "\n", ". ", "! ", '." ', "… ", "。", ".\n  \n"])
def test_a_piece_ends_at_a_border_of_its_second_half(border: str) -> None:
    text = "word " * 30 + f"last{border}" + "next " * 30
    first, second, *_ = chunks(text, 40)
    assert first.endswith("last" + border.rstrip())
    assert second.startswith("next")


def test_a_border_in_the_first_half_is_not_worth_it() -> None:
    first, *_ = chunks("Title\n\n" + "word " * 100, 40)
    assert first.startswith("Title\n\nword word")


def test_the_border_that_ends_most_wins() -> None:
    text = "one two three.\n\nfour five. six seven\neight nine ten eleven twelve"
    assert list(chunks(text, 10, 30)) == ["one two three.", "four five. six seven", "eight nine ten eleven twelve"]


def test_an_indent_is_kept_and_blank_lines_are_not() -> None:
    text = "\n\n    def f():\n        return 1\n\n\n    def g():\n        return 2\n"
    assert list(chunks(text, 1000, 40)) == ["    def f():\n        return 1", "    def g():\n        return 2"]


@pytest.mark.parametrize("character", ["👩‍👩‍👧‍👦", "🇵🇹", "e\u0301\u0323", "👍🏽"])
def test_what_reads_as_one_character_stays_whole(character: str) -> None:
    for piece in chunks("a" + character * 200, 50, 37):
        assert re.fullmatch(f"a?({character})+", piece), piece


def test_one_character_that_never_ends_is_cut_all_the_same() -> None:
    pieces = list(chunks("e" + "\u0301" * 5000, TARGET_TOKENS, 1000))
    assert "".join(pieces) == "e" + "\u0301" * 5000
    assert max(map(len, pieces)) <= 1000


@pytest.mark.parametrize("text", ["\n" * 2_000_000, " " * 2_000_000, " \t\n" * 700_000, ""], ids=len)
def test_a_blank_text_has_no_pieces_and_takes_no_time(text: str) -> None:
    began = time.monotonic()
    assert list(chunks(text)) == []
    assert time.monotonic() - began < 5


def test_pieces_obey_the_limits_of_messages_whatever_the_text() -> None:
    for text in ("word " * 20_000, "x" * 60_000, "漢" * 20_000, "a\n" * 30_000, ("b" * 3000 + ". ") * 20):
        pieces = list(chunks(text))
        assert len(pieces) > 1
        for piece in pieces:
            assert len(piece) <= MAX_CHARACTERS
            assert tokens.count(piece) <= TARGET_TOKENS + 4
