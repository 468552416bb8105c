"""The commands about the database itself: `migrate` and `reembed`."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click
from msgspec.structs import replace
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app import engine
from app.cli.engine import home_option
from app.engine.errors import HomeFault
from app.engine.home import hold, make_home
from app.engine.neo4j import start_server
from app.models.embedders import embedder
from app.models.faults import ModelFault
from app.reembedding import reembed as embed_anew
from app.settings import DatabaseSettings, Settings, load
from graph import schema
from graph.driver import Database

T = TypeVar("T")


@click.command()
@home_option
def migrate(home: Path | None) -> None:
    """Bring the database's schema to what this version needs (a start does the same by itself)."""
    with reachable(home, alone=False) as settings:
        applied = asyncio.run(with_database(settings, schema.migrate))
    Console().print(f"Applied {len(applied)} migrations." if applied else "The database is up to date.")


@click.command()
@home_option
def reembed(home: Path | None) -> None:
    """Embed all conclusions and messages anew with the embedder that is set now. Stop the service first."""
    console = Console()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with reachable(home, alone=True) as settings, Progress(*columns, console=console) as progress:
        task = progress.add_task("embedding", total=None)

        async def work(database: Database) -> int:
            embeds = embedder(settings.embedding)
            try:
                return await embed_anew(
                    database, embeds, lambda done, total: progress.update(task, completed=done, total=total)
                )
            finally:
                await embeds.close()

        try:
            done = asyncio.run(with_database(settings, work))
        except ModelFault as fault:
            raise click.ClickException(str(fault)) from fault
    console.print(f"Embedded {done} conclusions and messages with {settings.embedding.model}.")


async def with_database(settings: Settings, work: Callable[[Database], Awaitable[T]]) -> T:
    """Do something with the database that the settings name, and close it."""
    database = settings.database.connect()
    try:
        return await work(database)
    finally:
        await database.close()


@contextmanager
def reachable(home: Path | None, *, alone: bool) -> Generator[Settings]:
    """Settings whose database answers: the one that the environment names, or the home's (started alone if need be)."""
    settings = load()
    if "NEO4J_URI" in os.environ:
        yield settings
        return
    place = engine.home_at(home, os.environ)
    status = engine.running(place)
    if status is not None and status.neo4j is not None:
        if alone:
            raise HomeFault(f"a Doxa runs in {place.path}: stop it first with `doxa down`")
        yield replace(settings, database=_of(settings, status.neo4j.uri, place.neo4j_password.read_text().strip()))
        return
    make_home(place)
    with hold(place), start_server(place.neo4j, password_file=place.neo4j_password) as server:
        yield replace(settings, database=_of(settings, server.uri, server.password))


def _of(settings: Settings, uri: str, password: str) -> DatabaseSettings:
    return replace(settings.database, uri=uri, user="neo4j", password=password, database=None)
