"""Queries about scopes, which are hidden peers, and the sessions in them."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.conclusions import ConcludedRow, IdRow
from graph.queries.messages import TotalRow
from graph.queries.sessions import SessionRow
from graph.query import Nothing, Parameters, Row, bind
from graph.types import BackfillState


class InWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class OneOf(InWorkspace, frozen=True):
    """A scope, by the name of its peer."""

    peer_id: str


class Upsert(OneOf, frozen=True):
    """A scope to get or to create; metadata that is None stays as it is."""

    workspace_uid: str
    uid: str
    metadata: str | None
    metadata_terms: Sequence[str] | None
    configuration: str
    now: datetime


class PageOf(InWorkspace, frozen=True):
    """A part of a workspace's scopes."""

    skip: int
    limit: int


class SessionsOf(OneOf, frozen=True):
    """A part of a scope's sessions."""

    skip: int
    limit: int


class Union(InWorkspace, frozen=True):
    """Scopes, by the names of their peers, and how many sessions of each to read."""

    peer_ids: Sequence[str]
    limit: int


class StatusOf(OneOf, frozen=True):
    """A scope, and what the keys of its units of work start with."""

    key_prefix: str


class ScopeRow(Row, frozen=True):
    """A peer of reserved name, and whether it stands for a scope; metadata is JSON."""

    id: str
    metadata: str
    created_at: datetime
    is_scope: bool


class UpsertedRow(ScopeRow, frozen=True):
    """The same, and whether it is new."""

    created: bool


class UnionRow(Row, frozen=True):
    """A peer of reserved name, and the active sessions it is in."""

    id: str
    is_scope: bool
    session_ids: Sequence[str]


class StatusRow(Row, frozen=True):
    """How far a scope has caught up with a session."""

    session_id: str
    state: BackfillState
    updated_at: datetime
    docs_copied: int | None


class Lock(InWorkspace, frozen=True):
    """Sessions to lock, in the order of their names."""

    session_ids: Sequence[str]
    now: datetime


class Join(InWorkspace, frozen=True):
    """Which sessions to add to which scopes: maps with `peer_id`, `session_id` and the unit's `key`."""

    pairs: Sequence[dict[str, object]]
    now: datetime


class Pair(OneOf, frozen=True):
    """A scope and a session."""

    session_id: str


class TimedPair(Pair, frozen=True):
    """A scope, a session, and the time."""

    now: datetime


class StandingOf(Pair, frozen=True):
    """A scope, a session, what the keys of its units of reasoning start with, and a place in it."""

    key_prefix: str
    seq: int


class UncopiedIn(Pair, frozen=True):
    """An observer, a session, whether what clients stated there counts, and how many conclusions at most."""

    stated: bool
    limit: int


class Copy(TimedPair, frozen=True):
    """What to copy: maps with `source_id`, `id`, `perspective`, `content_key` and `created_at`."""

    run_id: str
    rows: Sequence[dict[str, object]]


class Retire(TimedPair, frozen=True):
    """How many to retire."""

    limit: int


class PairRow(Row, frozen=True):
    """A scope's peer, a session, and the `seq` of its last message."""

    peer_id: str
    session_id: str
    seq: int


class StandingRow(Row, frozen=True):
    """Whether the session is in the scope, and whether what matters is being reasoned over."""

    member: bool
    busy: bool


class UncopiedRow(Row, frozen=True):
    """A conclusion that the scope does not hold yet."""

    id: str
    observed_id: str
    content_key: str


class RetiredRow(Row, frozen=True):
    """The conclusions about a peer that were retired."""

    observed_id: str
    ids: Sequence[str]


GET = bind("scopes/get", OneOf, ScopeRow)
UPSERT = bind("scopes/upsert", Upsert, UpsertedRow)
PAGE = bind("scopes/page", PageOf, ScopeRow)
PAGE_NEWEST = bind("scopes/page_newest", PageOf, ScopeRow)
TOTAL = bind("scopes/total", InWorkspace, TotalRow)
SESSIONS = bind("scopes/sessions", SessionsOf, SessionRow)
SESSIONS_NEWEST = bind("scopes/sessions_newest", SessionsOf, SessionRow)
SESSIONS_TOTAL = bind("scopes/sessions_total", OneOf, TotalRow)
UNION = bind("scopes/union", Union, UnionRow)
STATUS = bind("scopes/status", StatusOf, StatusRow)
LOCK = bind("scopes/lock", Lock, IdRow)
JOIN = bind("scopes/join", Join, PairRow)
LEAVE = bind("scopes/leave", TimedPair, PairRow)
STANDING = bind("scopes/standing", StandingOf, StandingRow)
UNCOPIED = bind("scopes/uncopied", UncopiedIn, UncopiedRow)
COPY = bind("scopes/copy", Copy, ConcludedRow)
CAUGHT_UP = bind("scopes/caught_up", TimedPair, Nothing)
RETIRE = bind("scopes/retire", Retire, RetiredRow)
