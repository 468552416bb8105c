"""`doxa work`: what the workers have to do, what failed and why; trying it again, or giving it up."""

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, get_args

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.engine import home_option
from app.cli.imports import one_line_faults, service_url
from app.cli.queue import Queue, Unit
from graph.types import WorkKind, WorkState

_F = TypeVar("_F", bound=Callable[..., object])


def _place(command: _F) -> _F:
    """Add the options that say whose queue it is."""
    url = click.option(
        "--url", envvar="DOXA_URL", help="Address of the Doxa; the one that runs in the home by default."
    )
    workspace = click.option("--workspace", required=True, metavar="NAME", help="Whose work.")
    return workspace(url(home_option(command)))


_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
_kind = click.option("--kind", type=click.Choice(get_args(WorkKind)), help="Only this kind of work.")


@click.group("work")
def work_group() -> None:
    """What the workers have to do, in one workspace. DOXA_API_KEY is sent as the bearer token when it is set.

    A unit is named by its key, such as reasoning/WORKSPACE/SESSION/PEER.
    """


@work_group.command("list")
@_place
@click.option("--state", type=click.Choice(get_args(WorkState)[:4]), help="Only these; all that is undone by default.")
@_kind
@click.option("--session", metavar="NAME", help="Only of this session.")
@_as_json
def list_units(
    workspace: str, url: str | None, home: Path | None, state: str | None, kind: str | None, session: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """List units: the dead letters first, then what waits or is being done."""
    with _queue(url, home) as queue:
        units = list(queue.units(workspace, {"state": state, "kind": kind, "session_id": session}))
    if as_json:
        _print_json(units)
        return
    Console().print(_table(units) if units else "Nothing waits.")


@work_group.command()
@click.argument("key")
@_place
@_as_json
def show(key: str, workspace: str, url: str | None, home: Path | None, as_json: bool) -> None:
    """Show all that is known of one unit."""
    with _queue(url, home) as queue:
        _print_unit(queue.unit(workspace, key), as_json)


@work_group.command()
@click.argument("key", required=False)
@_place
@click.option("--all", "everything", is_flag=True, help="All dead letters of the workspace, instead of one unit.")
@_kind
@_as_json
def replay(
    key: str | None, workspace: str, url: str | None, home: Path | None, everything: bool, kind: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Try a unit again now that was given up or waits after a failure; or all that were given up."""
    if (key is None) != everything or (kind is not None and not everything):
        raise click.UsageError("name one KEY, or say --all (with --kind, if only one kind)")
    with _queue(url, home) as queue:
        if key is not None:
            _print_unit(queue.replay(workspace, key), as_json)
        else:
            _print_count(queue.replay_dead(workspace, kind), "to be tried again", as_json)


@work_group.command()
@click.argument("key")
@_place
@click.option("--reason", required=True, help="Why; it is kept with the unit.")
@_as_json
def drop(key: str, workspace: str, url: str | None, home: Path | None, reason: str, as_json: bool) -> None:
    """Give up what is pending for a unit: it will never be done."""
    with _queue(url, home) as queue:
        _print_unit(queue.drop(workspace, key, reason), as_json)


@work_group.command()
@_place
@click.option("--session", metavar="NAME", help="Only of this session.")
@_as_json
def flush(workspace: str, url: str | None, home: Path | None, session: str | None, as_json: bool) -> None:
    """Let what waits for more messages wait no longer."""
    with _queue(url, home) as queue:
        _print_count(queue.flush(workspace, session), "due now", as_json)


@contextmanager
def _queue(url: str | None, home: Path | None) -> Generator[Queue]:
    with one_line_faults(), Queue(service_url(url, home), os.environ.get("DOXA_API_KEY")) as queue:
        yield queue


def _table(units: Sequence[Unit]) -> Table:
    table = Table("unit", "state", "pending", "age", "attempts", "reason", box=None, pad_edge=False)
    for unit in units:
        reason = unit.drop_reason if unit.state == "dropped" else unit.last_error
        # As text: a name may hold what the console would take for markup.
        cells = (unit.key, unit.state, unit.pending, _age(unit.age_seconds), unit.attempts, reason or "")
        table.add_row(*(Text(str(cell)) for cell in cells))
    return table


def _age(seconds: float | None) -> str:
    if seconds is None:
        return ""
    for size, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"


def _print_unit(unit: Unit, as_json: bool) -> None:
    if as_json:
        _print_json(unit)
        return
    for name, value in msgspec.to_builtins(unit).items():
        if value is not None:
            click.echo(f"{name:14} {value}")


def _print_count(units: int, what: str, as_json: bool) -> None:
    if as_json:
        _print_json({"units": units})
    else:
        click.echo(f"{units} units {what}.")


def _print_json(value: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
