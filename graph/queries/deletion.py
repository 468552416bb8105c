"""Queries that delete sessions and workspaces, a bounded part at a time."""

from datetime import datetime

from graph.queries.messages import TotalRow
from graph.queries.sessions import IdRow
from graph.query import Nothing, Parameters, bind


class OfSession(Parameters, frozen=True):
    """A session."""

    workspace_id: str
    session_id: str


class HoldSession(OfSession, frozen=True):
    """A session that is being deleted, to be locked."""

    now: datetime


class PartOfSession(OfSession, frozen=True):
    """So many things of a session."""

    limit: int


class OfWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class HoldWorkspace(OfWorkspace, frozen=True):
    """A workspace that is being deleted, to be locked."""

    now: datetime


class PartOfWorkspace(OfWorkspace, frozen=True):
    """So many things of a workspace."""

    limit: int


class WorkOfWorkspace(PartOfWorkspace, frozen=True):
    """So many units of work of a workspace, all but one."""

    key: str


SESSION_HOLD = bind("deletion/session_hold", HoldSession, IdRow)
SESSION_WORK = bind("deletion/session_work", PartOfSession, TotalRow)
SESSION_CONCLUSIONS = bind("deletion/session_conclusions", PartOfSession, IdRow)
SESSION_SAID = bind("deletion/session_said", PartOfSession, IdRow)
SESSION_RUNS = bind("deletion/session_runs", PartOfSession, TotalRow)
SESSION_SUMMARIES = bind("deletion/session_summaries", PartOfSession, TotalRow)
SESSION_TIES = bind("deletion/session_ties", PartOfSession, TotalRow)
SESSION = bind("deletion/session", OfSession, Nothing)

WORKSPACE_HOLD = bind("deletion/workspace_hold", HoldWorkspace, IdRow)
WORKSPACE_CLOSE = bind("deletion/workspace_close", PartOfWorkspace, TotalRow)
WORKSPACE_WORK = bind("deletion/workspace_work", WorkOfWorkspace, TotalRow)
WORKSPACE_HELD = bind("deletion/workspace_held", PartOfWorkspace, TotalRow)
WORKSPACE_RETIRED = bind("deletion/workspace_retired", PartOfWorkspace, TotalRow)
WORKSPACE_MESSAGES = bind("deletion/workspace_messages", PartOfWorkspace, TotalRow)
WORKSPACE_SUMMARIES = bind("deletion/workspace_summaries", PartOfWorkspace, TotalRow)
WORKSPACE_TIES = bind("deletion/workspace_ties", PartOfWorkspace, TotalRow)
WORKSPACE_SESSIONS = bind("deletion/workspace_sessions", PartOfWorkspace, TotalRow)
WORKSPACE_PEERS = bind("deletion/workspace_peers", PartOfWorkspace, TotalRow)
WORKSPACE_WEBHOOKS = bind("deletion/workspace_webhooks", PartOfWorkspace, TotalRow)
WORKSPACE_IDEMPOTENCY = bind("deletion/workspace_idempotency", PartOfWorkspace, TotalRow)
WORKSPACE_RUNS = bind("deletion/workspace_runs", PartOfWorkspace, TotalRow)
WORKSPACE_RETRACTED = bind("deletion/workspace_retracted", PartOfWorkspace, TotalRow)
WORKSPACE_RECEIPTS = bind("deletion/workspace_receipts", PartOfWorkspace, TotalRow)
WORKSPACE = bind("deletion/workspace", OfWorkspace, Nothing)
