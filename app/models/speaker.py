"""The seam between what asks a language model and what speaks an endpoint's language."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Protocol

from app.models.completions import Reply, Turn
from app.models.faults import ModelFault


class Speaker(Protocol):
    """Whatever carries a conversation with a model; see `app.models.completions.Completions`."""

    model: str
    max_tokens: int

    async def ask(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> Reply:
        """Get a whole answer."""
        ...

    def stream(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> AsyncGenerator[str | Reply]:
        """Get an answer as it is written, and at last the whole of it."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
