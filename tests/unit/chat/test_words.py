"""What a question asks about: its words without endings, small words and names."""

import pytest

from app.chat.words import content_words, share, without


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Where does ana live?", ["ana"], "Where does live?"),
        ("What is Ana's job, and banana's?", ["ana"], "What is job, and banana's?"),
        ("What does bob-2 know of bob?", ["bob", "bob-2"], "What does know of ?"),
        ("Who is it?", [""], "Who is it?"),
    ],
)
def test_names_are_taken_out_of_a_question(text: str, names: list[str], left: str) -> None:
    assert without(text, names) == left


def test_words_that_differ_by_their_endings_are_the_same() -> None:
    assert content_words("She moved, moves and is moving") == content_words("move")
    assert content_words("Which cities?") == content_words("cities")
    assert content_words("What do you know about ana?", ["ana"]) == frozenset()


def test_a_share_is_the_part_of_the_wanted_words_that_a_text_has() -> None:
    wanted = content_words("Does the cat knock over cellos?")
    assert share(wanted, "My cat knocked it down") == 2 / 3
    assert share(wanted, "nothing") == 0.0
    assert share(frozenset(), "anything") == 0.0
