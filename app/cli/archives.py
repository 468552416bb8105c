"""The commands about archives: `backup`, `restore`, `export`, and what `import` does with an archive."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console

from app.archive.backup import write_archive
from app.archive.container import Manifest
from app.archive.restore import Restored
from app.archive.restore import import_workspace as read_workspace
from app.archive.restore import restore as read_store
from app.cli.database import reachable, with_database
from app.cli.engine import home_option
from app.importers.progress import Report
from app.models.embedders import Embedder, embedder
from app.models.faults import ModelFault
from app.settings import Settings
from graph import schema
from graph.driver import Database

T = TypeVar("T")

#: Exit code of a command that Ctrl-C ended, as shells have it.
STOPPED = 130

_written = click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
_read = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command()
@_written
@home_option
def backup(file: Path | None, home: Path | None) -> None:
    """Write all that is stored into FILE (doxa-DATE.zip by default) while the service goes on.

    Every message that was acknowledged before is in it, with all that was concluded from it by then.
    """
    _write(file or Path(f"doxa-{_now()}.zip"), home, None)


@click.command()
@_written
@click.option("--workspace", required=True, metavar="NAME", help="The workspace to export.")
@home_option
def export(file: Path | None, workspace: str, home: Path | None) -> None:
    """Write one workspace into FILE (NAME-DATE.zip by default) while the service goes on; `doxa import` reads it."""
    _write(file or Path(f"{workspace}-{_now()}.zip"), home, workspace)


@click.command()
@_read
@home_option
def restore(file: Path, home: Path | None) -> None:
    """Write the archive FILE into an empty store, with its ids; start the service after it.

    All of the archive is checked before anything is written. A restore that was stopped goes on when it is begun again.
    """
    report = Report(Console(stderr=True))
    restored = _run(home, report, lambda database, embeds: read_store(database, file, report, embeds))
    _summarise(report, f"Restored {_count(restored.workspaces, 'workspace')}", restored)


def import_archive(file: Path, name: str | None, home: Path | None) -> None:
    """Write an archive of one workspace into the store, under its own name or another."""
    report = Report(Console(stderr=True))
    workspace_id, restored = _run(
        home, report, lambda database, embeds: read_workspace(database, file, report, embeds, name)
    )
    _summarise(report, f"Imported workspace {workspace_id}", restored)


def _write(file: Path, home: Path | None, workspace_id: str | None) -> None:
    report = Report(Console(stderr=True))

    async def work(database: Database) -> Manifest:
        await schema.migrate(database)
        return await write_archive(database, file, report, workspace_id)

    with reachable(home, alone=False) as settings:
        manifest = asyncio.run(with_database(settings, work))
    held = {name.removesuffix(".jsonl"): member.lines for name, member in manifest.members.items()}
    report.say(
        f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB): {_count(held['workspaces'], 'workspace')}, "
        f"{_count(held['sessions'], 'session')}, {_count(held['messages'], 'message')}, "
        f"{_count(held['conclusions'], 'conclusion')}."
    )


def _run(home: Path | None, report: Report, work: Callable[[Database, Embedder], Awaitable[T]]) -> T:
    with reachable(home, alone=False) as settings:
        try:
            return asyncio.run(_embedding(settings, work))
        except ModelFault as fault:
            raise click.ClickException(str(fault)) from fault
        except KeyboardInterrupt:
            report.say("Stopped. What was written stays; run the same command again and it goes on from there.")
            raise SystemExit(STOPPED) from None


async def _embedding(settings: Settings, work: Callable[[Database, Embedder], Awaitable[T]]) -> T:
    embeds = embedder(settings.embedding)
    try:
        return await with_database(settings, lambda database: work(database, embeds))
    finally:
        await embeds.close()


def _summarise(report: Report, what: str, restored: Restored) -> None:
    counts = restored.counts
    report.say(
        f"{what}: {_count(counts.get('sessions', 0), 'session')}, {_count(counts.get('messages', 0), 'message')}, "
        f"{_count(counts.get('conclusions', 0), 'conclusion')}. "
        f"{_count(counts.get('putting sessions into use', 0), 'message')} to be reasoned over."
    )
    gone = counts.get("checking proofs", 0)
    if gone:
        report.say(f"Left out {_count(gone, 'conclusion')} whose ground was deleted while the archive was written.")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _now() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}"
