"""How much is done for an answer: one row for each level of reasoning. Data, not code paths."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

ReasoningLevel = Literal["minimal", "low", "medium", "high", "max"]

#: Tools of the level that has few.
FEW_TOOLS = frozenset({"search_memory", "search_messages"})


class Effort(Struct, frozen=True, kw_only=True):
    """What one level allows.

    Attributes:
        rounds: how often the model may have tools called before it must answer.
        output_tokens: cap on the answer; the deployment's own cap holds as well.
        tools: names of the tools that are offered; None for all.
        explicit: how many explicit conclusions are recalled before the model is asked.
        derived: how many derived ones.
    """

    rounds: int
    output_tokens: int = 8192
    tools: frozenset[str] | None = None
    explicit: int = 25
    derived: int = 25


EFFORTS: Mapping[ReasoningLevel, Effort] = {
    "minimal": Effort(rounds=1, output_tokens=250, tools=FEW_TOOLS, explicit=10, derived=10),
    "low": Effort(rounds=5),
    "medium": Effort(rounds=2),
    "high": Effort(rounds=4),
    "max": Effort(rounds=10),
}


class Shares(Struct, frozen=True, kw_only=True):
    """How the tokens that a model may be given are shared out.

    Attributes:
        all: the cap on everything that is sent with one call.
        cards: for each peer card.
        explicit: for explicit conclusions recalled beforehand.
        derived: for derived ones.
        history: for the newest messages of the session.
        result: for what one call of a tool brings.
    """

    all: int = 100_000
    cards: int = 4_000
    explicit: int = 30_000
    derived: int = 20_000
    history: int = 4_096
    result: int = 12_000


SHARES = Shares()
