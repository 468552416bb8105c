"""Queries about workspaces."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import NoParameters, Parameters, Row, bind


class Ensure(Parameters, frozen=True):
    """A workspace to get or to create; metadata and configuration are JSON."""

    workspace_id: str
    uid: str
    metadata: str
    metadata_terms: Sequence[str]
    configuration: str
    now: datetime


class Lock(Parameters, frozen=True):
    """A workspace to change."""

    workspace_id: str
    now: datetime


class Write(Parameters, frozen=True):
    """What to replace; None stays as it is."""

    workspace_id: str
    metadata: str | None
    metadata_terms: Sequence[str] | None
    configuration: str | None


class PageOf(Parameters, frozen=True):
    """A part of a list."""

    skip: int
    limit: int


class WorkspaceRow(Row, frozen=True):
    """A stored workspace; metadata and configuration are JSON."""

    id: str
    uid: str
    metadata: str
    configuration: str
    created_at: datetime


class EnsuredRow(WorkspaceRow, frozen=True):
    """A stored workspace, and whether it is new."""

    created: bool


class CondemnedRow(Row, frozen=True):
    """Whether a session is active, so that the workspace stays."""

    in_use: bool


class ConfigurationRow(Row, frozen=True):
    """A configuration as JSON."""

    configuration: str


ENSURE = bind("workspaces/ensure", Ensure, EnsuredRow)
LOCK = bind("workspaces/lock", Lock, ConfigurationRow)
CONDEMN = bind("workspaces/condemn", Lock, CondemnedRow)
WRITE = bind("workspaces/write", Write, WorkspaceRow)
PAGE = bind("workspaces/page", PageOf, WorkspaceRow)
PAGE_NEWEST = bind("workspaces/page_newest", PageOf, WorkspaceRow)
TOTAL = bind("workspaces/total", NoParameters, TotalRow)
