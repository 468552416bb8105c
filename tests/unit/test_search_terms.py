"""What the full-text index reads of a message, and that no text that somebody sends is taken for its language."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.search_terms import (
    MOST_WORDS,
    peer_term,
    plain,
    query,
    scope_terms,
    search_text,
    session_term,
    workspace_term,
)

WHEN = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)
SCOPES = [[workspace_term("w")], [session_term("w", "s1"), session_term("w", "s2")]]
FORM = re.compile(
    r"\+search_scope:\((?:[a-z0-9]+ ?)+\)\^0 \+search_scope:\((?:[a-z0-9]+ ?)+\)\^0 "
    r"\+search_text:\((?:\"[^\"\\\s:^~*?(){}\[\]+!|&/]+\" ?)+\)"
)


def test_speaker_and_date_stand_before_the_text() -> None:
    assert search_text("ann_marie-b", WHEN, "Hi there") == "ann marie b 2026-03-08 8 March: Hi there"


def test_pairs_of_unspaced_characters_stand_behind_the_text_each_once() -> None:
    text = search_text("ann", WHEN, "猫猫猫 x")
    assert text.endswith("猫猫猫 x g732bx732bx")


def test_accents_and_widths_do_not_matter() -> None:
    assert plain("Brötchen Ｃａｆé ﾆｭｰﾖｰｸ") == "Brotchen Cafe ニューヨーク"
    assert plain("ก็ดี हिन्दी 한국") == "ก็ดี हिन्दी 한국"


def test_a_message_carries_the_terms_of_its_workspace_session_and_peer() -> None:
    terms = scope_terms("w", "s", "p").split()
    assert terms == [workspace_term("w"), session_term("w", "s"), peer_term("w", "p")]
    assert not set(terms) & set(scope_terms("v", "s", "p").split())
    assert session_term("w", "p") != peer_term("w", "p")


@pytest.mark.parametrize("text", ["", "   ", '"\\"', "* ? ~ ^ : ( ) [ ] { } ! | & / + -", "🙂"])
def test_a_text_without_words_makes_no_query(text: str) -> None:
    assert query(text, SCOPES) is None


def test_a_long_text_makes_a_query_that_the_index_takes() -> None:
    made = query(" ".join(f"w{number}" for number in range(5000)), SCOPES)
    assert made is not None
    assert made.count('"') == 2 * MOST_WORDS


@given(st.text())
def test_any_text_makes_a_query_of_quoted_words_within_the_scopes_or_none(text: str) -> None:
    made = query(text, SCOPES)
    assert made is None or FORM.fullmatch(made), made


@given(st.lists(st.sampled_from(['"', "\\", "*", "OR", "AND", "NOT", "search_scope:", "+", "-", ")", "^0", "x"])))
def test_the_index_language_is_words_like_any_other(parts: list[str]) -> None:
    made = query(" ".join(parts), SCOPES)
    assert made is None or FORM.fullmatch(made), made
