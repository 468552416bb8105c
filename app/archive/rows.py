"""The lines of an archive's members: one JSON object each, of one of these kinds."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

Properties = dict[str, object]


class Tie(Struct, frozen=True, omit_defaults=True):
    """A relationship, as seen from the node whose line it is in.

    Attributes:
        type: its type.
        node: the label of the node at the other end.
        id: that node's id or name.
        properties: its own properties.
    """

    type: str
    node: str
    id: str
    properties: Properties = {}


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all lines."""

    workspace: str


class Workspace(Line, frozen=True, kw_only=True):
    """A workspace."""

    properties: Properties


class Peer(Line, frozen=True, kw_only=True, omit_defaults=True):
    """A peer, and the relationships that lead from it to other peers, views aside."""

    labels: list[str]
    properties: Properties
    outward: Sequence[Tie] = ()


class Summary(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A summary of a session: the relationship that leads to it, itself, and what else it is tied to."""

    type: str
    edge: Properties = {}
    labels: list[str]
    properties: Properties
    outward: Sequence[Tie] = ()
    inward: Sequence[Tie] = ()


class Session(Line, frozen=True, kw_only=True, omit_defaults=True):
    """A session, the peers that are or were in it, and its summaries."""

    labels: list[str]
    properties: Properties
    inward: Sequence[Tie] = ()
    summaries: Sequence[Summary] = ()


class Piece(Struct, frozen=True, kw_only=True):
    """A piece of a long message."""

    labels: list[str]
    properties: Properties
    vector: str


class Message(Line, frozen=True, kw_only=True, omit_defaults=True):
    """A message with its vector, or the pieces that have one each."""

    labels: list[str]
    properties: Properties
    senders: Sequence[str]
    vector: str | None = None
    pieces: Sequence[Piece] = ()


class Conclusion(Line, frozen=True, kw_only=True, omit_defaults=True):
    """A conclusion of any level, living or retired, with its proof.

    Attributes:
        session_uid: the session's own id when this was read: its name may have been given to another one since.
    """

    labels: list[str]
    properties: Properties
    session_uid: str | None = None
    outward: Sequence[Tie] = ()
    inward: Sequence[Tie] = ()
    vector: str | None = None


class View(Line, frozen=True, kw_only=True):
    """What one peer's view of another carries: the card and the counters."""

    observer: str
    observed: str
    properties: Properties


class Run(Line, frozen=True, kw_only=True):
    """One execution of a reasoning step."""

    labels: list[str]
    properties: Properties


class Webhook(Line, frozen=True, kw_only=True):
    """An address that is told of events."""

    labels: list[str]
    properties: Properties


class Unit(Line, frozen=True, kw_only=True, omit_defaults=True):
    """A unit of work, as far as it had come."""

    properties: Properties
    session_uid: str | None = None


#: The members of an archive and the kind of their lines, in the order in which they are written into a store.
MEMBERS: Mapping[str, type[Line]] = {
    "workspaces.jsonl": Workspace,
    "peers.jsonl": Peer,
    "sessions.jsonl": Session,
    "messages.jsonl": Message,
    "runs.jsonl": Run,
    "conclusions.jsonl": Conclusion,
    "views.jsonl": View,
    "webhooks.jsonl": Webhook,
    "units.jsonl": Unit,
    "cursors.jsonl": Unit,
}
