"""Queries about executions of steps."""

from datetime import datetime

from graph.query import Parameters, Row, bind


class UsageOf(Parameters, frozen=True):
    """A workspace, from one moment until before another."""

    workspace_id: str
    since: datetime
    until: datetime


class UsageRow(Row, frozen=True):
    """What the runs of one step with one model took."""

    step: str
    model: str
    runs: int
    calls: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


USAGE = bind("runs/usage", UsageOf, UsageRow)
