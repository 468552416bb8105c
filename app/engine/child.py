"""One child process: how it is described, started, watched and stopped."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil
from msgspec import Struct

from app.engine.errors import StartFault
from app.engine.probe import Alive, Probe, Start
from app.engine.reaper import MARKER

TETHER = Path(__file__).with_name("tether.py")

_INHERITED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")


_NAMES_AN_ERROR = re.compile(r"(\w+\.)*\w*(Error|Exception|Fault|Unavailable|Refused): ")


class Process(Struct, frozen=True, kw_only=True):
    """A process that the engine runs: all it takes to start it and to know that it answers."""

    name: str
    argv: tuple[str, ...]
    """Command; the first element is an absolute path."""
    environment: Mapping[str, str]
    """The whole environment; `MARKER` is added."""
    directory: Path
    """Working directory."""
    log: Path
    """File that its output is appended to."""
    ready: Probe = Alive()
    nearly_ready: Probe | None = None
    """When this is so, those that come after may already start: what they load takes as long as the rest here."""
    renew: Probe | None = None
    """When this is so though it answers, it is of no more use: it is ended and started anew."""
    after: tuple[str, ...] = ()
    """Names of the processes that must answer, or nearly, before this one starts."""
    start_seconds: float = 120.0
    """How long it may take until it answers, once what it comes after does."""
    stop_seconds: float = 30.0
    """How long it may take to stop by itself after SIGTERM."""


def plain_environment(source: Mapping[str, str]) -> dict[str, str]:
    """The part of an environment that a server needs: no keys and no `JAVA_TOOL_OPTIONS` leak into it."""
    return {name: source[name] for name in _INHERITED if name in source}


class Child:
    """A started process, leader of its own session, that does not outlive this one.

    Start children from the main thread: the kernel ties a child to the thread that started it.

    Args:
        process: what to start.
        marker: what it and all that it starts carry in their environment (`app.engine.reaper.marker`).

    Raises:
        StartFault: the command cannot be run.
    """

    def __init__(self, process: Process, marker: str) -> None:
        self.process = process
        argv = (sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(int(signal.SIGTERM)), *process.argv)
        environment = {**process.environment, MARKER: marker}
        logged = process.log.stat().st_size if process.log.exists() else 0
        self.start = Start(time.monotonic(), process.log, logged)
        try:
            with process.log.open("ab") as output:
                self._popen = subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=process.directory,
                    env=environment,
                    # Its own session: Ctrl-C at the console reaches the engine alone, which stops all in order.
                    start_new_session=True,
                )
        except OSError as fault:
            raise StartFault(f"{process.name} cannot be started: {fault}") from fault
        self.pid = self._popen.pid

    def exit_code(self) -> int | None:
        """Exit code (negative: a signal), or None while it runs."""
        return self._popen.poll()

    def terminate(self) -> None:
        """Ask it to stop. Only the leader hears it: Dramatiq hangs when its whole group does."""
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and everything it started, at once, and wait until they are gone."""
        kill_group(self.pid)
        self._popen.wait()

    def stop(self) -> None:
        """Ask it to stop, wait for as long as it may take, then end what is left of it."""
        self.terminate()
        try:
            self._popen.wait(self.process.stop_seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            self.kill()

    def last_words(self) -> str:
        """The line of its log since its start that best says why it ended, at most 300 characters; empty if none.

        That is the last line that names an error as a traceback's end does, else the last line.
        """
        try:
            with self.process.log.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(self.start.offset if self.start.offset <= size else 0, size - 16_384))
                text = file.read().decode(errors="replace")
        except OSError:
            return ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        telling = [line for line in lines if _NAMES_AN_ERROR.match(line)]
        return (telling or lines or [""])[-1][:300]


def kill_group(pid: int) -> None:
    """End every process of the group that `pid` leads or led, and wait briefly until they are gone."""
    deadline = time.monotonic() + 5.0
    try:
        while time.monotonic() < deadline:
            os.killpg(pid, signal.SIGKILL)
            if not _alive_in_group(pid):
                return
            time.sleep(0.02)
    except ProcessLookupError:
        return
    except PermissionError:
        # What macOS says of a group that holds only ended processes.
        return


def _alive_in_group(group: int) -> bool:
    """Whether a group still holds a process that is not a zombie."""
    for pid in psutil.pids():
        try:
            if os.getpgid(pid) == group and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                return True
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            continue
    return False


def wait_until_ready(child: Child) -> None:
    """Wait until a child answers its probe.

    Raises:
        StartFault: it ended or did not answer in time; the line names its log.
    """
    process = child.process
    while not process.ready.answers(child.start):
        if child.exit_code() is not None:
            raise StartFault(how_it_ended(child))
        if time.monotonic() - child.start.began > process.start_seconds:
            raise StartFault(f"{process.name} did not answer within {process.start_seconds:.0f} s; see {process.log}")
        time.sleep(0.05)


def how_it_ended(child: Child) -> str:
    """One line on a child that has ended."""
    code = child.exit_code()
    how = f"was ended by {signal.Signals(-code).name}" if code is not None and code < 0 else f"ended with code {code}"
    said = child.last_words()
    return f"{child.process.name} {how}{f' ({said})' if said else ''}; see {child.process.log}"
