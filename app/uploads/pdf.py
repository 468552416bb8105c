"""The text of a PDF, read by another process that can be stopped."""

import asyncio
import os
import sys

import msgspec
from msgspec import Struct

from app.uploads.errors import FileBusy, FileUnreadable

#: Longer than the time that the child may compute for: it may have to wait for a processor.
SECONDS = 45.0
#: Files that are read at once, and for how long another one waits for its turn.
AT_ONCE = 2
WAIT_SECONDS = 10.0

_MODULE = "app.uploads.pdf_child"
#: What a Python process needs to start; secrets of the service are not among it.
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "TMPDIR")


class _Answer(Struct, frozen=True):
    text: str = ""
    fault: str | None = None


class PdfReading:
    """Reads PDF files, few at once.

    Args:
        seconds: that one may take.
        at_once: files that are read at the same time.
        wait_seconds: for how long another one waits.
    """

    def __init__(self, seconds: float = SECONDS, at_once: int = AT_ONCE, wait_seconds: float = WAIT_SECONDS) -> None:
        self._seconds = seconds
        self._wait_seconds = wait_seconds
        self._places = asyncio.Semaphore(at_once)

    async def text_of(self, content: bytes) -> str:
        """The text of a PDF; each page that has some begins with its number in brackets.

        Raises:
            FileUnreadable: it is broken, encrypted, without text, or more than the limits allow.
            FileBusy: too many others are being read.
        """
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise FileBusy("Other PDF files are being read; try again") from None
        try:
            return await self._read(content)
        finally:
            self._places.release()

    async def _read(self, content: bytes) -> str:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            _MODULE,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
        try:
            async with asyncio.timeout(self._seconds):
                output, _ = await child.communicate(content)
        except TimeoutError:
            raise FileUnreadable("The PDF takes too long to read") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        try:
            answer = msgspec.json.decode(output, type=_Answer)
        except msgspec.MsgspecError:
            # The system has stopped it: for its time, as a rule, or for its memory.
            raise FileUnreadable("The PDF takes too much time or memory to read") from None
        if answer.fault is not None:
            raise FileUnreadable(answer.fault)
        return answer.text
