"""Embeddings from an endpoint that speaks the OpenAI API."""

import asyncio
import math
from collections.abc import Sequence

from msgspec import Struct

from app.models import tokens
from app.models.endpoint import Endpoint
from app.models.faults import DimensionMismatch, ModelGarbage, ModelPermanent, ModelTransient
from app.models.local import clean
from app.settings.models import CircuitSettings

BATCH = 64
"""Texts in one call."""
WINDOW = 8000
"""Tokens of a text that are sent; the rest is cut, as endpoints refuse longer texts."""
ATTEMPTS = 3
"""Calls for one batch while the faults are transient; then the work that needs it waits and tries again."""
LONGEST_PAUSE = 5.0
"""Seconds between those calls; an endpoint that asks for more is left to the work's own back-off."""
MAX_BYTES = 64 * 1024 * 1024
BLANK = "."
"""Sent for a text without any visible character: endpoints refuse empty ones, and every text must have a vector."""
MERGE_SIMILARITY = 0.99
"""Nothing is known about the model, so only texts that nearly coincide count as near-duplicates."""
ANSWER_SIMILARITY = 0.26
"""What was found for the default embedder; most models put texts that have nothing in common below it."""


class _Vector(Struct):
    index: int
    embedding: list[float]


class _Answer(Struct):
    data: list[_Vector]


class RemoteEmbedder:
    """An embedding model behind an endpoint."""

    def __init__(self, endpoint: Endpoint, model: str, dimensions: int) -> None:
        self.model = model
        self.dimensions = dimensions
        self.merge_similarity = MERGE_SIMILARITY
        self.answer_similarity = ANSWER_SIMILARITY
        self._endpoint = endpoint
        # Most models have one size and many endpoints refuse the parameter: it is sent only when it turns out to be
        # needed.
        self._ask_dimensions = False

    async def prepare(self) -> None:
        """Embed one word, so that a wrong key, model or size shows at once.

        Raises:
            app.models.faults.ModelFault: the endpoint cannot be used, or not now.
            DimensionMismatch: its vectors do not have the configured size.
        """
        await self._embed(["probe"])

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of texts that are stored, in the order given.

        Raises:
            app.models.faults.ModelFault: the endpoint cannot be used, or not now.
            DimensionMismatch: its vectors do not have the configured size.
        """
        vectors: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            vectors += await self._embed(texts[start : start + BATCH])
        return vectors

    async def query(self, text: str) -> list[float]:
        """Vector of a text that is searched for.

        Raises:
            app.models.faults.ModelFault: the endpoint cannot be used, or not now.
            DimensionMismatch: its vectors do not have the configured size.
        """
        return (await self._embed([text]))[0]

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    async def _embed(self, texts: Sequence[str]) -> list[list[float]]:
        sent = [tokens.truncate(clean(text), WINDOW) if text.strip() else BLANK for text in texts]
        vectors = await self._patiently(sent)
        if len(vectors[0]) != self.dimensions and not self._ask_dimensions:
            vectors = await self._ask_for_size(sent, len(vectors[0]))
        for vector in vectors:
            if len(vector) != self.dimensions:
                raise self._mismatch(len(vector))
        return [_unit(vector, self.model) for vector in vectors]

    async def _ask_for_size(self, texts: list[str], found: int) -> list[list[float]]:
        self._ask_dimensions = True
        try:
            vectors = await self._patiently(texts)
        except ModelPermanent as fault:
            self._ask_dimensions = False
            raise self._mismatch(found) from fault
        self._ask_dimensions = len(vectors[0]) == self.dimensions
        return vectors

    def _mismatch(self, found: int) -> DimensionMismatch:
        return DimensionMismatch(
            f"embedding model {self.model}: its vectors have {found} dimensions, "
            f"DOXA_EMBEDDING_DIMENSIONS says {self.dimensions}"
        )

    async def _patiently(self, texts: list[str]) -> list[list[float]]:
        attempt = 1
        while True:
            try:
                return await self._call(texts)
            except ModelTransient as fault:
                pause = fault.retry_after if fault.retry_after is not None else 0.5 * 2 ** (attempt - 1)
                if attempt == ATTEMPTS or pause > LONGEST_PAUSE:
                    raise
            await asyncio.sleep(pause)
            attempt += 1

    async def _call(self, texts: list[str]) -> list[list[float]]:
        body: dict[str, object] = {"model": self.model, "input": texts, "encoding_format": "float"}
        if self._ask_dimensions:
            body["dimensions"] = self.dimensions
        call = f"embedding model {self.model}"
        answer = await self._endpoint.post("/embeddings", body, _Answer, call)
        found = {vector.index: vector.embedding for vector in answer.data}
        if sorted(found) != list(range(len(texts))):
            raise ModelGarbage(f"{call}: {len(texts)} texts sent, {len(answer.data)} vectors came back")
        return [found[place] for place in range(len(texts))]


def _unit(vector: list[float], model: str) -> list[float]:
    length = math.sqrt(math.fsum(value * value for value in vector))
    if length == 0 or not math.isfinite(length):
        raise ModelGarbage(f"embedding model {model}: a vector of length {length:g} came back")
    return [value / length for value in vector]


def remote(
    base_url: str | None,
    api_key: str | None,
    model: str,
    dimensions: int,
    timeout_seconds: float,
    circuit: CircuitSettings | None = None,
) -> RemoteEmbedder:
    """An embedder on an endpoint.

    Raises:
        ModelPermanent: `base_url` is not an http(s) URL.
    """
    endpoint = Endpoint(base_url, api_key, timeout_seconds, MAX_BYTES, model=model, circuit=circuit)
    return RemoteEmbedder(endpoint, model, dimensions)
