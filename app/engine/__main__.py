"""The process of a detached engine, as `app.engine.launch.start` starts it: `python -m app.engine ERRAND`."""

import os
import sys
from pathlib import Path

import msgspec

from app.engine.errors import EngineFault
from app.engine.events import Event, Failed, Ready
from app.engine.foreground import run
from app.engine.home import Home
from app.engine.launch import Errand


class _Pipe:
    """Tells the starter what happens until it has heard the end."""

    def __init__(self, number: int) -> None:
        self._number: int | None = number
        os.set_inheritable(number, False)

    def __call__(self, event: Event) -> None:
        if self._number is None:
            return
        try:
            os.write(self._number, msgspec.json.encode(event) + b"\n")
        except BrokenPipeError:
            # The starter has gone; the engine goes on.
            self._close()
        else:
            if isinstance(event, Ready | Failed):
                self._close()

    def _close(self) -> None:
        if self._number is not None:
            os.close(self._number)
            self._number = None


def main(arguments: list[str]) -> int:
    """Run the engine that an errand describes until a signal ends it; returns the exit code."""
    errand = msgspec.json.decode(arguments[0], type=Errand)
    report = _Pipe(errand.pipe)
    try:
        run(Home(Path(errand.home)), errand.options, os.environ, report)
    except EngineFault as fault:
        report(Failed(str(fault)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
