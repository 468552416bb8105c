"""Queries about scopes, which are hidden peers, and the sessions in them."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.queries.sessions import SessionRow
from graph.query import Parameters, Row, bind
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
