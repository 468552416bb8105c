"""The part that the built-in embedders share: their own thread, batches, order, and text that no tokenizer refuses."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BATCH = 32
"""Most texts handed to the model at once."""
BATCH_CHARACTERS = 6_000
"""Most characters in a batch of several texts, each counted as long as the longest: so a query waits for a second or
two of other work at most, not for a whole import."""


class Engine(Protocol):
    """A model in this process. Its methods block, and are only ever called by one thread at a time."""

    def load(self) -> None:
        """Read the model; called once, before anything else.

        Raises:
            app.models.faults.ModelMissing: it is not installed or is damaged.
        """
        ...

    def encode(self, texts: Sequence[str], query: bool) -> NDArray[np.float32]:
        """Unit-length vectors, shape (texts, dimensions); at least one text is given."""
        ...


class LocalEmbedder:
    """Runs an `Engine` off the event loop. Loads it at first use, or with `prepare`."""

    def __init__(
        self, engine: Engine, model: str, dimensions: int, merge_similarity: float, answer_similarity: float
    ) -> None:
        self.model = model
        self.dimensions = dimensions
        self.merge_similarity = merge_similarity
        self.answer_similarity = answer_similarity
        self._engine = engine
        self._loaded = False
        # One thread: two runs at once on few cores made single texts eight times slower.
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embed")

    async def prepare(self) -> None:
        """Load the model now, so that the first text does not wait for it.

        Raises:
            app.models.faults.ModelMissing: it is not installed or is damaged.
        """
        await asyncio.get_running_loop().run_in_executor(self._pool, self._load)

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of texts that are stored, in the order given.

        Raises:
            app.models.faults.ModelMissing: the model is not installed or is damaged.
        """
        vectors: list[list[float]] = [[] for _ in texts]
        for places in batches([len(text) for text in texts]):
            found = await self._encode([texts[place] for place in places], query=False)
            for place, vector in zip(places, found, strict=True):
                vectors[place] = vector
        return vectors

    async def query(self, text: str) -> list[float]:
        """Vector of a text that is searched for.

        Raises:
            app.models.faults.ModelMissing: the model is not installed or is damaged.
        """
        return (await self._encode([text], query=True))[0]

    async def close(self) -> None:
        """Stop the thread; waits for the batch under way."""
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def _encode(self, texts: list[str], query: bool) -> list[list[float]]:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._run, texts, query)

    def _run(self, texts: list[str], query: bool) -> list[list[float]]:
        self._load()
        return self._engine.encode([clean(text) for text in texts], query).tolist()

    def _load(self) -> None:
        if not self._loaded:
            self._engine.load()
            self._loaded = True


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of the texts that go to the model together, given the texts' lengths in characters.

    Texts of like length share a batch: little of it is padding then.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH or lengths[place] * (len(batch) + 1) > BATCH_CHARACTERS):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def clean(text: str) -> str:
    """`text` without what tokenizers choke on: lone surrogates become `?`, NUL becomes a space."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
