"""The commands about single conclusions."""

import asyncio
from pathlib import Path

import click

from app.cli.database import reachable, with_database
from app.cli.engine import home_option
from graph.driver import Database
from graph.store.merging import unmerge as take_back
from graph.store.merging import workspace_of


@click.group()
def conclusion() -> None:
    """Single conclusions, by their ids."""


@conclusion.command()
@click.argument("conclusion_id", metavar="ID")
@home_option
def unmerge(conclusion_id: str, home: Path | None) -> None:
    """Let a conclusion that was merged into another hold by itself again."""

    async def work(database: Database) -> str:
        workspace_id = await workspace_of(database, conclusion_id)
        return (await take_back(database, workspace_id, conclusion_id)).content

    with reachable(home, alone=False) as settings:
        content = asyncio.run(with_database(settings, work))
    click.echo(f"Holds again: {content}")
