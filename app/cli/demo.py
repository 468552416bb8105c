"""`doxa demo`: the whole of Doxa on a conversation that ships with it, or on one's own."""

import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
from msgspec import Struct
from rich.console import Console

from app import engine
from app.cli.console import ConsoleReport
from app.cli.engine import home_option
from app.cli.imports import STOPPED, Fault, one_line_faults
from app.demo.showing import Wish, demonstrate
from app.engine.ports import PORTS
from app.importers.importing import Request
from app.importers.progress import Report
from app.importers.service import Service


class Used(Struct, frozen=True):
    """The engine that a demonstration uses.

    Attributes:
        status: How it is doing.
        figures: What starting it took, if it was started here.
    """

    status: engine.Status
    figures: tuple[tuple[str, str], ...] = ()


@click.command("demo")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--keep", is_flag=True, help="Leave the Doxa that was started running, to explore.")
@click.option("--workspace", metavar="NAME", help="Workspace to use; demo, or the file's name, by default.")
@click.option("--query", metavar="TEXT", help="What to ask; something that fits the conversation by default.")
@click.option("--all", "everything", is_flag=True, help="Show all that is held instead of a choice.")
@home_option
def demo_command(
    file: Path | None, keep: bool, workspace: str | None, query: str | None, everything: bool, home: Path | None
) -> None:
    """Show what Doxa makes of a conversation: who holds what about whom, and why.

    Uses the Doxa that runs in the home, else starts one and stops it again. FILE is a chat of your own, in any format
    that `doxa import` reads.
    """
    report = Report(Console(stderr=True))
    place = engine.home_at(home, os.environ)
    try:
        with one_line_faults(), _engine(place, keep, report) as used:
            wish = Wish(
                request=None if file is None else Request(path=file),
                workspace=workspace,
                query=query,
                everything=everything,
                browser=used.status.neo4j.browser if used.status.neo4j else None,
                figures=used.figures,
            )
            with Service(_api(used.status, place), os.environ.get("DOXA_API_KEY")) as service:
                demonstrate(wish, service, report, Console())
    except KeyboardInterrupt:
        report.say("Stopped.")
        raise SystemExit(STOPPED) from None
    if keep:
        report.say(f"Doxa goes on running; stop it with: doxa down{'' if home is None else f' --home {home}'}")


@contextmanager
def _engine(place: engine.Home, keep: bool, report: Report) -> Generator[Used]:
    """The engine of a home: the one that runs, else one that is started, and stopped at the end unless it is kept."""
    status = engine.running(place)
    if status is not None:
        report.say(f"Using the Doxa that runs in {place.path}")
        yield Used(status)
        return
    begun = time.monotonic()
    with _terminable():
        # Whoever tries the demo may well have something else on the default ports: free ones always work.
        free = {key: 0 for key, port in PORTS.items() if not os.environ.get(port.variable, "").strip()}
        with ConsoleReport(report.console) as tell:
            own = engine.start(place, engine.options_from(free, os.environ), tell)
        done = False
        try:
            yield Used(own.status(), (("start", f"{time.monotonic() - begun:.1f} s"),))
            done = True
        finally:
            if not (keep and done):
                report.say("Stopping Doxa …")
                own.stop()


@contextmanager
def _terminable() -> Generator[None]:
    """Lets a request to terminate end the block as Ctrl-C does, so that what was started is stopped."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _api(status: engine.Status, place: engine.Home) -> str:
    if status.api is None or not status.ready:
        raise Fault(f"the Doxa in {place.path} is not ready: see `doxa status`")
    return status.api
