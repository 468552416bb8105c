"""`doxa import`: a chat from a file into a running Doxa."""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from rich.console import Console

from app import engine
from app.archive.container import is_archive
from app.cli.archives import STOPPED, import_archive
from app.cli.engine import home_option
from app.demo.render import show_figures
from app.importers.errors import ImportFailed
from app.importers.formats import FORMATS
from app.importers.importing import Imported, Request, import_file
from app.importers.progress import Report
from app.importers.service import Service
from app.importers.waiting import wait_for_reasoning


class Fault(click.ClickException):
    """One line on the console, and exit code 1."""

    def show(self, file: IO[str] | None = None) -> None:
        """Prints the line as all commands do."""
        click.echo(f"doxa: {self.format_message()}", file=file, err=file is None)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", metavar="NAME", help="Workspace to import into; the file's name by default.")
@click.option(
    "--as", "copy", metavar="NAME", help="Only for an archive of Doxa: the workspace's name here, with new ids."
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="What the file is; found out by default.")
@click.option("--skip-invalid", is_flag=True, help="Leave wrong lines out instead of importing nothing.")
@click.option("--observe/--no-observe", default=True, help="Let the speakers of a session observe each other.")
@click.option("--wait/--no-wait", default=True, help="Wait until all is reasoned over.")
@click.option("--url", envvar="DOXA_URL", help="Address of the Doxa; the one that runs in the home by default.")
@home_option
def import_command(
    file: Path,
    workspace: str | None,
    copy: str | None,
    form: str | None,
    skip_invalid: bool,
    observe: bool,
    wait: bool,
    url: str | None,
    home: Path | None,
) -> None:
    """Import a chat: JSONL (a message a line), OpenAI chat format (a conversation a line) or LoCoMo.

    The whole file is checked before anything is written, and importing it again adds nothing. DOXA_API_KEY is sent as
    the bearer token when it is set.

    An archive that `doxa export` wrote is imported too, into a workspace that must not exist yet: straight into the
    database, as it was, with all that was concluded.
    """
    if is_archive(file):
        if workspace or form or skip_invalid or url:
            raise click.UsageError("an archive of Doxa is imported as it is: only --as and --home go with it")
        import_archive(file, copy, home)
        return
    if copy:
        raise click.UsageError("--as is for archives of Doxa; a chat goes into --workspace")
    request = Request(path=file, workspace=workspace, format=form, skip_invalid=skip_invalid, observe=observe)
    with one_line_faults(), Service(service_url(url, home), os.environ.get("DOXA_API_KEY")) as service:
        _run(request, service, Report(Console(stderr=True)), wait)


@contextmanager
def one_line_faults() -> Generator[None]:
    """Turns what can go wrong with an import into one line."""
    try:
        yield
    except ImportFailed as error:
        raise Fault(str(error)) from error


def service_url(url: str | None, home: Path | None) -> str:
    """The address that was given, else that of the Doxa that runs in the home.

    Raises:
        Fault: None was given and none runs there.
    """
    if url:
        return url
    place = engine.home_at(home, os.environ)
    status = engine.running(place)
    if status is None or status.api is None:
        raise Fault(f"no Doxa runs in {place.path}: start one with `doxa up`, or say where one is with --url")
    return status.api


def _run(request: Request, service: Service, report: Report, wait: bool) -> None:
    service.check()
    begun = time.monotonic()
    try:
        imported = import_file(request, service, report)
    except KeyboardInterrupt:
        report.say("Stopped. What was written stays; run the same import again and it goes on from there.")
        raise SystemExit(STOPPED) from None
    try:
        reasoned = wait_for_reasoning(service, imported.workspace, report) if wait else None
    except KeyboardInterrupt:
        report.say("Stopped waiting. Everything is written, and the reasoning goes on by itself.")
        raise SystemExit(STOPPED) from None
    _summarise(imported, service, reasoned, time.monotonic() - begun)


def _summarise(imported: Imported, service: Service, reasoned: float | None, seconds: float) -> None:
    counts = imported.written
    held = service.count_conclusions(imported.workspace)
    messages = f"{counts.added} added, {counts.present} there before"
    show_figures(
        Console(),
        f"Workspace {imported.workspace}",
        [
            ("sessions", str(counts.sessions)),
            ("messages", f"{messages}, {imported.skipped} left out" if imported.skipped else messages),
            ("conclusions", str(held) if reasoned is not None else f"{held} so far"),
            ("time", f"{seconds:.1f} s" if reasoned is None else f"{seconds:.1f} s, {reasoned:.1f} s of it reasoning"),
        ],
    )
