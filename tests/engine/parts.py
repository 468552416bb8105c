"""Small processes for tests of the supervisor."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from app.engine.child import Process, plain_environment
from app.engine.probe import Alive, Probe

SLEEPS = "import time; print('up', flush=True); time.sleep(600)"

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
print("child", subprocess.Popen([sys.executable, "-c", code]).pid, flush=True)
time.sleep(600)
"""


def part(
    directory: Path,
    name: str,
    code: str = SLEEPS,
    *,
    ready: Probe | None = None,
    renew: Probe | None = None,
    after: tuple[str, ...] = (),
    start_seconds: float = 10.0,
    stop_seconds: float = 5.0,
) -> Process:
    return Process(
        name=name,
        argv=(sys.executable, "-c", code),
        environment=plain_environment(os.environ),
        directory=directory,
        log=directory / f"{name}.log",
        ready=ready or Alive(),
        renew=renew,
        after=after,
        start_seconds=start_seconds,
        stop_seconds=stop_seconds,
    )


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def until(true: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)
