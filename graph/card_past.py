"""What callers had set as a card, one after the other: bounded, and kept as text on the edge that carries the card.

A card that was made of what is held needs no record, since it can be made anew of what was held then.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

#: So many are kept, the newest, and of these no more than come to so many characters together.
KEPT, CHARACTERS = 32, 100_000


class Former(Struct, frozen=True):
    """A card that a caller set, from when it stood until another took its place, or one made of what is held."""

    since: datetime
    until: datetime
    lines: list[str]


def after(past: Sequence[str], former: Former) -> list[str]:
    """What is kept once a card's time is over, the newest last. A card too long to be kept at all leaves a gap."""
    kept: list[str] = []
    room = CHARACTERS
    for text in (msgspec.json.encode(former).decode(), *reversed(past)):
        if len(kept) == KEPT or len(text) > room:
            break
        kept.append(text)
        room -= len(text)
    return kept[::-1] or list(past)


def standing(past: Sequence[str], moment: datetime) -> list[str] | None:
    """The card among these that stood at a moment, if one did."""
    for text in reversed(past):
        former = msgspec.json.decode(text, type=Former)
        if former.since <= moment < former.until:
            return former.lines
    return None
