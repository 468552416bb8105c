"""What whatever thinks says of itself, by rules or by a model, and of each execution beside its result."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol

from msgspec import Struct


class Dropped(Struct, frozen=True):
    """Statements that a check refused: how many, and which check; never their text."""

    reason: str
    count: int


class Execution(Struct, frozen=True, kw_only=True):
    """What one execution took; the base of every result.

    Attributes:
        model: the model that answered; `rules` for built-in rules.
        prompt_hash: SHA-256, in hex, of what was followed: of the prompt, or of the built-in rules.
        dropped: one entry a reason.
        calls: how often a model was called.
        cost: of these calls; None where it is not known.
    """

    model: str
    prompt_hash: str
    dropped: tuple[Dropped, ...] = ()
    prompt_tokens: int = 0
    completion_tokens: int = 0
    calls: int = 0
    cost: float | None = None


class Thinker(Protocol):
    """Something that thinks, by rules or by a model."""

    @property
    def model(self) -> str:
        """Name of what thinks; `rules` for built-in rules."""
        ...

    async def close(self) -> None:
        """Give back threads and connections."""
        ...


def tally(counts: Mapping[str, int]) -> tuple[Dropped, ...]:
    """What was dropped, from how much it was by reason, in the order of the reasons."""
    return tuple(Dropped(reason, count) for reason, count in sorted(counts.items()))


def summed(dropped: Iterable[Dropped]) -> tuple[Dropped, ...]:
    """What was dropped on several occasions, each reason once."""
    counts: Counter[str] = Counter()
    for one in dropped:
        counts[one.reason] += one.count
    return tally(counts)
