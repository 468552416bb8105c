"""A claim is believed only if the messages bear it out; what is refused is counted by reason."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workers.reasoners.claims import MAX_CHARACTERS, MAX_CLAIMS, Claim, check, moment
from workers.reasoners.seam import Dropped
from workers.turns import Proposition, Turn

MAY = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


def turn(number: int, peer: str, text: str) -> Turn:
    return Turn(f"id-{number}", peer, text, MAY + timedelta(minutes=number))


TURNS = {
    "m2": turn(2, "ana", "I moved to Lisbon last week. Do you like tea?"),
    "m3": turn(3, "ana", "My dog Rex came with me to Lisbon."),
}
OTHERS = {"m1": turn(1, "ana", "I live in Porto."), "m4": turn(4, "ben", "You are brave. I moved to Lisbon too.")}


def only(claim: Claim) -> Proposition | str:
    believed, dropped = check([claim], "ana", TURNS, OTHERS)
    return believed[0] if believed else dropped[0].reason


def test_a_claim_that_holds_becomes_a_proposition_with_ids_and_the_literal_quote() -> None:
    claim = Claim(" Ana moved to\nLisbon. ", ["m2"], "i MOVED to lisbon", "2023-05-01")
    assert only(claim) == Proposition(
        "Ana moved to Lisbon.", ("id-2",), "I moved to Lisbon", datetime(2023, 5, 1, tzinfo=UTC)
    )


def test_the_message_with_the_quoted_words_comes_first() -> None:
    believed = only(Claim("Ana's dog Rex lives in Lisbon.", ["m2", "m3", "m2"], "My dog Rex", None))
    assert isinstance(believed, Proposition)
    assert believed.message_ids == ("id-3", "id-2")
    assert believed.about_at is None


REFUSED = [
    (Claim("", ["m2"], "Lisbon", None), "empty"),
    (Claim(" …! ", ["m2"], "Lisbon", None), "empty"),
    (Claim("Ana " + "x" * MAX_CHARACTERS, ["m2"], "Lisbon", None), "too long"),
    (Claim("Does Ana like tea?", ["m2"], "Do you like tea", None), "question"),
    (Claim("“Ana likes tea\uff1f”", ["m2"], "tea", None), "question"),
    (Claim("They moved to Lisbon.", ["m2"], "I moved to Lisbon", None), "subject not named"),
    (Claim("Ben moved to Lisbon.", ["m2"], "I moved to Lisbon", None), "subject not named"),
    (Claim("Ana moved to Lisbon.", [], "I moved to Lisbon", None), "no message"),
    (Claim("Ana moved to Lisbon.", ["m9"], "I moved to Lisbon", None), "unknown message"),
    (Claim("Ana moved to Lisbon.", ["id-2"], "I moved to Lisbon", None), "unknown message"),
    (Claim("Ana moved to Lisbon.", ["m4"], "I moved to Lisbon", None), "another speaker's message"),
    (Claim("Ana moved to Lisbon.", ["m2", "m4"], "I moved to Lisbon", None), "another speaker's message"),
    (Claim("Ana lives in Porto.", ["m1"], "I live in Porto", None), "message for context only"),
    (Claim("Ana lives in Porto.", ["m2"], "I live in Porto", None), "quote not in the message"),
    (Claim("Ana moved to Lisbon.", ["m2"], "", None), "quote not in the message"),
]


@pytest.mark.parametrize(("claim", "reason"), REFUSED)
def test_a_claim_that_fails_a_check_is_refused_with_its_reason(claim: Claim, reason: str) -> None:
    assert only(claim) == reason


def test_refusals_are_counted_by_reason_and_do_not_touch_the_rest() -> None:
    good = Claim("Ana moved to Lisbon.", ["m2"], "moved to Lisbon", None)
    bad = [claim for claim, reason in REFUSED if reason in {"question", "no message"}]
    believed, dropped = check([*bad, good], "ana", TURNS, OTHERS)
    assert [one.content for one in believed] == ["Ana moved to Lisbon."]
    assert dropped == (Dropped("no message", 1), Dropped("question", 2))


def test_the_same_statement_twice_rests_on_both_messages() -> None:
    claims = [Claim("Ana is in Lisbon.", ["m2"], "Lisbon", None), Claim("ana is in Lisbon.", ["m3"], "Lisbon", None)]
    believed, dropped = check(claims, "ana", TURNS, OTHERS)
    assert [one.message_ids for one in believed] == [("id-2", "id-3")]
    assert dropped == ()


def test_an_endless_answer_is_cut() -> None:
    claims = [Claim(f"Ana likes tea number {i}.", ["m2"], "tea", None) for i in range(MAX_CLAIMS + 7)]
    believed, dropped = check(claims, "ana", TURNS, OTHERS)
    assert len(believed) == MAX_CLAIMS
    assert dropped == (Dropped("too many", 7),)


WEST = timezone(timedelta(hours=-3))


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("2023", datetime(2023, 1, 1, tzinfo=WEST)),
        ("2023-05", datetime(2023, 5, 1, tzinfo=WEST)),
        (" 2023-05-07 ", datetime(2023, 5, 7, tzinfo=WEST)),
        ("2023-05-07T18:30", datetime(2023, 5, 7, 18, 30, tzinfo=WEST)),
        ("2023-05-07T18:30Z", datetime(2023, 5, 7, 18, 30, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("null", None),
        ("last week", None),
        ("2023-13", None),
        ("0000", None),
        ("2023-02-30", None),
    ],
)
def test_the_time_a_claim_is_about_is_read_or_left_out(about: str | None, expected: datetime | None) -> None:
    assert moment(about, MAY.astimezone(WEST)) == expected
