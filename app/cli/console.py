"""How progress looks at a console: a live display on a terminal, plain lines anywhere else."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from app.engine.events import Began, Event, Failed, Fetched, Finished, Notice


class ConsoleReport:
    """Shows the engine's events while its block lasts; call it with each."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._shown = 0
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[amount]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )

    def __enter__(self) -> "ConsoleReport":
        if self.console.is_terminal:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()

    def settle(self) -> None:
        """Take the live display away; later events are lines."""
        self._progress.stop()
        for task in self._tasks.values():
            self._progress.remove_task(task)
        self._tasks.clear()

    def __call__(self, event: Event) -> None:
        """Show one event."""
        match event:
            case Began(stage, text):
                self._begin(stage, text)
            case Fetched(done, total, received):
                self._fetched(done, total, received)
            case Finished(stage, text, seconds):
                self._end(stage)
                self._line(f"[green]✓[/] {text} [dim]({seconds:.1f} s)[/]")
            case Notice(text):
                self._line(f"[yellow]![/] {text}")
            case Failed(text):
                self._line(f"[red]✗[/] {text}")
            case _:
                return

    def _begin(self, stage: str, text: str) -> None:
        if self.console.is_terminal:
            self._tasks[stage] = self._progress.add_task(text, total=None, amount="")
        else:
            self._line(f"  {text} …")

    def _fetched(self, done: int, total: int, received: int) -> None:
        amount = f"{done} of {total} jars, {received / 1e6:.0f} MB"
        task = self._tasks.get("fetch")
        if task is not None:
            self._progress.update(task, total=total, completed=done, amount=amount)
        elif done * 10 // total > self._shown:
            # Where lines stay, one for each tenth is enough.
            self._shown = done * 10 // total
            self._line(f"  {amount}")

    def _end(self, stage: str) -> None:
        task = self._tasks.pop(stage, None)
        if task is not None:
            self._progress.remove_task(task)

    def _line(self, text: str) -> None:
        self.console.print(text, highlight=False, soft_wrap=True)
