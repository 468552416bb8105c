"""An engine of small processes, run as a program so that a test can kill it: `python supervised.py HOME GRACE`."""

import os
import sys
import time
from pathlib import Path

from app.engine.events import Event, Ready
from app.engine.foreground import Teller, supervise
from app.engine.home import Home, hold, make_home
from app.engine.plan import Plan
from app.engine.probe import Logged
from app.engine.record import Addresses, own_record, write_record
from tests.engine.parts import STUBBORN, part

ADDRESSES = Addresses("http://127.0.0.1:1", "bolt://127.0.0.1:1", "neo4j", "redis://127.0.0.1:1/0")

#: Leaves its session and its parent: only its environment still tells whose it is.
RUNAWAY = """
import os, subprocess, sys, time
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
print("child", subprocess.Popen([sys.executable, "-c", code], start_new_session=True).pid, flush=True)
time.sleep(600)
"""


def report(event: Event) -> None:
    print("ready" if isinstance(event, Ready) else event, flush=True)


def main(home: Home, grace: float) -> None:
    make_home(home)
    plan = Plan(
        (
            part(home.path, "plain"),
            part(home.path, "stubborn", STUBBORN, ready=Logged("child"), stop_seconds=0.5),
            part(home.path, "runaway", RUNAWAY, ready=Logged("child")),
        ),
        ADDRESSES,
    )
    with hold(home):
        record = own_record("starting")
        write_record(home, record)
        supervise(home, plan, record, time.monotonic(), Teller(home, report), grace)


if __name__ == "__main__":
    os.environ.pop("DOXA_ENGINE", None)
    main(Home(Path(sys.argv[1])), float(sys.argv[2]))
