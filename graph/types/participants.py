"""Workspaces, peers, sessions and who takes part in what."""

from datetime import datetime

from msgspec import Struct


class Workspace(Struct, frozen=True, kw_only=True):
    """The isolation boundary: no query crosses it.

    Attributes:
        id: the name the client chose.
        uid: generated, stable, unique over all workspaces.
    """

    id: str
    uid: str
    metadata: dict[str, object]
    configuration: dict[str, object]
    created_at: datetime


class Peer(Struct, frozen=True, kw_only=True):
    """Any entity that takes part: user, agent, group, document source."""

    id: str
    uid: str
    workspace_id: str
    metadata: dict[str, object]
    configuration: dict[str, object]
    created_at: datetime


class Session(Struct, frozen=True, kw_only=True):
    """A thread of messages with member peers; inactive while it is being deleted."""

    id: str
    uid: str
    workspace_id: str
    is_active: bool
    metadata: dict[str, object]
    configuration: dict[str, object]
    created_at: datetime


class MemberConfiguration(Struct, frozen=True, kw_only=True):
    """What observing a member allows and does in one session; None means not said there.

    Attributes:
        observe_me: whether conclusions are drawn about the member.
        observe_others: whether the member keeps its own view of the others.
    """

    observe_me: bool | None = None
    observe_others: bool | None = None


class Member(Struct, frozen=True, kw_only=True):
    """A peer's membership of a session; `left_at` is None while it lasts."""

    peer_id: str
    configuration: MemberConfiguration
    joined_at: datetime
    left_at: datetime | None
