"""One run of the local engine, from the checks before it to the last process after it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import msgspec

from app.engine import reaper
from app.engine.errors import EngineFault, HomeFault, StartFault
from app.engine.events import Event, Failed, Notice, Ready, Report
from app.engine.home import Home, hold, make_home
from app.engine.jars import cache_directory
from app.engine.logs import log_event, rotate
from app.engine.options import Options
from app.engine.plan import Plan, prepare
from app.engine.ports import Reservations
from app.engine.probe import Start
from app.engine.record import PartRecord, Record, forget_record, own_record, write_record
from app.engine.supervisor import STEP_SECONDS, Policy, Supervisor

ROTATE_SECONDS = 30.0


def run(home: Home, options: Options, environment: Mapping[str, str], report: Report) -> None:
    """Run the engine until a signal (or a fault) ends it. Call from the main thread.

    Raises:
        EngineFault: it cannot start; nothing is left running.
    """
    began = time.monotonic()
    make_home(home)
    tell = Teller(home, report)
    with hold(home):
        record = own_record("starting")
        write_record(home, record)
        ports = Reservations(cache_directory(environment))
        try:
            plan = prepare(home, options, environment, ports, tell)
            supervise(home, plan, record, began, tell, policy=Policy(cap_seconds=options.restart_seconds))
        except EngineFault as fault:
            tell.log(Failed(str(fault)))
            raise
        finally:
            ports.release()
            forget_record(home)


class Teller:
    """Logs what happens and tells the listener, as long as there is one; neither can stop what runs."""

    def __init__(self, home: Home, report: Report) -> None:
        self._home = home
        self._report: Report | None = report

    def __call__(self, event: Event) -> None:
        """Log and tell."""
        self.log(event)
        if self._report is not None:
            try:
                self._report(event)
            except OSError:
                # The terminal has been closed: whoever listened is gone.
                self._report = None

    def log(self, event: Event) -> None:
        """Log without telling."""
        try:
            log_event(self._home, event)
        except OSError as fault:
            # A full disk, say: the parts may still work, and there is nowhere else to write.
            if self._report is not None:
                self._report(Notice(f"{self._home.log} cannot be written: {fault.strerror}"))


class _Signals:
    """Counts requests to stop: the first asks, the second hurries."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    @contextmanager
    def caught(self) -> Generator[None]:
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, self) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


class _Reaper:
    """The process that clears up if this one is killed; started again should it die itself."""

    def __init__(self, marker: str, grace: float) -> None:
        self._arguments = (marker, str(grace))
        self._reading, self._writing = os.pipe()
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name != reaper.MARKER}
        return subprocess.Popen(
            (sys.executable, "-I", str(Path(reaper.__file__)), str(self._reading), *self._arguments),
            pass_fds=(self._reading,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
        )

    def check(self) -> None:
        if self._process.poll() is not None:
            self._process = self._start()

    def close(self) -> None:
        os.close(self._writing)
        self._process.wait()
        os.close(self._reading)


def supervise(
    home: Home,
    plan: Plan,
    record: Record,
    began: float,
    report: Report,
    grace: float = reaper.GRACE_SECONDS,
    policy: Policy | None = None,
) -> None:
    """Run the processes of a plan until a signal ends it. Call from the main thread.

    Args:
        home: where the record is kept; the caller holds it.
        plan: what to run.
        record: the beginning of the record.
        began: monotonic time of the start, for the report.
        report: hears what happens.
        grace: seconds that processes have to end by themselves when this process has been killed.
        policy: how dead parts are started again.

    Raises:
        StartFault: a part did not start; nothing is left running.
    """
    marker = reaper.new_marker(home.path)
    state = "starting"

    def changed(parts: tuple[PartRecord, ...]) -> None:
        try:
            write_record(home, msgspec.structs.replace(record, state=state, addresses=plan.addresses, parts=parts))
        except HomeFault as fault:
            # On a full disk the status grows old, but what runs goes on.
            report(Notice(str(fault)))

    signals = _Signals()
    with signals.caught():
        guard = _Reaper(marker, grace)
        supervisor = Supervisor(plan.processes, marker, report, changed, policy)
        try:
            if not supervisor.start(abandon=lambda: signals.count > 0):
                return
            _await_last(plan, supervisor, lambda: signals.count > 0)
            state = "ready"
            changed(supervisor.parts)
            report(Ready(time.monotonic() - began))
            _watch(home, supervisor, guard, report, lambda: signals.count > 0)
        finally:
            state = "stopping"
            supervisor.stop(hurried=lambda: signals.count > 1)
            guard.close()


def _await_last(plan: Plan, supervisor: Supervisor, abandon: Callable[[], bool]) -> None:
    """Wait for the last address, at most a minute; a part that dies meanwhile is started again as ever."""
    start = Start(time.monotonic())
    while plan.finally_answers is not None and not plan.finally_answers.answers(start) and not abandon():
        if time.monotonic() - start.began > 60.0:
            raise StartFault(f"Neo4j's Browser does not answer at {plan.addresses.neo4j_browser}")
        supervisor.step()
        time.sleep(STEP_SECONDS)


def _watch(home: Home, supervisor: Supervisor, guard: _Reaper, report: Report, abandon: Callable[[], bool]) -> None:
    rotated = time.monotonic()
    while not abandon():
        supervisor.step()
        guard.check()
        if time.monotonic() - rotated > ROTATE_SECONDS:
            rotated = time.monotonic()
            try:
                rotate(home)
            except OSError as fault:
                report(Notice(f"the logs in {home.logs} cannot be set aside: {fault.strerror}"))
        time.sleep(STEP_SECONDS)
