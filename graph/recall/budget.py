"""Sharing a token budget between a summary and the newest messages (contract section 6.2). Pure functions."""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

#: Of the tokens that are left, so many in a hundred may go to a summary.
SUMMARY_PERCENT = 40


class Sized(Protocol):
    """A text whose tokens have been counted."""

    @property
    def token_count(self) -> int:
        """o200k_base tokens of the text."""
        ...


S = TypeVar("S", bound=Sized)


class Shares(Struct, Generic[S], frozen=True):
    """The summary that was chosen, if any, and the tokens that are left for messages (never below 0)."""

    summary: S | None
    messages: int


def divide(tokens: int, *, short: S | None = None, long: S | None = None) -> Shares[S]:
    """Choose a summary and say how many tokens are left for messages.

    The long summary wins if it fits the allowance and is longer than the short one; else the short one if it fits and
    is not empty. What a summary leaves of the allowance goes to the messages.

    Args:
        tokens: what is left after the representation and the peer card; may be negative.
        short: the session's short summary, if one exists and is wanted.
        long: its long summary, likewise.
    """
    chosen = _choose(max(0, tokens) * SUMMARY_PERCENT // 100, short, long)
    return Shares(chosen, max(0, tokens - (chosen.token_count if chosen else 0)))


def fitting(newest_first: Iterable[Sized], tokens: int) -> int:
    """How many of the newest messages fit, without a gap: the first that does not fit ends the run.

    Args:
        newest_first: messages from the newest backwards.
        tokens: the most their `token_count` may sum to; none fits 0 or less.
    """
    left, count = tokens, 0
    for message in newest_first if tokens > 0 else ():
        left -= message.token_count
        if left < 0:
            break
        count += 1
    return count


def _choose(allowance: int, short: S | None, long: S | None) -> S | None:
    short_tokens = short.token_count if short else 0
    if long is not None and short_tokens < long.token_count <= allowance:
        return long
    if short is not None and 0 < short_tokens <= allowance:
        return short
    return None
