"""What a summariser is given and what it gives back, whichever it is."""

from typing import Protocol

from msgspec import Struct

from graph.types import SummaryKind
from workers.thinking.seam import Execution, Thinker
from workers.turns import Turn

#: The most tokens of a summary, by its kind.
MOST_TOKENS: dict[SummaryKind, int] = {"short": 1000, "long": 4000}


class Stretch(Struct, frozen=True, kw_only=True):
    """What is to be summarised.

    Attributes:
        turns: the newest messages of a session, oldest first; at least one.
        tokens: of these messages.
        previous: the summary of the same kind that goes before them, which the new one replaces; None for the first.
        instructions: what the operator of the workspace asks for beside the usual.
    """

    kind: SummaryKind
    turns: tuple[Turn, ...]
    tokens: int
    previous: str | None = None
    instructions: str | None = None


class Summarised(Execution, frozen=True, kw_only=True):
    """A summary, and what it took.

    Attributes:
        content: within the most tokens of its kind; empty where nothing was said that could be summarised.
        token_count: o200k_base tokens of the content.
    """

    content: str
    token_count: int


class Summariser(Thinker, Protocol):
    """Puts what was said in short."""

    async def summarise(self, stretch: Stretch) -> Summarised:
        """Summarise a stretch of a session, going on from the summary before it.

        Raises:
            app.models.faults.ModelFault: there is no usable summary now, or not without a change. Its ledger holds the
                calls that were made.
        """
        ...
