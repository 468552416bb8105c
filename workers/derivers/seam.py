"""What a deriver is given and what it gives back, whichever deriver it is: conclusions drawn from conclusions."""

from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from graph.types import Lasting, Level
from workers.thinking.seam import Execution, Thinker
from workers.turns import Statement


class Source(Struct, frozen=True):
    """A message under a conclusion, however deep. What a client stated is a source of its own, of no speaker."""

    id: str
    speaker_id: str
    session_id: str | None


class Ground(Struct, frozen=True, kw_only=True):
    """A living conclusion of one perspective, as something to derive from.

    Attributes:
        sources: the distinct messages underneath.
        new: whether it was not derived from yet.
    """

    id: str
    level: Level
    content: str
    observed_at: datetime
    about_at: datetime | None = None
    slot: str | None = None
    value: str | None = None
    negated: bool = False
    lasting: Lasting = "lasting"
    sources: tuple[Source, ...] = ()
    new: bool = False


class Grounds(Struct, frozen=True, kw_only=True):
    """What is held about one peer, to derive from.

    Attributes:
        subject: id of the peer; every conclusion in `known` is about it.
        known: oldest first.
        instructions: what the operator of the workspace asks for beside the usual.
    """

    subject: str
    known: tuple[Ground, ...]
    instructions: str | None = None


class Derived(Statement, frozen=True, kw_only=True):
    """One conclusion drawn from others about the same peer.

    Attributes:
        content: one sentence in the third person that names its subject.
        premise_ids: ids of grounds, each once: at least one for a deduction; for an induction at least two, with two
            distinct sources underneath.
    """

    level: Literal["deductive", "inductive"]
    content: str
    premise_ids: tuple[str, ...]


class Derivation(Execution, frozen=True, kw_only=True):
    """What was derived. Nothing is a result as well."""

    derived: tuple[Derived, ...]


class Deriver(Thinker, Protocol):
    """Draws conclusions from conclusions: deductions and generalisations."""

    async def derive(self, grounds: Grounds) -> Derivation:
        """Derive from what is held about one peer; every result passes the checks of `Derived`.

        Raises:
            app.models.faults.ModelFault: nothing can be derived now, or not without a change; never an empty result
                instead. Its ledger holds the calls that were made.
        """
        ...
