"""The text of a file."""

import codecs
import re
from typing import cast

import msgspec

from app.uploads.errors import FileUnreadable
from app.uploads.kinds import Kind, wide

#: Characters that the text of one file may have: as many as the largest file has bytes.
MAX_TEXT = 5 * 1024 * 1024

_LINE_BREAK = re.compile(r"\r\n?")
_INDENT = 2


def text_of(kind: Kind, content: bytes) -> str:
    """The text of a file that is text or JSON; lines end in a line feed, and there are no NUL characters.

    Blocks for up to a second.

    Raises:
        FileUnreadable: it is JSON and broken, or not in UTF-8.
    """
    text = _json(content) if kind is Kind.JSON and content else _text(content)
    return _LINE_BREAK.sub("\n", text.replace("\0", ""))


def _text(content: bytes) -> str:
    encoding = wide(content)
    if encoding is not None:
        return content.decode(encoding).removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Every byte is a character of it, so this is what is left when nothing else fits.
        return content.decode("latin-1")


def _json(content: bytes) -> str:
    """The same value written anew, indented if that does not make it much longer."""
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise FileUnreadable(f"The file is not JSON: it is not UTF-8 at byte {fault.start}") from None
    try:
        value = cast("object", msgspec.json.decode(content))
        written = msgspec.json.encode(value)
        depth = _depth(value)
    except RecursionError:
        raise FileUnreadable("The file is JSON that is nested too deeply") from None
    except (msgspec.MsgspecError, ValueError) as fault:
        raise FileUnreadable(f"The file is not JSON: {str(fault).removeprefix('JSON is malformed: ')}") from None
    # Each comma and bracket may come to stand on a line of its own, as far in as the value is deep.
    lines = sum(written.count(mark) for mark in (b",", b"[", b"]", b"{", b"}"))
    indent = _INDENT if len(written) + lines * (_INDENT * depth + 1) <= MAX_TEXT else 0
    return msgspec.json.format(written, indent=indent).decode()


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, cast("dict[str, object]", value).values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, cast("list[object]", value)), default=0)
    return 0
