"""Queries that read everything, to write it into an archive."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.query import Parameters, Row, bind

#: Properties of a node or a relationship, as the driver gives them: datetimes are native.
Properties = dict[str, object]


class After(Parameters, frozen=True):
    """Keys greater than one, and how many at most."""

    after: str
    limit: int


class InWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class AfterIn(InWorkspace, frozen=True):
    """Keys of a workspace greater than one, and how many at most."""

    after: str
    limit: int


class OfPeer(InWorkspace, frozen=True):
    """A peer."""

    peer_id: str


class HoldPeer(OfPeer, frozen=True):
    """A peer about which nothing may be concluded for a while."""

    now: datetime


class OfSession(InWorkspace, frozen=True):
    """A session."""

    session_id: str


class Stretch(OfSession, frozen=True):
    """Messages after one number, up to another, and how many at most."""

    after: int
    until: int
    limit: int


class SomeOf(InWorkspace, frozen=True):
    """Conclusions by id."""

    ids: Sequence[str]


class NameRow(Row, frozen=True):
    """A workspace's name, and whether it is not being deleted."""

    id: str
    uid: str
    kept: bool


class WorkspaceRow(Row, frozen=True):
    """A workspace."""

    uid: str
    properties: Properties


class UnitRow(Row, frozen=True):
    """A unit of work; `session_uid` is None when its session is not there, or it is about none."""

    key: str
    workspace_id: str | None
    kind: str
    properties: Properties
    session_uid: str | None


class HeldUnit(Struct, frozen=True):
    """A locked unit of work, and the session that it is about."""

    properties: Properties
    session_uid: str


class HoldRow(Row, frozen=True):
    """The units that are locked."""

    units: Sequence[HeldUnit]


class Edge(Struct, frozen=True):
    """A relationship as seen from one end: its type, the node at the other end, its properties."""

    type: str
    labels: list[str]
    id: str | None
    properties: Properties


class HeldRow(Row, frozen=True):
    """A conclusion without its vector."""

    labels: list[str]
    properties: Properties
    session_uid: str | None
    outward: Sequence[Edge]
    inward: Sequence[Edge]


class ViewRow(Row, frozen=True):
    """Who views a peer, and how."""

    observer_id: str
    properties: Properties


class VectorRow(Row, frozen=True):
    """A conclusion's vector."""

    id: str
    vector: Sequence[float]


class PeerRow(Row, frozen=True):
    """A peer, and what ties it to others."""

    id: str
    labels: list[str]
    properties: Properties
    outward: Sequence[Edge]


class SessionNameRow(Row, frozen=True):
    """A session's name, and whether it is in use."""

    id: str
    is_active: bool


class SummaryPart(Struct, frozen=True):
    """A summary, the relationship that leads to it, and what else it is tied to."""

    type: str
    edge: Properties
    labels: list[str]
    properties: Properties
    outward: Sequence[Edge]
    inward: Sequence[Edge]


class SessionRow(Row, frozen=True):
    """A session, who is in it, and its summaries."""

    uid: str
    seq: int
    labels: list[str]
    properties: Properties
    summaries: Sequence[SummaryPart]
    inward: Sequence[Edge]


class PiecePart(Struct, frozen=True):
    """A piece of a long message, with its vector."""

    labels: list[str]
    properties: Properties
    vector: Sequence[float] | None


class MessageRow(Row, frozen=True):
    """A message with its vector or its pieces."""

    seq: int
    labels: list[str]
    properties: Properties
    vector: Sequence[float] | None
    senders: Sequence[str]
    pieces: Sequence[PiecePart]


class RunRow(Row, frozen=True):
    """A run, and whether something that it produced is stored."""

    id: str
    workspace_id: str
    labels: list[str]
    properties: Properties
    fruitful: bool


class WebhookRow(Row, frozen=True):
    """A webhook."""

    url: str
    labels: list[str]
    properties: Properties


class UnwholeRow(Row, frozen=True):
    """How many of a workspace's things contradict each other; there must be none but the first."""

    conclusions: int
    ahead: int
    miscounted: int
    gaps: int
    strangers: int
    forgotten: int


WORKSPACES = bind("archive/workspaces", After, NameRow)
WORKSPACE = bind("archive/workspace", InWorkspace, WorkspaceRow)
UNITS = bind("archive/units", After, UnitRow)
HOLD = bind("archive/hold", HoldPeer, HoldRow)
HELD = bind("archive/held", OfPeer, HeldRow)
VIEWS = bind("archive/views", OfPeer, ViewRow)
VECTORS = bind("archive/vectors", SomeOf, VectorRow)
PEERS = bind("archive/peers", AfterIn, PeerRow)
SESSIONS = bind("archive/sessions", AfterIn, SessionNameRow)
SESSION = bind("archive/session", OfSession, SessionRow)
MESSAGES = bind("archive/messages", Stretch, MessageRow)
RUNS = bind("archive/runs", After, RunRow)
WEBHOOKS = bind("archive/webhooks", AfterIn, WebhookRow)
UNWHOLE = bind("archive/unwhole", InWorkspace, UnwholeRow)
