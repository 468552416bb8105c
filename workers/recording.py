"""Records of executions: of what came to an end, and of attempts in vain, whose calls were paid for."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from app.models.faults import ModelFault
from graph.driver import Database
from graph.ids import new_id
from graph.store import runs
from graph.types import Run
from workers.thinking.seam import Execution


def run_of(step: str, took: Execution, started_at: datetime, *, concluded: bool) -> Run:
    """The run of an execution that ends now.

    Args:
        step: the step that was executed.
        took: what it took.
        started_at: when it began.
        concluded: whether anything came of it.
    """
    return Run(
        id=new_id(),
        step=step,
        model=took.model,
        prompt_hash=took.prompt_hash,
        prompt_tokens=took.prompt_tokens,
        completion_tokens=took.completion_tokens,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        outcome="concluded" if concluded else "empty",
        dropped={drop.reason: drop.count for drop in took.dropped},
        calls=took.calls,
        cost=took.cost,
    )


@asynccontextmanager
async def in_vain_recorded(database: Database, workspace_id: str, step: str, model: str) -> AsyncGenerator[None]:
    """Records the calls of a model that are made inside, if they end with a fault, which is raised on.

    Args:
        database: where to record.
        workspace_id: whose runs it is one of.
        step: the step that tries.
        model: the model it tries with.
    """
    try:
        yield
    except ModelFault as fault:
        ledger = fault.ledger
        if ledger is not None and ledger.calls:
            run = Run(
                id=new_id(),
                step=step,
                model=model,
                started_at=ledger.started_at,
                finished_at=datetime.now(UTC),
                outcome="failed",
                dropped={},
                fault=type(fault).__name__,
                **ledger.totals(),
            )
            await runs.record(database, workspace_id, [run])
        raise
