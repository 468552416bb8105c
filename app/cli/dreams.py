"""`doxa dream`: consolidate what one peer holds about another, or only see what that would change."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich.console import Console
from rich.text import Text

from app.cli.engine import home_option
from app.cli.imports import one_line_faults, service_url
from app.engine.errors import EngineFault
from app.importers.errors import Refused
from app.importers.service import Service

#: The first pause between two looks at a dream, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 3.0


class Related(Struct, frozen=True):
    """A conclusion; what a dry run would conclude has no id."""

    id: str | None
    content: str


class Change(Struct, frozen=True):
    """One change of one conclusion."""

    kind: str
    id: str | None
    content: str
    level: str
    related: list[Related]


class Area(Struct, frozen=True):
    """A place that was looked at, or left."""

    reason: str
    why: str
    conclusions: int
    state: str
    tokens: int
    focus_ids: list[str]


class Report(Struct, frozen=True):
    """What came of a dream."""

    id: str
    model: str
    skipped: str | None
    budget: int
    tokens: int
    areas: list[Area]
    changes: list[Change]
    shared: int
    card_before: list[str] | None
    card: list[str] | None


class Status(Struct, frozen=True):
    """A dream as it was asked for."""

    state: str
    last_error: str | None
    report: Report | None


class Dreams(Service):
    """The dreams of one workspace, over HTTP."""

    def schedule(self, workspace: str, body: Mapping[str, object]) -> None:
        """Ask for a dream."""
        self._again("POST", f"/v3/workspaces/{workspace}/schedule_dream", body)

    def status(self, workspace: str, query: Mapping[str, str | int]) -> tuple[Status, object] | None:
        """A dream as it is, and the same as it was sent; None if none was asked for."""
        try:
            answer = self._again("GET", f"/v3/workspaces/{workspace}/dreams/report", query=query)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise
        return self._decoded(answer, Status), answer.json()


@click.command("dream")
@click.argument("workspace")
@click.argument("observer")
@click.argument("observed", required=False)
@click.option("--dry-run", is_flag=True, help="Change nothing, and say what would change.")
@click.option("--card", is_flag=True, help="Only the peer card.")
@click.option("--rebuild", is_flag=True, help="Write the card also over one that was set by hand.")
@click.option("--session", metavar="NAME", help="A session whose configuration counts too.")
@click.option("--url", envvar="DOXA_URL", help="Address of the Doxa; the one that runs in the home by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@home_option
def dream_command(
    workspace: str, observer: str, observed: str | None, dry_run: bool, card: bool, rebuild: bool, session: str | None,
    url: str | None, as_json: bool, home: Path | None,
) -> None:  # fmt: skip
    """Dream over what OBSERVER holds about OBSERVED (itself by default), and print what came of it.

    DOXA_API_KEY is sent as the bearer token when it is set. Stopped with Ctrl-C, the dream goes on by itself.
    """
    kind, about = "card_refresh" if card else "omni", observed or observer
    query: dict[str, str | int] = {
        "observer": observer, "observed": about, "dream_type": kind, "dry_run": str(dry_run).lower(),
    }  # fmt: skip
    body = {**query, "dry_run": dry_run, "rebuild": rebuild, "session_id": session}
    with one_line_faults(), Dreams(service_url(url, home), os.environ.get("DOXA_API_KEY")) as dreams:
        before = dreams.status(workspace, query)
        dreams.schedule(workspace, body)
        report, sent = _wait(dreams, workspace, query, _id(before))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(sent), indent=2).decode())
    else:
        _show(report, dry_run)


def _id(found: tuple[Status, object] | None) -> str | None:
    return found[0].report.id if found is not None and found[0].report is not None else None


def _wait(dreams: Dreams, workspace: str, query: Mapping[str, str | int], before: str | None) -> tuple[Report, object]:
    """The report of the dream that was asked for, once it has ended."""
    pause = _FIRST_PAUSE
    while True:
        found = dreams.status(workspace, query)
        if found is not None:
            status, sent = found
            if status.state in {"dead", "dropped"}:
                raise EngineFault(f"the dream was given up: {status.last_error or status.state}")
            if status.report is not None and status.report.id != before:
                return status.report, sent
            if status.state == "idle" and status.report is None:
                raise EngineFault("the dream is over, but something was erased meanwhile, and its report with it")
        time.sleep(pause)
        pause = min(_LONGEST_PAUSE, pause * 1.5)


def _show(report: Report, dry_run: bool) -> None:
    """Print a report; as text, since what is held may hold what the console would take for markup."""
    console = Console(soft_wrap=True)

    def say(line: str) -> None:
        console.print(Text(line))

    if report.skipped is not None:
        say(f"Nothing was done: {report.skipped}.")
        return
    say(f"{'Would change' if dry_run else 'Changed'} ({report.model}, {report.tokens} of {report.budget} tokens):")
    for area in report.areas:
        say(f"  looked at: {area.why}" if area.state == "looked" else f"  left for the next dream: {area.why}")
    for change in report.changes:
        say(f"  {change.kind:12} [{change.level}] {change.content}")
        relation = "by" if change.kind == "superseded" else "from"
        for other in change.related:
            say(f"  {'':12} {relation} {other.content}" + (f" ({other.id})" if other.id else ""))
    if report.shared:
        say(f"  {report.shared} conclusions in the perspectives of others as well")
    for line in _card_lines(report.card_before or [], report.card or []):
        say(f"  {line}")
    if not report.changes and report.card == report.card_before:
        say("  nothing")


def _card_lines(before: list[str], after: list[str]) -> list[str]:
    gone = [f"card - {line}" for line in before if line not in after]
    return gone + [f"card + {line}" for line in after if line not in before]
