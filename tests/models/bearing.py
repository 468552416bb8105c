"""How well the check tells claims that messages bear out from those they do not: `python -m tests.models.bearing`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from workers.reasoners.support import unsupported

PAIRS = Path(__file__).with_name("borne_out.jsonl")
AT = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


class Pair(Struct):
    message: str
    claim: str
    faithful: bool
    around: list[str] = []


class Figures(Struct):
    kept: int = 0
    """Faithful claims that pass."""
    lost: int = 0
    caught: int = 0
    """Unfaithful claims that are dropped."""
    missed: int = 0


def pairs() -> Iterator[Pair]:
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        yield msgspec.json.decode(line, type=Pair)


def judged(pair: Pair) -> str | None:
    return unsupported(pair.claim, pair.message, [pair.message, *pair.around], {"ana"}, AT)


def measure() -> Figures:
    figures = Figures()
    for pair in pairs():
        passes = judged(pair) is None
        if pair.faithful:
            figures.kept, figures.lost = figures.kept + passes, figures.lost + (not passes)
        else:
            figures.missed, figures.caught = figures.missed + passes, figures.caught + (not passes)
    return figures


if __name__ == "__main__":
    for pair in pairs():
        if (judged(pair) is None) is not pair.faithful:
            print(f"{'lost' if pair.faithful else 'missed'}: {pair.message} -> {pair.claim} ({judged(pair)})")
    print(measure())
