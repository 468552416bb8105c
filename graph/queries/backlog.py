"""Queries about how much work waits, over all workspaces: numbers alone."""

from datetime import datetime

from graph.query import NoParameters, Parameters, Row, bind


class Live(Parameters, frozen=True):
    """The time."""

    now: datetime


class LiveRow(Row, frozen=True):
    """The units of one kind that something is asked of."""

    kind: str
    waiting: int
    later: int
    leased: int
    pending: int
    oldest: datetime
    overdue: datetime | None


class DeadRow(Row, frozen=True):
    """The units of one kind among the dead letters."""

    kind: str
    dead: int


LIVE = bind("backlog/live", Live, LiveRow)
DEAD = bind("backlog/dead", NoParameters, DeadRow)
