"""The elements of a big JSON array, one at a time: the file is never held whole."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from app.importers.limits import RuleBroken
from app.importers.lines import LINE_BYTES

CHUNK_BYTES = 256 * 1024
# UTF-8 never uses these bytes inside a longer character, so the structure shows without decoding.
_STRUCTURE = re.compile(rb'["\\\[\]{},]')


def array_elements(file: BinaryIO, limit: int = LINE_BYTES) -> Iterator[bytes]:
    """The bytes of each element of the JSON array that a file holds.

    Only the brackets and strings around an element are looked at; whether it is JSON inside is for its reader to say.

    Args:
        file: UTF-8 text of one JSON array.
        limit: Bytes an element may have.

    Raises:
        RuleBroken: The file is no array, the array does not end, something follows it, or an element is too big.
    """
    splitter = _Splitter()
    while chunk := file.read(CHUNK_BYTES):
        yield from splitter.feed(chunk)
        if splitter.held > limit:
            raise RuleBroken(f"file: an element must have at most {limit} bytes")
    splitter.finish()


class _Splitter:
    """Cuts a stream of bytes at the commas between the elements of its outermost array."""

    def __init__(self) -> None:
        self._element = bytearray()
        self._depth = 0
        self._in_string = False
        self._ended = False
        self._seen = 0
        self._escaped = -1

    @property
    def held(self) -> int:
        """Bytes of the element that has begun and not ended."""
        return len(self._element)

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The elements that end inside the chunk."""
        cut = 0
        if self._depth == 0 and not self._ended:
            cut = self._open(chunk)
        for match in _STRUCTURE.finditer(chunk, cut):
            if self._ended:
                break
            if self._is_boundary(match.group(), self._seen + match.start()):
                self._element += chunk[cut : match.start()]
                cut = match.end()
                yield from self._taken()
        if self._ended and chunk[cut:].strip():
            raise RuleBroken("file: nothing may follow the JSON array")
        if self._depth:
            self._element += chunk[cut:]
        self._seen += len(chunk)

    def finish(self) -> None:
        """Says that no bytes follow.

        Raises:
            RuleBroken: The array has not ended.
        """
        if not self._ended:
            raise RuleBroken("file: must hold one JSON array, which does not end")

    def _open(self, chunk: bytes) -> int:
        text = chunk.removeprefix(codecs.BOM_UTF8) if self._seen == 0 else chunk
        inner = text.lstrip()
        if inner and not inner.startswith(b"["):
            raise RuleBroken("file: must hold one JSON array")
        self._depth = 1 if inner else 0
        return len(chunk) - len(inner) + self._depth

    def _is_boundary(self, sign: bytes, position: int) -> bool:
        if self._in_string:
            if position == self._escaped:
                return False
            if sign == b"\\":
                self._escaped = position + 1
            self._in_string = sign != b'"'
            return False
        if sign == b'"':
            self._in_string = True
        elif sign in b"[{":
            self._depth += 1
        elif sign in b"]}":
            self._depth -= 1
            self._ended = self._depth == 0
        return self._ended or (sign == b"," and self._depth == 1)

    def _taken(self) -> Iterator[bytes]:
        element = bytes(self._element).strip()
        self._element.clear()
        if element or not self._ended:
            yield element
