"""Kills parts of a running engine: real processes, with SIGKILL."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import psutil

from app.engine import Home
from app.engine.record import PartRecord, read_record
from tests.chaos.schedule import Kill, Schedule

CHILD_OF = "child of "
STOP = "stop "
"""Asks the leader alone to stop, as a supervisor does, instead of killing."""


class Killer:
    """Kills what a schedule says, while a load goes on.

    Attributes:
        kills: how often each target was killed.
        starting: how many of these hit a part that did not answer yet.
    """

    def __init__(self, home: Home, schedule: Schedule) -> None:
        self._home = home
        self._schedule = schedule
        self.kills: Counter[str] = Counter()
        self.starting = 0

    @property
    def done(self) -> int:
        return sum(self.kills.values())

    @property
    def share(self) -> float:
        """The share of all kills that are done."""
        return self.done / len(self._schedule.kills) if self._schedule.kills else 1.0

    async def kill_all(self, written: Callable[[], float]) -> None:
        """Do every kill of the schedule.

        Args:
            written: the share of the load that is acknowledged.
        """
        for place, kill in enumerate(self._schedule.kills):
            due = 0.9 * place / len(self._schedule.kills)
            while not kill.hasty and written() < due:
                await asyncio.sleep(0.1)
            await asyncio.sleep(kill.pause)
            await self._kill(kill)

    async def _kill(self, kill: Kill) -> None:
        name = kill.target.removeprefix(CHILD_OF).removeprefix(STOP)
        how = next((way for start, way in _WAYS.items() if kill.target.startswith(start)), kill_group)
        while True:
            found = part(self._home, name)
            if found.pid is not None and how(found.pid):
                break
            await asyncio.sleep(0.1)
        self.kills[kill.target] += 1
        self.starting += found.state != "running"


def part(home: Home, name: str) -> PartRecord:
    """How a part of the engine is doing."""
    return next(part for part in parts(home) if part.name == name)


def parts(home: Home) -> Sequence[PartRecord]:
    """How all parts of the engine are doing."""
    record = read_record(home)
    assert record is not None, "the engine has ended"
    return record.parts


def kill_group(pid: int) -> bool:
    """Kill a part with everything under it at one instant; False if it has ended already."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_child(pid: int) -> bool:
    """Kill the largest process that a part has started, where it does its work; False if there is none yet."""
    try:
        children = psutil.Process(pid).children()
        largest = max(children, key=lambda child: child.memory_info().rss, default=None)
        if largest is None:
            return False
        largest.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def stop_leader(pid: int) -> bool:
    """Ask a part to stop; False if it has ended already."""
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return False
    return True


_WAYS: Mapping[str, Callable[[int], bool]] = {CHILD_OF: kill_child, STOP: stop_leader}


def restarts(home: Home) -> Mapping[str, int]:
    """How often each part was started again."""
    return {part.name: part.restarts for part in parts(home)}
