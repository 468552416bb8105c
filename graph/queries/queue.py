"""Queries about what waits, what failed and what was given up, for people who look after it."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import Parameters, Row, bind


class Wanted(Parameters, frozen=True):
    """Which units of a workspace; null is no restriction."""

    workspace_id: str
    states: Sequence[str]
    kind: str | None
    session_id: str | None
    now: datetime


class PageOf(Wanted, frozen=True):
    """A part of the list."""

    skip: int
    limit: int


class One(Parameters, frozen=True):
    """A unit of a workspace."""

    workspace_id: str
    key: str
    now: datetime


class Replay(One, frozen=True):
    """The trace that leads to another attempt, if any."""

    led_by: Sequence[str]


class Drop(One, frozen=True):
    """Why what is pending for a unit is given up."""

    reason: str


class DropRow(Row, frozen=True):
    """How much was given up."""

    given_up: int


class UnitRow(Row, frozen=True):
    """A unit, without what its step needs to know."""

    key: str
    kind: str
    state: str
    session_id: str | None
    peer_id: str | None
    observer_id: str | None
    pending: int
    pending_since: datetime | None
    due_at: datetime | None
    leased_at: datetime | None
    lease_until: datetime | None
    attempts: int
    strikes: int
    last_error: str | None
    dead_at: datetime | None
    dropped: int
    dropped_at: datetime | None
    drop_reason: str | None


class Unwell(Parameters, frozen=True):
    """Whose units; null is no restriction."""

    workspace_id: str
    session_id: str | None
    sender_id: str | None
    observer_id: str | None
    now: datetime
    limit: int


class Dead(Parameters, frozen=True):
    """Dead letters of a workspace, of one kind unless it is null, so many at most, and what leads to a new attempt."""

    workspace_id: str
    kind: str | None
    now: datetime
    limit: int
    led_by: Sequence[str]


class Flush(Parameters, frozen=True):
    """What waits in a workspace, in one session unless it is null, so many at most, and the trace that leads to it."""

    workspace_id: str
    session_id: str | None
    now: datetime
    limit: int
    led_by: Sequence[str]


class DueRow(Row, frozen=True):
    """A unit that is due now."""

    key: str
    due_at: datetime


PAGE = bind("queue/page", PageOf, UnitRow)
TOTAL = bind("queue/total", Wanted, TotalRow)
UNIT = bind("queue/unit", One, UnitRow)
UNWELL = bind("queue/unwell", Unwell, UnitRow)
REPLAY = bind("queue/replay", Replay, DueRow)
REPLAY_DEAD = bind("queue/replay_dead", Dead, DueRow)
FLUSH = bind("queue/flush", Flush, DueRow)
DROP = bind("queue/drop", Drop, DropRow)
