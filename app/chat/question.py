"""A question, and what is known before anything is recalled for it."""

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from msgspec import Struct

from app.chat.levels import Effort
from app.chat.memory import Memory
from app.chat.response_format import Form
from graph.types import Message


class Question(Struct, frozen=True, kw_only=True):
    """A question.

    Attributes:
        text: as it was asked.
        observer: whose memory answers; None for all of a workspace.
        observed: about whom; None for a whole workspace.
        effort: what may be done for the answer.
        form: the form that the answer must have; None for plain words.
        own_card: the lines of the observer's card about itself, where it is not the observed peer.
        card: those of its card about the observed peer.
        history: the newest messages of the session in which it is asked, oldest first.
        instructions: the client's own words on how to answer, or None.
        stream: whether the answer is wanted as it is written.
    """

    text: str
    observer: str | None
    observed: str | None
    effort: Effort
    form: Form | None = None
    own_card: Sequence[str] = ()
    card: Sequence[str] = ()
    history: Sequence[Message] = ()
    instructions: str | None = None
    stream: bool = False


class Answerer(Protocol):
    """Whoever answers."""

    @property
    def gives_forms(self) -> bool:
        """Whether it can answer in a form that is asked for."""
        ...

    def answer(self, question: Question, memory: Memory) -> AsyncGenerator[str]:
        """The answer's text in pieces; what was read for it is noted in the memory's evidence.

        Raises:
            app.models.faults.ModelFault: a model did not do its part.
            StoreFault: the database did not do its part.
        """
        ...

    async def close(self) -> None:
        """Give everything back."""
        ...
