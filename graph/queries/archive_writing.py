"""Queries that write an archive into a store."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph.query import Nothing, Parameters, Row, bind


class Key(Parameters, frozen=True):
    """The unit of work that notes how far the writing of an archive has come."""

    key: str


class Hold(Key, frozen=True):
    """That unit, and the token of who writes."""

    token: str
    now: datetime


class Step(Hold, frozen=True):
    """Where the writing has come to."""

    position: str


class FilledRow(Row, frozen=True):
    """Whether anything is stored."""

    filled: bool


class PositionRow(Row, frozen=True):
    """Where the writing has come to; empty at its beginning."""

    position: str


class KeyRow(Row, frozen=True):
    """A unit's key."""

    key: str


class PutWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str
    properties: Mapping[str, object]


class IdRow(Row, frozen=True):
    """A name."""

    id: str


class Put(Parameters, frozen=True):
    """Things of a workspace, as maps."""

    workspace_id: str
    rows: Sequence[dict[str, object]]


class PutInSession(Put, frozen=True):
    """Things of a session, as maps."""

    session_id: str


class SomeOf(Parameters, frozen=True):
    """Things of a workspace by id."""

    workspace_id: str
    ids: Sequence[str]


class UnsupportedRow(Row, frozen=True):
    """How many were deleted, and the ids of what rested on them."""

    total: int
    resting: Sequence[str]


class TotalRow(Row, frozen=True):
    """A count."""

    total: int


class Settle(Parameters, frozen=True):
    """A session that is to be put into use."""

    workspace_id: str
    session_id: str
    now: datetime


class PendingRow(Row, frozen=True):
    """Messages that wait to be reasoned over."""

    pending: int


class Wake(Parameters, frozen=True):
    """Units of work by key."""

    workspace_id: str
    keys: Sequence[str]
    now: datetime


FILLED = bind("archive/filled", Key, FilledRow)
BEGIN = bind("archive/begin", Hold, PositionRow)
BEGUN = bind("archive/begun", Key, PositionRow)
STEP = bind("archive/step", Step, PositionRow)
END = bind("archive/end", Hold, KeyRow)
PUT_WORKSPACE = bind("archive/put_workspace", PutWorkspace, IdRow)
PUT_PEERS = bind("archive/put_peers", Put, Nothing)
TIE_PEERS = bind("archive/tie_peers", Put, Nothing)
PUT_SESSIONS = bind("archive/put_sessions", Put, Nothing)
TIE_SESSIONS = bind("archive/tie_sessions", Put, Nothing)
PUT_MESSAGES = bind("archive/put_messages", PutInSession, Nothing)
PUT_SUMMARIES = bind("archive/put_summaries", PutInSession, Nothing)
PUT_RUNS = bind("archive/put_runs", Put, Nothing)
PUT_CONCLUSIONS = bind("archive/put_conclusions", Put, Nothing)
TIE_CONCLUSIONS_TO_CONCLUSIONS = bind("archive/tie_conclusions_to_conclusions", Put, Nothing)
TIE_CONCLUSIONS_TO_MESSAGES = bind("archive/tie_conclusions_to_messages", Put, Nothing)
TIE_CONCLUSIONS_TO_PEERS = bind("archive/tie_conclusions_to_peers", Put, Nothing)
TIE_PEERS_TO_CONCLUSIONS = bind("archive/tie_peers_to_conclusions", Put, Nothing)
TIE_RUNS_TO_CONCLUSIONS = bind("archive/tie_runs_to_conclusions", Put, Nothing)
UNSUPPORTED = bind("archive/unsupported", SomeOf, UnsupportedRow)
BARREN = bind("archive/barren", SomeOf, TotalRow)
PUT_VIEWS = bind("archive/put_views", Put, Nothing)
PUT_WEBHOOKS = bind("archive/put_webhooks", Put, Nothing)
PUT_UNITS = bind("archive/put_units", Put, Nothing)
SETTLE = bind("archive/settle", Settle, PendingRow)
WAKE = bind("archive/wake", Wake, Nothing)
