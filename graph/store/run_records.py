"""Recording the executions of reasoning steps."""

import msgspec

from graph.queries import conclusions as queries
from graph.types import Run


def record(workspace_id: str, run: Run, session_id: str | None = None) -> queries.RecordRun:
    """What records one execution of a step: the parameters of `queries.RUN`."""
    return queries.RecordRun(
        workspace_id=workspace_id,
        session_id=session_id,
        id=run.id,
        step=run.step,
        model=run.model,
        prompt_hash=run.prompt_hash,
        prompt_tokens=run.prompt_tokens,
        completion_tokens=run.completion_tokens,
        started_at=run.started_at,
        finished_at=run.finished_at,
        outcome=run.outcome,
        dropped=msgspec.json.encode(run.dropped).decode(),
        calls=run.calls,
        cost=run.cost,
        fault=run.fault,
    )
