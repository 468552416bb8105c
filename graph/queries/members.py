"""Queries about who is in which session."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.queries.peers import PeerRow
from graph.query import Nothing, Parameters, Row, bind


class InSession(Parameters, frozen=True):
    """A session."""

    workspace_id: str
    session_id: str


class Add(InSession, frozen=True):
    """Peers to join: maps with `id`, `uid`, `observe_me` and `observe_others`.

    Attributes:
        replace: whether the configuration of those already in is replaced.
    """

    members: Sequence[dict[str, object]]
    replace: bool
    now: datetime


class Remove(InSession, frozen=True):
    """Peers to let go."""

    peer_ids: Sequence[str]
    now: datetime


class OneOf(InSession, frozen=True):
    """A peer in a session."""

    peer_id: str


class Configure(OneOf, frozen=True):
    """What to set; None stays as it is."""

    observe_me: bool | None
    observe_others: bool | None
    now: datetime


class PageOf(InSession, frozen=True):
    """A part of a session's members."""

    skip: int
    limit: int


class ConfigurationRow(Row, frozen=True):
    """How observing is configured for a member."""

    observe_me: bool | None
    observe_others: bool | None


class ActiveIn(Parameters, frozen=True):
    """A peer, and sessions."""

    workspace_id: str
    peer_id: str
    session_ids: Sequence[str]


class SessionIdRow(Row, frozen=True):
    """A session's name."""

    id: str


class Waiting(Parameters, frozen=True):
    """Who hears what waits in which session: maps with `peer_id` and `session_id`."""

    workspace_id: str
    pairs: Sequence[dict[str, object]]


class SomeIn(InSession, frozen=True):
    """Peers in a session."""

    peer_ids: Sequence[str]


class ObservingRow(Row, frozen=True):
    """A peer that observes others in a session, and the `seq` of its last message."""

    id: str
    seq: int


ACTIVE = bind("members/active", ActiveIn, SessionIdRow)
ADD = bind("members/add", Add, Nothing)
REMOVE = bind("members/remove", Remove, Nothing)
CONFIGURATION = bind("members/configuration", OneOf, ConfigurationRow)
CONFIGURE = bind("members/configure", Configure, ConfigurationRow)
HEAR_WAITING = bind("members/hear_waiting", Waiting, Nothing)
OBSERVING = bind("members/observing", SomeIn, ObservingRow)
PAGE = bind("members/page", PageOf, PeerRow)
TOTAL = bind("members/total", InSession, TotalRow)
