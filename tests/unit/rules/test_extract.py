"""What goes with a proposition: its name, its message, its words, its time; and what can go wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workers.rules import Proposition, Turn, extract

WRITTEN = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


def turn(content: str, peer: str = "ana-maria", message: str = "m1") -> Turn:
    return Turn(message, peer, content, WRITTEN)


def said(*propositions: Proposition) -> list[str]:
    return [proposition.content for proposition in propositions]


def test_the_text_names_the_peer_by_its_id() -> None:
    assert said(*extract([turn("My sister is a vet.")], "ana-maria")) == ["ana-maria's sister is a vet."]


def test_a_display_name_takes_the_place_of_the_id() -> None:
    assert said(*extract([turn("I'm a vet.")], "ana-maria", "Ana Maria")) == ["Ana Maria is a vet."]


def test_a_proposition_carries_its_message_its_words_and_its_time() -> None:
    found = extract([turn("Hello! I moved to Turin last month. How are you?")], "ana-maria")
    assert found == [
        Proposition(
            "ana-maria moved to Turin in April 2023.",
            ("m1",),
            "I moved to Turin last month.",
            datetime(2023, 4, 1, tzinfo=UTC),
            slot="lives_in",
            value="Turin",
            exclusive=True,
        )
    ]


def test_the_words_of_others_are_never_the_subjects_facts() -> None:
    turns = [turn("I live in Oslo.", peer="tom", message="m0"), turn("I live in Turin.")]
    assert said(*extract(turns, "ana-maria", context=turns)) == ["ana-maria lives in Turin."]


def test_what_is_said_about_the_one_spoken_to_gives_nothing() -> None:
    words = "You live in Oslo, Tom. Your wife is a vet and you'd be a great cook. I love your garden!"
    assert extract([turn(words)], "ana-maria", context=[turn("hi", peer="tom", message="m0")]) == []


@pytest.mark.parametrize(
    "words",
    ["I moved to Ghent, Tom!", "Tom, I moved to Ghent.", "Hey Tom! I moved to Ghent", "I moved, Tom, to Ghent."],
)
def test_the_name_of_the_one_spoken_to_is_left_out(words: str) -> None:
    others = [turn("hi", peer="tom", message="m0")]
    assert said(*extract([turn(words)], "ana-maria", "Ana", context=others)) == ["Ana moved to Ghent."]


def test_a_name_in_a_list_stays_though_its_bearer_is_spoken_to() -> None:
    others = [turn("hi", peer="tom", message="m0")]
    found = extract([turn("I went to Rome with Eva, Lia, and Tom.")], "ana-maria", "Ana", context=others)
    assert said(*found) == ["Ana went to Rome with Eva, Lia, and Tom."]


def test_she_means_the_relative_just_named_and_the_quote_shows_it() -> None:
    found = extract([turn("Hi! My sister Eva is a vet. She lives in Porto.")], "ana-maria", "Ana")
    assert [(one.content, one.quote) for one in found] == [
        ("Ana's sister Eva is a vet.", "My sister Eva is a vet."),
        ("Ana's sister Eva lives in Porto.", "My sister Eva is a vet. She lives in Porto."),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "My sister lives in Porto. He is a vet.",
        "My sister lives in Porto. It rained. She is a vet.",
        "She is a vet.",
    ],
)
def test_she_and_he_mean_nobody_when_it_is_not_plain_who(words: str) -> None:
    assert not any("vet" in content for content in said(*extract([turn(words)], "ana-maria")))


def test_no_pronoun_reaches_into_another_message() -> None:
    turns = [turn("My sister lives in Porto."), turn("She is a vet.", message="m2")]
    assert said(*extract(turns, "ana-maria")) == ["ana-maria's sister lives in Porto."]


def test_turns_keep_their_order_and_their_own_messages() -> None:
    turns = [turn(f"I own {count} goats.", message=f"m{count}") for count in range(2, 30)]
    found = extract(turns, "ana-maria", "Ana")
    assert [(one.content, one.message_ids) for one in found] == [
        (f"Ana owns {count} goats.", (f"m{count}",)) for count in range(2, 30)
    ]


def test_what_is_said_twice_in_a_message_is_told_once() -> None:
    assert len(extract([turn("I like tea. I like tea. I like tea!")], "ana-maria")) == 1


def test_no_turns_give_no_propositions() -> None:
    assert extract([], "ana-maria") == []


def test_code_captions_and_quotations_are_not_the_authors_words() -> None:
    words = (
        '```\nI am a vet.\n```\n> I live in Oslo\n[shared a photo: my dog Rex]\nTom wrote: "I own a boat."\nI like tea.'
    )
    assert said(*extract([turn(words)], "ana-maria", "Ana")) == ["Ana likes tea."]


@pytest.mark.parametrize(
    "words",
    [
        "I like tea and " * 1_667,
        "x" * 25_000,
        '"' * 25_000,
        "[" * 25_000,
        "`" * 25_000,
        "I " * 12_500,
        "👍" * 25_000,
        " - I" * 6_000,
    ],
)
def test_endless_text_without_a_sentence_gives_nothing(words: str) -> None:
    assert extract([turn(words)], "ana-maria") == []


def test_a_long_message_is_read_to_its_end() -> None:
    words = "It rained all day. " * 1_300 + "I own a boat."
    assert said(*extract([turn(words)], "ana-maria", "Ana")) == ["Ana owns a boat."]


def test_broken_characters_do_no_harm() -> None:
    found = extract([turn("I like\ud800 tea. I own a boat.")], "ana-maria", "Ana")
    assert said(*found) == ["Ana likes tea.", "Ana owns a boat."]


def test_threads_may_extract_at_once() -> None:
    turns = [turn(f"I own {count} goats.", message=f"m{count}") for count in range(2, 12)]
    expected = extract(turns, "ana-maria")
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(extract, turns, "ana-maria") for _ in range(8)]
        assert all(one.result() == expected for one in running)


PIECES = st.sampled_from(
    [
        *("I ", "I'm ", "my sister ", "lives in ", "Rome", ". ", "! ", "? ", "\n", "- ", "```", '"', "'", "(", "you "),
        *(
            "and ",
            "we ",
            "moved ",
            "last week ",
            "yesterday",
            ", ",
            "👍 ",
            "https://a.b ",
            "don't ",
            "because ",
            "she ",
        ),
        *(
            "a dog ",
            "called ",
            "Rex ",
            "the ",
            "of mine ",
            "gonna ",
            "it ",
            "[",
            "]",
            "\u2019s ",
            "'s ",
            "\x00",
            "ß",
            "…",
        ),
    ]
)
TEXT = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents=st.lists(TEXT, max_size=4), name=st.one_of(st.none(), st.text(min_size=1, max_size=20)))
def test_whatever_is_said_the_proofs_hold(contents: list[str], name: str | None) -> None:
    turns = [turn(content, message=f"m{index}") for index, content in enumerate(contents)]
    found = extract(turns, "ana-maria", name)
    by_id = {one.message_id: one.content for one in turns}
    for proposition in found:
        assert proposition.message_ids
        assert proposition.quote
        assert proposition.quote in by_id[proposition.message_ids[0]]
        assert (name or "ana-maria") in proposition.content
    assert extract(turns, "ana-maria", name) == found
