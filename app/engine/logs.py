"""The logs of a home: kept small while they are written, and shown."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.engine.errors import HomeFault
from app.engine.events import Event, Failed, Finished, Notice, Ready
from app.engine.home import Home

LARGEST_BYTES = 10_000_000
KEPT = 2
"""How many older parts of each log are kept."""

NAMES = ("doxa", "neo4j", "redis", "api", "workers")


def log_file(home: Home, name: str) -> Path:
    """The log of a process; `doxa` is the engine itself."""
    return home.logs / f"{name}.log"


def rotate(home: Home, largest: int = LARGEST_BYTES) -> None:
    """Set aside every log that has grown past `largest` bytes.

    The writers keep their file open, so its content is copied away and the file emptied; they append, so they go on at
    its new beginning. A line written between the two may be lost.
    """
    for name in NAMES:
        file = log_file(home, name)
        try:
            if file.stat().st_size <= largest:
                continue
        except FileNotFoundError:
            continue
        for number in range(KEPT - 1, 0, -1):
            older = file.with_name(f"{file.name}.{number}")
            if older.exists():
                older.replace(file.with_name(f"{file.name}.{number + 1}"))
        shutil.copyfile(file, file.with_name(f"{file.name}.1"))
        os.truncate(file, 0)


def log_event(home: Home, event: Event) -> None:
    """Write an event worth keeping to the engine's own log."""
    match event:
        case Finished(_, text, seconds):
            line = f"{text} ({seconds:.1f} s)"
        case Notice(text):
            line = text
        case Ready(seconds):
            line = f"ready after {seconds:.1f} s"
        case Failed(text):
            line = f"failed: {text}"
        case _:
            return
    with home.log.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z {line}\n")


class Tail:
    """Reads what is appended to a log, through rotations."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._position = 0
        self._rest = b""

    def last(self, count: int) -> list[str]:
        """The last `count` lines; `more` goes on after them.

        Raises:
            HomeFault: the log cannot be read.
        """
        lines = self.more()
        return lines[-count:] if count else []

    def more(self) -> list[str]:
        """Whole lines that have been appended since the last call.

        Raises:
            HomeFault: the log cannot be read.
        """
        try:
            with self.file.open("rb") as content:
                if content.seek(0, os.SEEK_END) < self._position:
                    self._position, self._rest = 0, b""
                content.seek(self._position)
                read = content.read()
                self._position = content.tell()
        except FileNotFoundError:
            return []
        except OSError as fault:
            raise HomeFault(f"the log {self.file} cannot be read: {fault.strerror or fault}") from fault
        *lines, self._rest = (self._rest + read).split(b"\n")
        return [line.decode(errors="replace") for line in lines]


def show(
    home: Home, names: Sequence[str], count: int, follow: bool, pause: Callable[[float], None] = time.sleep
) -> Generator[tuple[str, str]]:
    """The last `count` lines of each named log, then, when following, what is appended, as (name, line).

    Raises:
        HomeFault: a log cannot be read.
    """
    tails = {name: Tail(log_file(home, name)) for name in names}
    for name, tail in tails.items():
        yield from ((name, line) for line in tail.last(count))
    while follow:
        pause(0.25)
        for name, tail in tails.items():
            yield from ((name, line) for line in tail.more())
