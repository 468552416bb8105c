"""A quote must be in the message, and a proposition must name its subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.reasoners.evidence import names, quoted

MESSAGE = "Well… I\u2019ve moved to  Lisbon\nlast May — with “Rex” (my dog). Café Brasil, 7:45! Straße"

FOUND = [
    ("moved to  Lisbon", "moved to  Lisbon"),
    ("moved to Lisbon last May", "moved to  Lisbon\nlast May"),
    ("I'VE MOVED", "I\u2019ve moved"),
    ("i've moved to lisbon.", "I\u2019ve moved to  Lisbon"),
    ('with "Rex"', "with “Rex"),
    ("last May - with", "last May — with"),
    ("Cafe\u0301 brasil", "Café Brasil"),
    ("7:45", "7:45"),
    ("strasse", "Straße"),
    ("...I've moved...", "I\u2019ve moved"),
]


@pytest.mark.parametrize(("quote", "part"), FOUND)
def test_what_was_said_is_found_as_it_was_said(quote: str, part: str) -> None:
    assert quoted(MESSAGE, quote) == part


@pytest.mark.parametrize(
    "quote", ["", " ", "?!", "“”", "moved to Porto", "I moved", "Lisbon with Rex", "I've moved ... with Rex", "8:45"]
)
def test_what_was_not_said_is_not_found(quote: str) -> None:
    assert quoted(MESSAGE, quote) is None


@given(st.text(), st.text())
def test_what_is_found_is_part_of_the_message(message: str, quote: str) -> None:
    part = quoted(message, quote)
    assert part is None or (part and part in message)


@given(st.text(), st.data())
def test_every_part_with_a_letter_is_found(message: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(message)))
    part = message[start : data.draw(st.integers(start, len(message)))].strip()
    if any(letter.isascii() and letter.isalnum() for letter in part):
        assert quoted(message, part) is not None


NAMED = [
    ("Ana lives in Lisbon.", "ana"),
    ("Ana's dog is called Rex.", "ana"),
    ("Anas Hund heißt Rex.", "ana"),
    ("Ana Maria lives in Lisbon.", "ana-maria"),
    ("ana_maria lives in Lisbon.", "ana-maria"),
    ("User_8f3A likes tea.", "user_8f3a"),
    ("安娜住在里斯本。", "安娜"),
    ("Zoë likes tea.", "zoe\u0308"),
    ("🦊 likes tea.", "🦊"),
]


@pytest.mark.parametrize(("sentence", "peer_id"), NAMED)
def test_a_sentence_that_names_its_subject_is_known_to(sentence: str, peer_id: str) -> None:
    assert names(sentence, peer_id)


@pytest.mark.parametrize(
    ("sentence", "peer_id"),
    [
        ("They live in Lisbon.", "ana"),
        ("I live in Lisbon.", "ana"),
        ("Joana lives in Lisbon.", "ana"),
        ("Everybody always lives somewhere.", "al"),
        ("Maria lives with Ana.", "ana-maria"),
        ("She likes tea.", "🦊"),
    ],
)
def test_a_sentence_that_does_not_name_its_subject_is_known_not_to(sentence: str, peer_id: str) -> None:
    assert not names(sentence, peer_id)
