"""Queries about messages."""

from collections.abc import Mapping, Sequence
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
    """An author that exists.

    Attributes:
        active: whether it is a member of the session now.
        erasing: whether it is being erased.
        configuration: as JSON.
        observe_me: whether it may be observed.
    """

    id: str
    active: bool
    erasing: bool
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
        due: what the session notes of its summaries, as properties.
        units: maps with `key`, `kind`, `peer_id`, `last_seq` (null for one that counts what it was asked for),
            `messages`, `tokens` and `due_at` (when a unit that was idle becomes due): one for each author reasoned
            about, one for the session, one for its summaries.
        full_tokens: pending tokens at which a unit is due at once.
    """

    workspace_id: str
    session_id: str
    seq: int
    due: Mapping[str, object]
    messages: Sequence[dict[str, object]]
    units: Sequence[dict[str, object]]
    now: datetime
    full_tokens: int
    led_by: Sequence[str]


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


class SomeOf(Parameters, frozen=True):
    """Messages by their ids."""

    workspace_id: str
    message_ids: Sequence[str]


class Update(OneOf, frozen=True):
    """A message's new metadata, as JSON and as terms."""

    metadata: str
    metadata_terms: Sequence[str]


class Still(Parameters, frozen=True):
    """Messages of a workspace to lock."""

    workspace_id: str
    message_ids: Sequence[str]
    now: datetime


class Retract(OneOf, frozen=True):
    """A message to retract; the key of its author's unit of reasoning starts with `reasoning_key`."""

    reasoning_key: str
    now: datetime


class Restore(Retract, frozen=True):
    """A retracted message to restore, and the key of its session's unit of embedding."""

    embedding_key: str
    led_by: Sequence[str]


class FoundRow(Row, frozen=True):
    """A message by its id."""

    id: str


class RetractedNowRow(FoundRow, frozen=True):
    """A message by its id, and its place."""

    seq: int


class RestoredRow(RetractedNowRow, frozen=True):
    """A message that was restored: whether it lacks vectors, and the key of a unit of reasoning that it got, if any."""

    unembedded: bool
    key: str | None


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


class RetractedRow(MessageRow, frozen=True):
    """A retracted message."""

    retracted_at: datetime


class SizeRow(Row, frozen=True):
    """How many messages a session has, and whether some numbers up to the last are missing."""

    total: int
    gaps: bool


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
SIZE = bind("messages/size", InSession, SizeRow)
TOTAL = bind("messages/total", InSession, TotalRow)
GET = bind("messages/get", OneOf, MessageRow)
SOME = bind("messages/some", SomeOf, MessageRow)
RETRACT = bind("messages/retract", Retract, RetractedNowRow)
RETRACTED = bind("messages/retracted", PageOf, RetractedRow)
RETRACTED_TOTAL = bind("messages/retracted_total", InSession, TotalRow)
STILL = bind("messages/still", Still, FoundRow)
RESTORE = bind("messages/restore", Restore, RestoredRow)
UPDATE = bind("messages/update", Update, MessageRow)
