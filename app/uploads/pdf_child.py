"""Reads a PDF in a process of its own: `python -m app.uploads.pdf_child` takes it on standard input.

A PDF is a program of sorts: a few bytes can ask for hours of work or for all memory. A thread that reads one cannot be
stopped; a process can, and the system holds it to its share of both. Standard output gets one JSON object: `text`, or
`fault` with a sentence about what is wrong with the file.
"""

import io
import json
import logging
import os
import resource
import sys
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import DependencyError

MAX_PAGES = 2_000
MAX_TEXT = 5 * 1024 * 1024
MEMORY_BYTES = 1024**3
PROCESSOR_SECONDS = 30


class _Fault(Exception):
    """What is wrong with the file, for its owner."""


def main() -> None:
    """Read the file and write what is in it."""
    _limit()
    # What pypdf has to say about a file is nothing to the operator, and there can be very much of it.
    logging.disable(logging.CRITICAL)
    try:
        answer = {"text": _text(sys.stdin.buffer.read())}
    except _Fault as fault:
        answer = {"fault": str(fault)}
    except MemoryError:
        answer = {"fault": "The PDF takes too much memory to read"}
    json.dump(answer, sys.stdout)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
    # The service answers others meanwhile.
    os.nice(5)


def _text(content: bytes) -> str:
    pages: list[str] = []
    size = unread = 0
    for number, text in enumerate(_pages(content), 1):
        if text is None:
            unread += 1
            pages.append(f"[Page {number}]\n(this page cannot be read)")
        elif text.strip():
            size += len(text)
            if size > MAX_TEXT:
                raise _Fault(f"The PDF holds more than {MAX_TEXT} characters of text")
            pages.append(f"[Page {number}]\n{text.strip()}")
    if unread == len(pages):
        raise _Fault("The PDF is broken: no page can be read" if unread else "The PDF holds no text: a scan, perhaps")
    # Characters outside the first plane can come in halves, and a half alone is none.
    return "\n\n".join(pages).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _pages(content: bytes) -> Iterator[str | None]:
    """The text of each page; None for one that cannot be read."""
    # A broken file brings about nearly every exception that Python has, so all are caught but those that say more.
    try:
        reader = PdfReader(io.BytesIO(content))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except DependencyError:
        raise _Fault("The PDF is encrypted") from None
    except MemoryError:
        raise
    except Exception as fault:
        raise _Fault(f"The PDF is broken: {type(fault).__name__}") from None
    if locked:
        raise _Fault("The PDF is encrypted")
    if count > MAX_PAGES:
        raise _Fault(f"The PDF has {count} pages; at most {MAX_PAGES} are read")
    for number in range(count):
        try:
            yield reader.pages[number].extract_text()
        except MemoryError:
            raise
        except Exception:
            yield None


if __name__ == "__main__":
    main()
