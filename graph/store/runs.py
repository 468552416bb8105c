"""Executions of steps: recording those that conclude nothing, and what all of them took."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from graph.driver import Database, Transaction
from graph.queries import conclusions as conclusion_queries
from graph.queries import runs as queries
from graph.store import run_records
from graph.types import Run, Usage


async def record(database: Database, workspace_id: str, runs: Sequence[Run]) -> None:
    """Record executions that have no other effect: failed ones, and answers.

    Raises:
        StoreFault: the database did not do its part.
    """
    if not runs:
        return

    async def write(tx: Transaction) -> None:
        for run in runs:
            await put(tx, workspace_id, run)

    await database.write(write)


async def put(tx: Transaction, workspace_id: str, run: Run) -> None:
    """As `record`, of one execution, inside a transaction."""
    await tx.run(conclusion_queries.RUN, run_records.record(workspace_id, run))


async def usage(database: Database, workspace_id: str, since: datetime, until: datetime) -> list[Usage]:
    """What a workspace's runs took that started from `since` on and before `until`, by step and model.

    Raises:
        StoreFault: the database did not do its part.
    """
    wanted = queries.UsageOf(workspace_id=workspace_id, since=since, until=until)
    rows = await database.many(queries.USAGE, wanted)
    return [msgspec.convert(row, Usage, from_attributes=True) for row in rows]
