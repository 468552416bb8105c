"""Which reader understands a file: a closed registry, and a look at the first lines of a file."""

import io
from collections.abc import Mapping
from typing import BinaryIO

from msgspec import Struct

from app.importers.errors import WrongFile
from app.importers.jsonl import KEYS, read_jsonl
from app.importers.lines import json_lines
from app.importers.locomo import read_locomo
from app.importers.openai_chat import read_openai
from app.importers.turns import Reader

LOOKED_AT_LINES = 20
_TELLING = KEYS - {"metadata", "created_at"}


class Format(Struct, frozen=True):
    """A kind of file that can be imported.

    Attributes:
        name: What `--format` calls it.
        title: What it is, in a few words.
        read: Its reader: bytes to turns, problems and notes, in bounded memory.
    """

    name: str
    title: str
    read: Reader


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("jsonl", "JSONL, one message a line", read_jsonl),
        Format("openai", "OpenAI chat format, one conversation a line", read_openai),
        Format("locomo", "LoCoMo, a JSON array of samples", read_locomo),
    )
}


def sniffed_format(file: BinaryIO, name: str) -> Format:
    """The format that the beginning of a file speaks of; the file is left at its start.

    Args:
        file: Bytes that can be rewound.
        name: What the user calls the file, for the message.

    Raises:
        WrongFile: The file is empty, or its first lines fit no format.
    """
    try:
        start = _first_byte(file)
        if not start:
            raise WrongFile(f"{name}: is empty")
        file.seek(0)
        found = "locomo" if start == b"[" else _by_keys(file)
    finally:
        file.seek(0)
    if found is None:
        raise WrongFile(f"{name}: cannot tell its format; say it with --format {'|'.join(FORMATS)}")
    return FORMATS[found]


def _first_byte(file: BinaryIO) -> bytes:
    skipped = b" \t\r\n\xef\xbb\xbf"
    while chunk := file.read(io.DEFAULT_BUFFER_SIZE):
        if rest := chunk.lstrip(skipped):
            return rest[:1]
    return b""


def _by_keys(file: BinaryIO) -> str | None:
    for seen, line in enumerate(json_lines(file)):
        if seen == LOOKED_AT_LINES:
            break
        if isinstance(line.value, str):
            continue
        if "messages" in line.value:
            return "openai"
        if _TELLING & line.value.keys():
            return "jsonl"
    return None
