"""From a file to the contents of messages."""

import asyncio

from msgspec import Struct

from app.models import tokens
from app.uploads.chunks import chunks
from app.uploads.errors import FileTooLarge
from app.uploads.extract import text_of
from app.uploads.kinds import Kind, kind_of
from app.uploads.pdf import PdfReading

MAX_BYTES = 5 * 1024 * 1024


class Piece(Struct, frozen=True):
    """The content of one message, and its tokens."""

    content: str
    token_count: int


async def read_file(pdf: PdfReading, declared: str, name: str, content: bytes) -> list[Piece]:
    """What is in a file, in pieces; a file that is empty or blank has one empty piece.

    Args:
        pdf: reads PDF files.
        declared: its media type as the client says it, or empty.
        name: its file name.
        content: all of it.

    Raises:
        FileTooLarge: it has more than `MAX_BYTES`.
        FileUnknown: it is of no kind that can be read, or not of the declared one.
        FileUnreadable: it is of its kind but cannot be read.
        FileBusy: too many files are being read already.
    """
    if len(content) > MAX_BYTES:
        raise FileTooLarge(f"The file has more than {MAX_BYTES} bytes")
    kind = await asyncio.to_thread(kind_of, declared, name, content)
    if kind is Kind.PDF and content:
        text = await pdf.text_of(content)
    else:
        text = await asyncio.to_thread(text_of, kind, content)
    return await asyncio.to_thread(_pieces, text)


def _pieces(text: str) -> list[Piece]:
    return [Piece(content, tokens.count(content)) for content in chunks(text)] or [Piece("", 0)]
