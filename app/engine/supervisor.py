"""Keeping a set of processes running: started in order, started again when they die, stopped in reverse order.

One thread: `step` looks at every part once, and the caller decides how often. Children are started from the calling
thread, to which the kernel ties their lives, so call from the main one.
"""

import time
from collections.abc import Callable, Sequence

from msgspec import Struct

from app.engine.child import Child, Process, how_it_ended
from app.engine.errors import StartFault
from app.engine.events import Began, Finished, Notice, Report
from app.engine.record import PartRecord

STEP_SECONDS = 0.1
UNANSWERED_STOP_SECONDS = 5.0
RENEW_SECONDS = 5.0
"""How often a part that answers is asked whether it needs a new start."""


class Policy(Struct, frozen=True, kw_only=True):
    """How dead parts are started again."""

    first_seconds: float = 0.5
    """Pause after the first death; it doubles with each further one."""
    cap_seconds: float = 30.0
    """Longest pause."""
    stable_seconds: float = 60.0
    """A part that answered for this long starts counting its deaths anew."""
    failing_after: int = 4
    """So many deaths in a row make it `failing`; it is still started again."""

    def pause(self, deaths: int) -> float:
        """Seconds to wait after that many deaths in a row (1 or more)."""
        return min(self.cap_seconds, self.first_seconds * 2 ** min(deaths - 1, 30))


