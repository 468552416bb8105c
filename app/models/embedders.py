"""Embedders: what they offer, and which one the settings name."""

from collections.abc import Callable, Sequence
from typing import Protocol

from app.models.e5 import e5
from app.models.faults import ModelPermanent
from app.models.minilm import minilm
from app.settings import EmbeddingSettings

REMOTE_SECONDS = 60.0
"""Longest time for one call to a remote embedder."""


class Embedder(Protocol):
    """Turns texts into unit-length vectors. Safe to use from any task of one event loop."""

    @property
    def model(self) -> str:
        """Identity that is stored beside the vectors: vectors of two identities are never compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Size of every vector."""
        ...

    @property
    def merge_similarity(self) -> float:
        """Cosine from which two conclusions are near-duplicates, if also no number, name or negation differs."""
        ...

    @property
    def answer_similarity(self) -> float:
        """Cosine from which a conclusion may answer a question, if the question does not name whom it is about."""
        ...

    async def prepare(self) -> None:
        """Load or probe the model now. Raises `app.models.faults.ModelFault` if it cannot be used."""
        ...

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of texts that are stored, in the order given; an empty text has one as well."""
        ...

    async def query(self, text: str) -> list[float]:
        """Vector of a text that is searched for."""
        ...

    async def close(self) -> None:
        """Give back threads and connections."""
        ...


def _remote(settings: EmbeddingSettings) -> Embedder:
    from app.models.remote import remote  # noqa: PLC0415 -- `openai` costs 40 MB and a second, only where it is used

    if settings.dimensions is None:
        raise ModelPermanent(f"embedding model {settings.model}: DOXA_EMBEDDING_DIMENSIONS is required for it")
    return remote(
        settings.base_url,
        settings.api_key,
        settings.model,
        settings.dimensions,
        REMOTE_SECONDS,
        settings.circuit,
    )


BUILT_IN: dict[str, Callable[[int], Embedder]] = {"minilm": minilm, "e5": e5}
"""The embedders that need no endpoint, by their name in `DOXA_EMBEDDING_MODEL`; made from a number of threads."""


def embedder(settings: EmbeddingSettings) -> Embedder:
    """Make the embedder that the settings name; it loads at first use, or with `prepare`.

    Raises:
        ModelPermanent: the settings of a remote embedder are incomplete.
    """
    return _remote(settings) if settings.remote else BUILT_IN[settings.model](settings.threads)
