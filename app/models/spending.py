"""What calls of models took: tokens, time and money, for those that failed too."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypedDict

from msgspec import Struct

from app.settings.models import Price

#: Prices are for so many tokens.
PRICED_TOKENS = 1_000_000


class Spent(Struct, frozen=True, kw_only=True):
    """One call.

    Attributes:
        model: the model that answered, as the endpoint calls it; as it was asked for where none did.
        prompt_tokens: 0 for a call that failed before it was answered.
        completion_tokens: likewise.
        cost: in the currency of the prices; None where the model has no price.
        fault: the class of fault it ended with, None for an answer.
    """

    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    started_at: datetime
    finished_at: datetime
    fault: str | None = None


class Totals(TypedDict):
    """What calls took together, under the names that a record of it has for them."""

    prompt_hash: str
    prompt_tokens: int
    completion_tokens: int
    calls: int
    cost: float | None


class Ledger:
    """Notes the calls that are made for one purpose, under one prompt."""

    def __init__(self, prompt_hash: str = "") -> None:
        self.prompt_hash = prompt_hash
        self.calls: list[Spent] = []
        self.started_at = datetime.now(UTC)

    @property
    def prompt_tokens(self) -> int:
        """Of all calls."""
        return sum(call.prompt_tokens for call in self.calls)

    @property
    def completion_tokens(self) -> int:
        """Of all calls."""
        return sum(call.completion_tokens for call in self.calls)

    @property
    def cost(self) -> float | None:
        """Of all calls; None where it is not known for each."""
        return total(self.calls)

    def totals(self) -> Totals:
        """All of it together."""
        return {
            "prompt_hash": self.prompt_hash,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "calls": len(self.calls),
            "cost": self.cost,
        }


def total(calls: Sequence[Spent]) -> float | None:
    """The cost of calls together; None where there are none, or one has no price."""
    costs = [call.cost for call in calls if call.cost is not None]
    return sum(costs) if calls and len(costs) == len(calls) else None


def cost(prices: Mapping[str, Price], names: Sequence[str], prompt_tokens: int, completion_tokens: int) -> float | None:
    """What tokens cost by the price of the first of these names that has one; None when none has."""
    for name in names:
        price = prices.get(name)
        if price is not None:
            return (prompt_tokens * price.prompt + completion_tokens * price.completion) / PRICED_TOKENS
    return None
