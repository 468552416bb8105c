"""Queries about the summaries of sessions."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.queries.messages import InSession, TotalRow
from graph.query import Parameters, Row, bind


class StoredSummary(Struct, frozen=True):
    """A summary as the next one is made of it; `seq` is that of the last message it stands for."""

    id: str
    kind: str
    seq: int
    content: str
    token_count: int


class DueRow(Row, frozen=True):
    """Up to which `seq` the summaries of a session are due, of how many messages each; 0 where none is."""

    short_due: int
    short_span: int
    long_due: int
    long_span: int
    instructions: str | None
    summaries: Sequence[StoredSummary]


class Material(InSession, frozen=True):
    """A stretch of a session: `seq` over `after` and up to `until`."""

    after: int
    until: int
    limit: int


class MaterialRow(Row, frozen=True):
    """A message to be summarised."""

    id: str
    seq: int
    peer_id: str
    content: str
    token_count: int
    created_at: datetime


class Put(Parameters, frozen=True):
    """A summary, and what it was made of: the messages after `after` up to `seq`, and the summary before, or ''."""

    workspace_id: str
    session_id: str
    run_id: str
    id: str
    kind: str
    content: str
    token_count: int
    seq: int
    after: int
    message_ids: Sequence[str]
    message_id: str
    previous_id: str
    now: datetime


class StoredRow(Row, frozen=True):
    """Whether it was stored."""

    stored: bool


class SummaryRow(Row, frozen=True):
    """A summary as it is read."""

    id: str
    kind: str
    content: str
    token_count: int
    message_id: str
    message_seq: int
    created_at: datetime


class Covering(InSession, frozen=True):
    """A session, and the `seq` of one of its messages."""

    seq: int


DUE = bind("summaries/due", InSession, DueRow)
MATERIAL = bind("summaries/material", Material, MaterialRow)
PUT = bind("summaries/put", Put, StoredRow)
GET = bind("summaries/get", InSession, SummaryRow)
FORGET = bind("summaries/forget", Covering, TotalRow)
