"""Worker processes as they run in production: Dramatiq's master and its children."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
from msgspec import Struct

from app.engine.neo4j import Neo4jServer
from tests.live import eventually
from workers.broker import READY

ROOT = Path(__file__).parents[2]


class Worker(Struct, frozen=True):
    """A master that runs, with one child, and its output."""

    master: subprocess.Popen[bytes]
    log: Path

    @property
    def child(self) -> int:
        """The process that does the work: of the master's two children the one that is not Python's own helper."""
        children = psutil.Process(self.master.pid).children()
        (child,) = [one for one in children if "resource_tracker" not in " ".join(one.cmdline())]
        return child.pid

    def stop(self) -> int:
        """Ask the master to stop, and wait; its exit code."""
        self.master.send_signal(signal.SIGTERM)
        return self.master.wait(60)


@contextmanager
def working(neo4j: Neo4jServer, redis_url: str, log: Path, **more: str) -> Generator[Worker]:
    """A worker that is ready, for as long as the block runs."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DOXA_", "NEO4J_", "OPENAI_"))}
    environment = {
        **inherited,
        "NEO4J_URI": neo4j.uri,
        "NEO4J_USERNAME": neo4j.user,
        "NEO4J_PASSWORD": neo4j.password,
        "REDIS_URL": redis_url,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
        **more,
    }
    command = (sys.executable, "-P", "-m", "dramatiq", "--processes", "1", "--threads", "2", "workers.main:set_up")
    with log.open("wb") as output:
        master = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        worker = Worker(master, log)
        eventually(lambda: READY in log.read_text() or master.poll() is not None, "the worker is ready")
        assert master.poll() is None, log.read_text()
        yield worker
    finally:
        if master.poll() is None:
            os.killpg(master.pid, signal.SIGKILL)
            master.wait()
