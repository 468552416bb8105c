"""What every reasoner takes and gives, whatever reasons inside."""

from typing import Protocol

from msgspec import Struct

from workers.turns import Proposition, Turn


class Batch(Struct, frozen=True, kw_only=True):
    """What one call reasons over.

    Attributes:
        subject: the peer whose messages these are, and about whom things are concluded.
        turns: the subject's messages, oldest first; at least one.
        context: what others said around them, oldest first; only to understand, never to conclude from.
        instructions: the client's own words for the extraction, or None.
    """

    subject: str
    turns: tuple[Turn, ...]
    context: tuple[Turn, ...] = ()
    instructions: str | None = None


class Dropped(Struct, frozen=True):
    """How many propositions one check refused."""

    reason: str
    count: int


class Extraction(Struct, frozen=True, kw_only=True):
    """What was concluded, and by what.

    Attributes:
        propositions: each rests on messages of the batch's subject.
        dropped: what the checks refused, by reason.
        model: name of the model that reasoned.
        prompt_hash: SHA-256 of the prompt, or of the rule set's version, in hex.
    """

    propositions: tuple[Proposition, ...]
    dropped: tuple[Dropped, ...] = ()
    model: str
    prompt_hash: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Reasoner(Protocol):
    """Draws conclusions about a peer from what it says."""

    @property
    def model(self) -> str:
        """Name of what reasons; `rules` for the built-in rules."""
        ...

    async def extract(self, batch: Batch) -> Extraction:
        """Conclude from a batch; an empty result is a result.

        Raises:
            ModelFault: the model could not be used.
        """
        ...

    async def close(self) -> None:
        """Give back threads and connections."""
        ...
