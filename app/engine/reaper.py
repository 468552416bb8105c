"""Finding and ending what an engine left behind.

Every process under an engine carries a marker in its environment, whoever started it, so that grandchildren are found
too when their parents are gone. The reaper itself is this file run by path beside each engine: it waits for the engine
to end, in whatever way, and then ends what is still there. It imports little, since it sits in memory all the time.
"""

import os
import secrets
import signal
import sys
import time
from pathlib import Path

import psutil

MARKER = "DOXA_ENGINE"
GRACE_SECONDS = 25.0


def new_marker(directory: Path) -> str:
    """A marker for one run of an engine in `directory`: unique, and it names the directory."""
    return f"{secrets.token_hex(8)}:{directory.resolve()}"


def of_directory(directory: Path) -> str:
    """The end that every marker of an engine in `directory` has."""
    return f":{directory.resolve()}"


def marked(ending: str) -> list[psutil.Process]:
    """Living processes whose marker ends so; those of other users cannot be seen and are not ours."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            carried = process.environ().get(MARKER, "")
            if carried.endswith(ending) and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                found.append(process)
        except (psutil.Error, OSError):
            # Gone meanwhile, or another user's.
            continue
    return found


def clear(ending: str, grace: float = GRACE_SECONDS) -> int:
    """End every marked process: ask the leaders, wait up to `grace` seconds, then end what is left.

    Returns:
        How many processes there were.
    """
    first = marked(ending)
    for process in first:
        if _leads(process.pid):
            _signal(process, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while first and time.monotonic() < deadline and marked(ending):
        time.sleep(0.1)
    # What is being ended may start one more before it goes: look again until there is none.
    for _ in range(50):
        rest = marked(ending)
        if not rest:
            break
        for process in rest:
            _signal(process, signal.SIGKILL)
        time.sleep(0.1)
    return len(first)


def _leads(pid: int) -> bool:
    try:
        return os.getsid(pid) == pid
    except OSError:
        return False


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.Error:
        # It ended by itself, which is what is wanted.
        return


def main(arguments: list[str]) -> None:
    """Wait until the other end of pipe PIPE is closed, then clear what carries MARKER, with GRACE seconds."""
    pipe, marker, grace = int(arguments[0]), arguments[1], float(arguments[2])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(pipe, 1):
        pass
    clear(marker, grace)


if __name__ == "__main__":
    main(sys.argv[1:])
