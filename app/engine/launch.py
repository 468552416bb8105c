"""Starting an engine that goes on by itself, and stopping whichever runs in a home."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec
import psutil
from msgspec import Struct

import app
from app.engine import reaper
from app.engine.errors import EngineFault, HomeFault, StartFault
from app.engine.events import Event, Failed, Ready, Report, silent
from app.engine.home import Home, hold, make_home
from app.engine.options import Options
from app.engine.record import forget_record, read_record
from app.engine.status import NOT_RUNNING, Status, running

STOP_SECONDS = 120.0
"""How long an engine may take to stop before it is killed."""


class Errand(Struct, frozen=True):
    """What a detached engine is told on its command line; nothing in it is secret."""

    home: str
    options: Options
    pipe: int


class Running:
    """An engine that goes on by itself."""

    def __init__(self, home: Home, process: "subprocess.Popen[bytes]") -> None:
        self.home = home
        self._process = process

    def status(self) -> Status:
        """How it is doing."""
        return running(self.home) or NOT_RUNNING

    def stop(self) -> None:
        """Stop it and wait until nothing of it is left."""
        stop(self.home)
        self._process.wait()


def start(
    home: Home, options: Options | None = None, report: Report = silent, environment: Mapping[str, str] | None = None
) -> Running:
    """Start an engine that goes on when this process ends, and wait until all of it answers.

    Args:
        home: where it keeps its data.
        options: ports and sizes; the defaults if None.
        report: hears of the progress.
        environment: what the service reads its settings from; this process's own if None.

    Raises:
        EngineFault: it does not start; nothing is left running.
    """
    make_home(home)
    reading, writing = os.pipe()
    errand = Errand(str(home.path), options or Options(), writing)
    source = dict(os.environ if environment is None else environment)
    source.pop(reaper.MARKER, None)
    source["PYTHONPATH"] = str(Path(app.__file__ or ".").resolve().parent.parent)
    try:
        with home.log.open("ab") as log:
            process = subprocess.Popen(
                (sys.executable, "-P", "-m", "app.engine", msgspec.json.encode(errand).decode()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(writing,),
                start_new_session=True,
                cwd=home.path,
                env=source,
            )
    except OSError as fault:
        os.close(reading)
        raise StartFault(f"the engine cannot be started: {fault}") from fault
    finally:
        os.close(writing)
    try:
        _follow(reading, home, report)
    except BaseException:
        # Also Ctrl-C while it starts: what was begun here does not go on unasked.
        stop(home)
        process.wait()
        raise
    return Running(home, process)


def _follow(reading: int, home: Home, report: Report) -> None:
    decoder = msgspec.json.Decoder(Event)
    with open(reading, "rb") as events:
        for line in events:
            event = decoder.decode(line)
            if isinstance(event, Failed):
                raise EngineFault(event.text)
            report(event)
            if isinstance(event, Ready):
                return
    raise StartFault(f"the engine ended while it was starting; see {home.log}")


def stop(home: Home, grace: float = reaper.GRACE_SECONDS) -> bool:
    """Stop the engine in a home, and end what one that was killed has left.

    Args:
        home: where it runs.
        grace: seconds that what was left over has to end by itself.

    Returns:
        Whether there was anything to stop.

    Raises:
        HomeFault: the home's record cannot be read.
        EngineFault: the engine belongs to another user.
    """
    if not home.path.is_dir():
        return False
    record = read_record(home)
    if record is not None:
        _end(record.pid, home)
    try:
        with hold(home):
            left = reaper.clear(reaper.of_directory(home.path), grace)
            forget_record(home)
    except HomeFault:
        # Somebody has started a new engine here meanwhile: what runs now is its own.
        return record is not None
    return record is not None or left > 0


def _end(pid: int, home: Home) -> None:
    try:
        process = psutil.Process(pid)
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while read_record(home) is not None and process.is_running():
            if process.status() == psutil.STATUS_ZOMBIE:
                return
            if time.monotonic() > deadline:
                process.kill()
            time.sleep(0.05)
        # Its record is gone before its last breath: the home is free only when the process is.
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.02)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied as fault:
        raise EngineFault(f"the engine in {home.path} belongs to another user (process {pid})") from fault
