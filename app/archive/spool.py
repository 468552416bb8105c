"""Lines that are kept on the disk until their turn comes."""

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Generic, TypeVar

import msgspec

from app.archive.rows import Line

L = TypeVar("L", bound=Line)

#: So much stays in memory.
_IN_MEMORY = 4 * 2**20


class Spool(Generic[L]):
    """A temporary file of lines, which nobody else can open."""

    def __init__(self, kind: type[L]) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed with the spool
        self._encoder, self._decoder = msgspec.json.Encoder(), msgspec.json.Decoder(kind)

    def add(self, line: L) -> None:
        """Keep one more line."""
        self._file.write(self._encoder.encode(line) + b"\n")

    def clear(self) -> None:
        """Forget all lines."""
        self._file.seek(0)
        self._file.truncate()

    def lines(self) -> Iterator[L]:
        """All lines, in order."""
        self._file.seek(0)
        for text in self._file:
            yield self._decoder.decode(text)

    def __enter__(self) -> "Spool[L]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