class _Part:
    """One process and what has become of it."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.child: Child | None = None
        self.state = "waiting"
        self.deaths = 0
        self.restarts = 0
        self.due = 0.0
        self.up_since = 0.0
        self.asked = 0.0
        self.detail = ""

    @property
    def name(self) -> str:
        return self.process.name

    @property
    def lets_others_start(self) -> bool:
        nearly = self.process.nearly_ready
        return self.state == "running" or (
            self.child is not None and nearly is not None and nearly.answers(self.child.start)
        )

    def record(self) -> PartRecord:
        pid = self.child.pid if self.child else None
        return PartRecord(self.name, self.state, pid, self.restarts, self.detail)


class Supervisor:
    """Runs processes.

    Args:
        processes: what to run; `after` may only name processes in it.
        marker: carried by every process (`app.engine.reaper.new_marker`).
        report: hears what happens.
        changed: called with the state of all parts whenever one changes.
        policy: how dead parts are started again.
    """

    def __init__(
        self,
        processes: Sequence[Process],
        marker: str,
        report: Report,
        changed: Callable[[tuple[PartRecord, ...]], None] = lambda parts: None,
        policy: Policy | None = None,
    ) -> None:
        self._parts = {process.name: _Part(process) for process in processes}
        for process in processes:
            for name in process.after:
                if name not in self._parts:
                    raise StartFault(f"{process.name} is to start after {name}, which is not among the processes")
        self._marker = marker
        self._report = report
        self._changed = changed
        self._policy = policy or Policy()
        self._starting = True

    @property
    def parts(self) -> tuple[PartRecord, ...]:
        """The state of all parts."""
        return tuple(part.record() for part in self._parts.values())

    @property
    def all_answer(self) -> bool:
        """Whether every part runs and has answered."""
        return all(part.state == "running" for part in self._parts.values())

    def start(self, abandon: Callable[[], bool] = lambda: False) -> bool:
        """Start everything and wait until it answers.

        Returns:
            False if `abandon` said so meanwhile; everything has been stopped then.

        Raises:
            StartFault: a part ended or did not answer in time; everything has been stopped.
        """
        try:
            while not self.all_answer:
                if abandon():
                    self.stop()
                    return False
                self.step()
                time.sleep(STEP_SECONDS / 2)
        except BaseException:
            self.stop()
            raise
        self._starting = False
        return True

    def step(self) -> None:
        """Look at every part once: see deaths, start what is due, notice answers."""
        for part in self._parts.values():
            if part.child is None:
                self._start_if_due(part)
            elif part.child.exit_code() is not None:
                self._died(part, part.child)
            elif part.state == "running":
                self._look_after(part, part.child)
            else:
                self._ask(part, part.child)

    def stop(self, hurried: Callable[[], bool] = lambda: False) -> None:
        """Stop everything: what others rest on comes last. Nothing is left afterwards.

        Args:
            hurried: asked while waiting for a part; True ends all waiting.
        """
        hurry = False
        while wave := self._wave():
            for part, child in wave:
                self._report(Began(f"stop {part.name}", f"Stopping {part.name}"))
                child.terminate()
            began = time.monotonic()
            for part, child in wave:
                # What has not answered yet has nothing to lose.
                patience = part.process.stop_seconds if part.state == "running" else UNANSWERED_STOP_SECONDS
                deadline = began + min(patience, part.process.stop_seconds)
                while child.exit_code() is None and not hurry and time.monotonic() < deadline:
                    hurry = hurried()
                    time.sleep(0.02)
                child.kill()
                part.child = None
                self._enter(part, "stopped")
                self._report(Finished(f"stop {part.name}", f"{part.name} stopped", time.monotonic() - began))

    def _wave(self) -> list[tuple[_Part, Child]]:
        """The living parts that no other living part rests on."""
        living = [(part, part.child) for part in self._parts.values() if part.child is not None]
        needed = {name for part, _ in living for name in part.process.after}
        return [(part, child) for part, child in living if part.name not in needed]

    def _start_if_due(self, part: _Part) -> None:
        if time.monotonic() < part.due or not all(self._parts[name].lets_others_start for name in part.process.after):
            return
        if self._starting:
            self._report(Began(part.name, f"Starting {part.name}"))
        else:
            part.restarts += 1
        try:
            part.child = Child(part.process, self._marker)
        except StartFault as fault:
            if self._starting:
                raise
            self._schedule(part, str(fault))
            return
        self._enter(part, part.state if part.state == "failing" else "starting")

    def _look_after(self, part: _Part, child: Child) -> None:
        now = time.monotonic()
        if part.deaths and now - part.up_since > self._policy.stable_seconds:
            part.deaths = 0
        renew = part.process.renew
        if renew is None or now - max(part.up_since, part.asked) < RENEW_SECONDS:
            return
        part.asked = now
        if renew.answers(child.start):
            # Not asked to stop first: a store that cannot write would try until its time is up.
            child.kill()
            self._gone(part, f"{part.name} ran but could do no more work, and was ended")

    def _ask(self, part: _Part, child: Child) -> None:
        seconds = time.monotonic() - child.start.began
        if part.process.ready.answers(child.start):
            part.up_since = time.monotonic()
            self._enter(part, "running")
            if self._starting:
                self._report(Finished(part.name, f"{part.name} answers", seconds))
            else:
                self._report(Notice(f"{part.name} answers again after {seconds:.1f} s"))
        elif self._is_overdue(part, child):
            child.kill()
            self._gone(part, f"{part.name} did not answer within {part.process.start_seconds:.0f} s")

    def _is_overdue(self, part: _Part, child: Child) -> bool:
        """Whether a part has had its time to answer; none of it passes while what it rests on does not answer."""
        needed = [self._parts[name] for name in part.process.after]
        if any(each.state != "running" for each in needed):
            return False
        began = max(child.start.began, *(each.up_since for each in needed), 0.0)
        return time.monotonic() - began > part.process.start_seconds

    def _died(self, part: _Part, child: Child) -> None:
        said = how_it_ended(child)
        child.kill()  # what it started and left behind
        self._gone(part, said)

    def _gone(self, part: _Part, why: str) -> None:
        part.child = None
        if self._starting:
            raise StartFault(why)
        self._schedule(part, why)

    def _schedule(self, part: _Part, why: str) -> None:
        part.deaths += 1
        pause = self._policy.pause(part.deaths)
        part.due = time.monotonic() + pause
        part.detail = why
        failing = part.deaths >= self._policy.failing_after
        self._enter(part, "failing" if failing else "restarting")
        times = f" for the {part.deaths}th time in a row" if failing else ""
        self._report(Notice(f"{why}; died{times}, starting it again in {pause:.1f} s"))

    def _enter(self, part: _Part, state: str) -> None:
        part.state = state
        self._changed(self.parts)
