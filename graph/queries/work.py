"""Queries about units of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph.query import Nothing, Parameters, Row, bind


class Held(Parameters, frozen=True):
    """A unit, the token that proves the hold of it, and the time."""

    key: str
    token: str
    now: datetime


class Hold(Held, frozen=True):
    """A hold, and until when it is to last."""

    until: datetime


class Renew(Hold, frozen=True):
    """A hold, and whether another batch begins with it."""

    batch: bool


class LeaseRow(Row, frozen=True):
    """A unit that is held, with the traces that led to it."""

    key: str
    kind: str
    token: str
    workspace_id: str
    session_id: str
    peer_id: str
    observer_id: str
    detail: str
    cursor: int
    last_seq: int
    attempts: int
    strikes: int
    led_by: Sequence[str]


class Advance(Held, frozen=True):
    """What took effect: up to which `seq`, how many messages, how many tokens."""

    cursor: int
    messages: int
    tokens: int


class AdvanceRow(Row, frozen=True):
    """Whether more is pending."""

    more: bool


class Bury(Held, frozen=True):
    """Why a unit is given up."""

    reason: str


class Defer(Bury, frozen=True):
    """Why a unit has to wait, until when, and how many strikes that is."""

    due_at: datetime
    strikes: int


class Postpone(Held, frozen=True):
    """Until when a unit has to wait."""

    due_at: datetime


class AttemptsRow(Row, frozen=True):
    """Failed attempts since the last success."""

    attempts: int


class Due(Parameters, frozen=True):
    """The time, and how many units at most."""

    now: datetime
    limit: int


class Turns(Parameters, frozen=True):
    """After which workspace to go on, how many workspaces to visit, how many units of each, and the time."""

    after: str
    workspaces: int
    each: int
    now: datetime


class TurnRow(Row, frozen=True):
    """A workspace in which something waits, and its units that are due."""

    workspace_id: str
    keys: Sequence[str]


class Request(Parameters, frozen=True):
    """Units that are asked for, as maps, and the trace that led to them, if any."""

    workspace_id: str
    units: Sequence[Mapping[str, object]]
    now: datetime
    led_by: Sequence[str]


class RequestedRow(Row, frozen=True):
    """A unit that a worker should be woken for, and when."""

    key: str
    due_at: datetime


class Key(Parameters, frozen=True):
    """One unit."""

    key: str


class KeyRow(Row, frozen=True):
    """A unit's key."""

    key: str


class Pending(Parameters, frozen=True):
    """An author's messages after the cursor, up to a `seq`."""

    workspace_id: str
    session_id: str
    peer_id: str
    cursor: int
    last_seq: int
    limit: int


class PendingRow(Row, frozen=True):
    """A message that waits, with what was resolved for it when it was written."""

    id: str
    seq: int
    peer_id: str
    content: str
    token_count: int
    created_at: datetime
    observer_ids: Sequence[str]
    instructions: str | None


class Surroundings(Parameters, frozen=True):
    """A stretch of a session that the listeners were there for, less one peer's messages."""

    workspace_id: str
    session_id: str
    peer_id: str
    listener_ids: Sequence[str]
    first_seq: int
    last_seq: int
    limit: int


class SurroundingRow(Row, frozen=True):
    """A message of another peer."""

    id: str
    seq: int
    peer_id: str
    content: str
    created_at: datetime


class Status(Parameters, frozen=True):
    """Which units to count; null is no restriction."""

    workspace_id: str
    session_id: str | None
    sender_id: str | None
    observer_id: str | None
    now: datetime


class StatusRow(Row, frozen=True):
    """Counts of messages in one session, of dreams where the session is empty; and since when the oldest waits."""

    session_id: str
    completed: int
    in_progress: int
    pending: int
    failed: int
    oldest: datetime | None


REQUEST = bind("work/request", Request, RequestedRow)
FORGET = bind("work/forget", Key, Nothing)
LEASE = bind("work/lease", Hold, LeaseRow)
HOLD = bind("work/hold", Renew, LeaseRow)
ADVANCE = bind("work/advance", Advance, AdvanceRow)
DEFER = bind("work/defer", Defer, AttemptsRow)
BURY = bind("work/bury", Bury, AttemptsRow)
POSTPONE = bind("work/postpone", Postpone, Nothing)
RELEASE = bind("work/release", Held, Nothing)
DUE = bind("work/due", Due, KeyRow)
TURNS = bind("work/turns", Turns, TurnRow)
PENDING = bind("work/pending", Pending, PendingRow)
SURROUNDINGS = bind("work/surroundings", Surroundings, SurroundingRow)
STATUS = bind("work/status", Status, StatusRow)
