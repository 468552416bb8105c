"""Queries about sessions."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.queries.messages import TotalRow
from graph.query import Parameters, Row, bind


class Ensure(Parameters, frozen=True):
    """A session to get or to create."""

    workspace_id: str
    workspace_uid: str
    session_id: str
    uid: str
    now: datetime


class Lock(Parameters, frozen=True):
    """A session to change."""

    workspace_id: str
    session_id: str
    now: datetime


class Write(Parameters, frozen=True):
    """What to replace; None stays as it is."""

    workspace_id: str
    session_id: str
    metadata: str | None
    metadata_terms: Sequence[str] | None
    configuration: str | None


class InWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class PageOf(InWorkspace, frozen=True):
    """A part of a workspace's sessions."""

    skip: int
    limit: int


class OfPeer(InWorkspace, frozen=True):
    """A peer."""

    peer_id: str


class PageOfPeer(OfPeer, frozen=True):
    """A part of a peer's sessions."""

    skip: int
    limit: int


class SessionRow(Row, frozen=True):
    """A stored session; metadata and configuration are JSON."""

    id: str
    uid: str
    workspace_id: str
    is_active: bool
    metadata: str
    configuration: str
    created_at: datetime


class EnsuredRow(SessionRow, frozen=True):
    """A stored session, and whether it is new."""

    created: bool


class PresentRow(Struct, frozen=True):
    """A peer that is in a session, and whether it observes the others there."""

    id: str
    observe_others: bool


class IdRow(Row, frozen=True):
    """An id."""

    id: str


class LockedRow(SessionRow, frozen=True):
    """A locked session and who is in it."""

    members: Sequence[PresentRow]


ENSURE = bind("sessions/ensure", Ensure, EnsuredRow)
LOCK = bind("sessions/lock", Lock, LockedRow)
CLOSE = bind("sessions/close", Lock, IdRow)
WRITE = bind("sessions/write", Write, SessionRow)
PAGE = bind("sessions/page", PageOf, SessionRow)
PAGE_NEWEST = bind("sessions/page_newest", PageOf, SessionRow)
TOTAL = bind("sessions/total", InWorkspace, TotalRow)
PAGE_OF_PEER = bind("sessions/page_of_peer", PageOfPeer, SessionRow)
PAGE_OF_PEER_NEWEST = bind("sessions/page_of_peer_newest", PageOfPeer, SessionRow)
TOTAL_OF_PEER = bind("sessions/total_of_peer", OfPeer, TotalRow)
