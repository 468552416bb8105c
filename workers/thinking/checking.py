"""Believing what a model claims only as far as it passes checks, and counting the rest."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from workers.thinking.seam import Dropped, tally

C = TypeVar("C")
B = TypeVar("B")


class Refused(Exception):
    """A claim fails a check; the message names the check."""


def believed(claims: Sequence[C], most: int, believe: Callable[[C], B]) -> tuple[list[B], tuple[Dropped, ...]]:
    """What is believed of claims, in their order, and how many were not, by reason.

    Args:
        claims: what the model wrote.
        most: how many of them are looked at.
        believe: turns a claim into what is believed, or raises `Refused`.
    """
    found: list[B] = []
    dropped: Counter[str] = Counter()
    if len(claims) > most:
        dropped["too many"] = len(claims) - most
    for claim in claims[:most]:
        try:
            found.append(believe(claim))
        except Refused as fault:
            dropped[str(fault)] += 1
    return found, tally(dropped)
