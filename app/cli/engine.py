"""The commands of the local engine: `up`, `down`, `status`, `doctor`, `logs`."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app import engine
from app.cli.console import ConsoleReport
from app.engine.doctor import examine
from app.engine.events import Event, Ready
from app.engine.home import Home
from app.engine.logs import NAMES, show
from app.engine.ports import PORTS
from app.engine.record import PartRecord, read_record
from app.engine.status import NOT_RUNNING, Status

NOT_READY_EXIT = 3

_F = TypeVar("_F", bound=Callable[..., object])

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Directory that holds the data (default: DOXA_HOME, else ~/.doxa).",
)


def port_options(command: _F) -> _F:
    """Add an option for each port of the engine."""
    for key, port in reversed(PORTS.items()):
        option = click.option(
            port.option,
            key,
            type=click.IntRange(0, 65_535),
            help=f"Port of {port.name} (default: {port.variable}, else {port.default}; 0 picks a free one).",
        )
        command = option(command)
    return command


@click.command()
@home_option
@port_options
@click.option("--detach", is_flag=True, help="Return once everything answers; `doxa down` stops it.")
def up(home: Path | None, detach: bool, api: int | None, bolt: int | None, http: int | None, redis: int | None) -> None:
    """Start Neo4j, Redis, the API and the workers, and wait until each answers."""
    place = engine.home_at(home, os.environ)
    options = engine.options_from({"api": api, "bolt": bolt, "http": http, "redis": redis}, os.environ)
    console = Console()
    with ConsoleReport(console) as report:
        if detach:
            engine.start(place, options, report)
            report.settle()
            _summary(console, place, f"Running on its own. Stop it with: doxa down{_home_hint(home)}")
            return

        def tell(event: Event) -> None:
            report(event)
            if isinstance(event, Ready):
                report.settle()
                _summary(console, place, "Stop with Ctrl-C.")

        # Only here: what runs an engine takes longer to import than the other commands take in all.
        from app.engine.foreground import run  # noqa: PLC0415

        run(place, options, os.environ, tell)


@click.command()
@home_option
def down(home: Path | None) -> None:
    """Stop what runs in a home, and whatever an engine that was killed has left."""
    place = engine.home_at(home, os.environ)
    console = Console()
    with console.status("Stopping …"):
        stopped = engine.stop(place)
    console.print("Stopped." if stopped else f"Nothing runs in {place.path}.", soft_wrap=True)


@click.command()
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(home: Path | None, as_json: bool) -> None:
    """Tell what runs; exits with 0 when everything answers, else with 3."""
    place = engine.home_at(home, os.environ)
    found = engine.running(place) or NOT_RUNNING
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _show_status(Console(), place, found)
    if not found.ready:
        sys.exit(NOT_READY_EXIT)


@click.command()
@home_option
@click.option("--graph", is_flag=True, help="Examine what is stored instead: nothing in the graph may break its rules.")
@click.option("--workspace", help="With --graph: look at one workspace alone.")
@click.option("--json", "as_json", is_flag=True, help="With --graph: print JSON.")
def doctor(home: Path | None, graph: bool, workspace: str | None, as_json: bool) -> None:
    """Examine the installation, the machine and the home; exits with 1 if something is wrong."""
    if graph:
        # Only now: the database's driver takes long to import.
        from app.cli.soundness import examine_graph  # noqa: PLC0415 -- the driver costs half a second; the rest needs none

        examine_graph(home, workspace, as_json=as_json)
        return
    if workspace or as_json:
        raise click.UsageError("--workspace and --json go with --graph")
    console = Console()
    findings = examine(engine.home_at(home, os.environ), os.environ)
    for finding in findings:
        mark = "[green]✓[/]" if finding.good else "[red]✗[/]"
        fix = f" → {finding.fix}" if finding.fix and not finding.good else ""
        console.print(f"{mark} {finding.name}: {escape(finding.text + fix)}", highlight=False, soft_wrap=True)
    if not all(finding.good for finding in findings):
        sys.exit(1)


@click.command()
@home_option
@click.option("-f", "--follow", is_flag=True, help="Go on with what is appended, until Ctrl-C.")
@click.option("-n", "--lines", type=click.IntRange(0), default=50, show_default=True, help="Last lines of each log.")
@click.argument("process", required=False, type=click.Choice(NAMES))
def logs(home: Path | None, follow: bool, lines: int, process: str | None) -> None:
    """Show the log of PROCESS, or all logs."""
    place = engine.home_at(home, os.environ)
    names = NAMES if process is None else (process,)
    width = max(len(name) for name in names)
    try:
        for name, line in show(place, names, lines, follow):
            click.echo(line if process else f"{name:<{width}} | {line}")
    except KeyboardInterrupt:
        # How following ends.
        return


def _home_hint(home: Path | None) -> str:
    return "" if home is None else f" --home {home}"


def _summary(console: Console, home: Home, how_to_stop: str) -> None:
    record = read_record(home)
    if record is None or record.addresses is None:
        return
    addresses = record.addresses
    lines = [("API", addresses.api), ("Docs", f"{addresses.api}/docs"), ("Neo4j", addresses.neo4j_uri)]
    if addresses.neo4j_browser:
        lines.append(("Browser", addresses.neo4j_browser))
    lines.append(("User", addresses.neo4j_user))
    if addresses.neo4j_password_file:
        lines.append(("Password", f"in {addresses.neo4j_password_file}"))
    lines.append(("Redis", addresses.redis))
    if addresses.workers_metrics:
        lines += [("Metrics", f"{addresses.api}/metrics"), ("Metrics", addresses.workers_metrics)]
    console.print()
    for name, value in lines:
        console.print(f"  {name:<9}{escape(value)}", highlight=False, soft_wrap=True)
    console.print(f"\n{escape(how_to_stop)}", highlight=False, soft_wrap=True)


def _show_status(console: Console, home: Home, found: Status) -> None:
    record = read_record(home)
    if record is None:
        console.print(f"Nothing runs in {escape(str(home.path))}. Start it with: doxa up", soft_wrap=True)
        return
    memory = {process.pid: process.rss_bytes for process in found.processes}
    supervisor = PartRecord("supervisor", record.state, record.pid)
    table = Table("process", "state", "pid", "memory", "restarts", box=None)
    for part in (supervisor, *record.parts):
        size = memory.get(part.pid or 0)
        table.add_row(
            part.name, part.state, str(part.pid or ""), f"{size / 1e6:.0f} MB" if size else "", str(part.restarts or "")
        )
    console.print(table)
    for part in record.parts:
        if part.detail:
            console.print(f"{part.name} last died: {escape(part.detail)}", highlight=False, soft_wrap=True)
    total = sum(memory.values())
    console.print(f"\n{'Ready' if found.ready else 'Not ready'}, {total / 1e6:.0f} MB in all", highlight=False)
    _summary(console, home, f"Data in {home.path}")
