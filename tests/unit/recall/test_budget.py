"""Sharing a token budget between a summary and messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from graph.recall.budget import Shares, divide, fitting


class Text(Struct, frozen=True):
    token_count: int


SIZES = st.integers(min_value=0, max_value=400)
TEXTS = st.lists(st.builds(Text, SIZES), max_size=60)
BUDGETS = st.integers(min_value=-50, max_value=3000)
SUMMARIES = st.none() | st.builds(Text, SIZES)


@given(TEXTS, BUDGETS)
def test_messages_never_exceed_the_budget_and_no_further_one_would_fit(newest_first: list[Text], tokens: int) -> None:
    count = fitting(newest_first, tokens)

    sums = [sum(text.token_count for text in newest_first[:length]) for length in range(len(newest_first) + 1)]
    if tokens <= 0:
        assert count == 0
    else:
        assert sums[count] <= tokens
        assert count == len(newest_first) or sums[count + 1] > tokens


def test_the_first_message_that_does_not_fit_ends_the_run_although_an_older_one_would_fit() -> None:
    assert fitting([Text(5), Text(90), Text(1)], 50) == 1


def test_a_newest_message_larger_than_the_budget_leaves_none() -> None:
    assert fitting([Text(51), Text(1)], 50) == 0


def test_a_message_that_fills_the_budget_exactly_fits() -> None:
    assert fitting([Text(20), Text(30), Text(1)], 50) == 2


@given(BUDGETS, SUMMARIES, SUMMARIES)
def test_summary_and_messages_together_never_exceed_the_budget(
    tokens: int, short: Text | None, long: Text | None
) -> None:
    shares = divide(tokens, short=short, long=long)

    assert shares.summary in (None, short, long)
    used = shares.summary.token_count if shares.summary else 0
    assert used <= max(0, tokens) * 40 // 100
    assert used + shares.messages == max(0, tokens)


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        (None, None, None),
        (10, None, 10),
        (None, 40, 40),
        (10, 40, 40),
        (10, 41, 10),
        (40, 40, 40),
        (41, 41, None),
        (41, 40, None),
        (30, 20, 30),
        (0, None, None),
        (None, 0, None),
        (0, 5, 5),
    ],
)
def test_the_long_summary_wins_if_it_fits_and_says_more(
    short: int | None, long: int | None, expected: int | None
) -> None:
    def sized(tokens: int | None) -> Text | None:
        return None if tokens is None else Text(tokens)

    shares: Shares[Text] = divide(100, short=sized(short), long=sized(long))

    assert (shares.summary.token_count if shares.summary else None) == expected
    assert shares.messages == 100 - (expected or 0)


def test_without_a_budget_there_is_neither_summary_nor_message() -> None:
    assert divide(0, short=Text(0), long=Text(0)) == Shares(None, 0)
    assert fitting([Text(0)], 0) == 0
