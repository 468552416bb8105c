"""What kind of file something is: by what it is declared to be, then by its content, which must agree."""

from enum import Enum
from pathlib import PurePath
from types import MappingProxyType

from app.uploads.errors import FileUnknown


class Kind(Enum):
    """What can be read; the values are how people call it."""

    PDF = "a PDF"
    JSON = "JSON"
    TEXT = "text"


#: Clients that do not know a type say one of these, or none; then the ending of the file's name counts.
UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-unknown"})

ENDINGS = MappingProxyType(
    {
        ".pdf": Kind.PDF,
        ".json": Kind.JSON,
        **dict.fromkeys(
            (".txt", ".text", ".md", ".markdown", ".rst", ".csv", ".tsv", ".log", ".htm", ".html", ".srt", ".vtt"),
            Kind.TEXT,
        ),
    }
)

#: Some PDF files have a few bytes of something else in front: readers look for the mark this far into the file.
_MARK = b"%PDF-"
_MARK_WITHIN = 1024
#: What no text holds. Tab, the line breaks, backspace, form feed and escape are in logs and old files.
_CONTROLS = bytes(code for code in range(32) if code not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
#: More than one in so many characters is no text.
_RARE = 100
_TWO_BYTE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def kind_of(declared: str, name: str, content: bytes) -> Kind:
    """The kind of a file.

    Args:
        declared: its media type as the client says it, parameters included; empty when it says none.
        name: its file name.
        content: all of it.

    Raises:
        FileUnknown: it is of no kind that can be read, or its content is of another kind than is declared.
    """
    kind = _declared(declared, name)
    head = content[:_MARK_WITHIN]
    if kind is Kind.PDF and content and _MARK not in head:
        raise FileUnknown("The file is declared to be a PDF, but its content is none")
    # A text that speaks of the mark is still a text.
    if kind is not Kind.PDF and head.lstrip().startswith(_MARK):
        raise FileUnknown(f"The file is declared to be {kind.value}, but its content is a PDF")
    if kind is Kind.TEXT and is_binary(content):
        raise FileUnknown("The file is declared to be text, but its content is binary")
    return kind


def is_binary(content: bytes) -> bool:
    """Whether something is not text in any encoding that is read: it has too many control characters."""
    if wide(content) is not None:
        return False
    return not _readable(len(content) - len(content.translate(None, _CONTROLS)), len(content))


def wide(content: bytes) -> str | None:
    """The encoding of text with two bytes a character, `utf-16-le` or `utf-16-be`; None for anything else.

    Without a mark at the beginning it is told by its zeros: one byte of most characters is zero and the other hardly
    ever.
    """
    if content[:2] in _TWO_BYTE_MARKS:
        encoding = "utf-16-le" if content[:1] == b"\xff" else "utf-16-be"
    else:
        half = max(len(content) // 2, 1)
        even, odd = content[::2].count(0) / half, content[1::2].count(0) / half
        if max(even, odd) < 0.3 or min(even, odd) > 0.02:
            return None
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return encoding if _readable(sum(map(text.count, _CONTROLS.decode("latin-1"))), len(text)) else None


def _readable(controls: int, length: int) -> bool:
    """Whether so many control characters can be slips; a short text may have one."""
    return controls <= max(1, length // _RARE)


def _declared(declared: str, name: str) -> Kind:
    media_type = declared.partition(";")[0].strip().lower()
    if media_type in UNDECLARED:
        kind = ENDINGS.get(PurePath(name).suffix.lower())
        if kind is None:
            raise FileUnknown("The file has no type: declare it, or let its name end in .pdf, .json, .txt or .md")
        return kind
    if media_type == "application/pdf":
        return Kind.PDF
    if media_type == "application/json":
        return Kind.JSON
    if media_type.startswith("text/"):
        return Kind.TEXT
    raise FileUnknown("Files of this type cannot be read: only application/pdf, application/json and text/* can")
