"""Queries about messages."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.query import Nothing, Parameters, Row, bind


class Prepare(Parameters, frozen=True):
    """The session to lock, and who wants to write into it."""

    workspace_id: str
    session_id: str
    author_ids: Sequence[str]
    now: datetime


class AuthorRow(Struct, frozen=True):
    """An author that exists: whether it is an active member, its configuration as JSON, whether it may be observed."""

    id: str
    active: bool
    configuration: str
    observe_me: bool


class PrepareRow(Row, frozen=True):
    """The locked session; configurations are JSON."""

    is_active: bool
    seq: int
    session_configuration: str
    workspace_configuration: str
    observer_ids: Sequence[str]
    authors: Sequence[AuthorRow]


class Ensure(Parameters, frozen=True):
    """What to create where it is missing; `peers` are maps with `id` and `uid`."""

    workspace_id: str
    workspace_uid: str
    session_id: str
    session_uid: str
    peers: Sequence[dict[str, str]]
    now: datetime


class Join(Parameters, frozen=True):
    """Peers that become active members."""

    workspace_id: str
    session_id: str
    peer_ids: Sequence[str]
    now: datetime


class Append(Parameters, frozen=True):
    """Messages as property maps, the session's last `seq` after them, and what becomes pending.

    Attributes:
        units: maps with `key`, `kind`, `peer_id`, `last_seq`, `messages`, `tokens` and `due_at` (when a unit that was
            idle becomes due): one for each author reasoned about, one for the session.
        full_tokens: pending tokens at which a unit is due at once.
    """

    workspace_id: str
    session_id: str
    seq: int
    messages: Sequence[dict[str, object]]
    units: Sequence[dict[str, object]]
    now: datetime
    full_tokens: int


class PendingRow(Row, frozen=True):
    """A unit that has something pending, and whether a worker should be woken for it."""

    key: str
    wake: bool
    due_at: datetime


class InSession(Parameters, frozen=True):
    """A session."""

    workspace_id: str
    session_id: str


class PageOf(InSession, frozen=True):
    """A part of a session's messages."""

    skip: int
    limit: int


class Stretch(InSession, frozen=True):
    """A session's messages with a `seq` over `after` and up to `until`."""

    after: int
    until: int


class OneOf(InSession, frozen=True):
    """A message of a session."""

    message_id: str


class Update(OneOf, frozen=True):
    """A message's new metadata, as JSON and as terms."""

    metadata: str
    metadata_terms: Sequence[str]


class MessageRow(Row, frozen=True):
    """A stored message; metadata is JSON."""

    id: str
    workspace_id: str
    session_id: str
    peer_id: str
    seq: int
    content: str
    token_count: int
    metadata: str
    created_at: datetime


class TotalRow(Row, frozen=True):
    """A count."""

    total: int


PREPARE = bind("messages/prepare", Prepare, PrepareRow)
ENSURE = bind("messages/ensure", Ensure, Nothing)
JOIN = bind("messages/join", Join, Nothing)
APPEND = bind("messages/append", Append, PendingRow)
PAGE = bind("messages/page", PageOf, MessageRow)
PAGE_NEWEST = bind("messages/page_newest", PageOf, MessageRow)
STRETCH = bind("messages/stretch", Stretch, MessageRow)
SIZE = bind("messages/size", InSession, TotalRow)
TOTAL = bind("messages/total", InSession, TotalRow)
GET = bind("messages/get", OneOf, MessageRow)
UPDATE = bind("messages/update", Update, MessageRow)
