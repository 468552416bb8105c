"""What a reasoner is given and what it gives back, whichever reasoner it is."""

from typing import Protocol

from msgspec import Struct

from workers.thinking.seam import Execution, Thinker
from workers.turns import Proposition, Turn


class Batch(Struct, frozen=True):
    """What one peer said in one session since it was last reasoned over."""

    subject: str
    """Id of the peer; every turn in `turns` is this peer's."""
    turns: tuple[Turn, ...]
    """What to conclude from, oldest first."""
    context: tuple[Turn, ...] = ()
    """Messages around them, of any peer: to understand the turns by, never to conclude from."""
    instructions: str | None = None
    """What the operator of the workspace asks for beside the usual."""


class Extraction(Execution, frozen=True, kw_only=True):
    """What was concluded from a batch. No propositions is a result as well: there was nothing to conclude."""

    propositions: tuple[Proposition, ...]


class Reasoner(Thinker, Protocol):
    """Draws explicit conclusions from what peers say."""

    async def prepare(self) -> None:
        """Load or probe the model now. Raises `app.models.faults.ModelFault` if it cannot be used."""
        ...

    async def extract(self, batch: Batch) -> Extraction:
        """Conclude from a batch. Every proposition rests on turns of the batch, the quoted one first.

        Raises:
            app.models.faults.ModelFault: nothing can be concluded now, or not without a change; never an empty result
                instead. Its ledger holds the calls that were made.
        """
        ...
