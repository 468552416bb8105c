"""How a long command tells where it is: bars on a terminal, plain lines everywhere else."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

LINE_SECONDS = 5.0


class Stage(Protocol):
    """One part of the work, under way."""

    def reached(self, done: int, total: int | None = None) -> None:
        """Says how far it is, and how far it has to go when that changed."""
        ...


class Report:
    """Says on a console what is being done.

    Args:
        console: Where to; bars only if it is a terminal.
    """

    def __init__(self, console: Console) -> None:
        self.console = console

    def say(self, line: str) -> None:
        """One line of its own, never broken up."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def stage(self, title: str, total: int) -> Generator[Stage]:
        """Shows one part of the work while it lasts, and how long it took when it ended well."""
        begun = time.monotonic()
        if self.console.is_terminal:
            with _bar(self.console) as bar:
                yield _Bar(bar, bar.add_task(title, total=total))
        else:
            self.say(f"{title} …")
            yield _Lines(self, title, total)
        self.say(f"{title}: done in {time.monotonic() - begun:.1f} s")


def _bar(console: Console) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True)


class _Bar:
    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task

    def reached(self, done: int, total: int | None = None) -> None:
        self._bar.update(self._task, completed=done, total=total)


class _Lines:
    def __init__(self, report: Report, title: str, total: int) -> None:
        self._report = report
        self._title = title
        self._total = total
        self._last = time.monotonic()

    def reached(self, done: int, total: int | None = None) -> None:
        self._total = self._total if total is None else total
        if time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            self._report.say(f"{self._title}: {done} of {self._total}")
