"""An embedder whose calls are counted and traced."""

import time
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from app.models.embedders import Embedder
from app.telemetry.process import Telemetry

T = TypeVar("T")


class ObservedEmbedder:
    """Passes everything on to another embedder, and notes how long it took."""

    def __init__(self, embedder: Embedder, telemetry: Telemetry) -> None:
        self._inner = embedder
        self._telemetry = telemetry

    @property
    def model(self) -> str:
        """Identity that is stored beside the vectors."""
        return self._inner.model

    @property
    def dimensions(self) -> int:
        """Size of every vector."""
        return self._inner.dimensions

    @property
    def merge_similarity(self) -> float:
        """Cosine from which two conclusions are near-duplicates."""
        return self._inner.merge_similarity

    @property
    def answer_similarity(self) -> float:
        """Cosine from which a conclusion may answer a question."""
        return self._inner.answer_similarity

    async def prepare(self) -> None:
        """Load or probe the model now. Raises `app.models.faults.ModelFault` if it cannot be used."""
        await self._inner.prepare()

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of texts that are stored, in the order given."""
        return await self._timed("passages", len(texts), self._inner.passages(texts))

    async def query(self, text: str) -> list[float]:
        """Vector of a text that is searched for."""
        return await self._timed("query", 1, self._inner.query(text))

    async def close(self) -> None:
        """Give back threads and connections."""
        await self._inner.close()

    async def _timed(self, use: str, texts: int, call: Awaitable[T]) -> T:
        began, clock = time.time_ns(), time.perf_counter()
        failure: str | None = "interrupted"
        try:
            with self._telemetry.metrics.embedding():
                vectors = await call
            failure = None
        except Exception as fault:
            failure = type(fault).__name__
            raise
        finally:
            seconds = time.perf_counter() - clock
            self._telemetry.metrics.embedded(use, texts, seconds, failure)
            said = {"gen_ai.request.model": self.model, "doxa.embedding.use": use, "doxa.embedding.texts": texts}
            self._telemetry.tracing.record("embedding", began, seconds, said, failure)
        return vectors
