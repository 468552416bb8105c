"""Queries about the vectors of what was said."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import NoParameters, Nothing, Parameters, Row, bind


class Missing(Parameters, frozen=True):
    """A session, its unit of work, and how many messages at most."""

    workspace_id: str
    session_id: str
    key: str
    limit: int


class MissingRow(Row, frozen=True):
    """A message that the unit has not come to; whether the full-text index has it, and whether it has vectors."""

    id: str
    seq: int
    peer_id: str
    content: str
    created_at: datetime
    searchable: bool
    embedded: bool


class Rows(Parameters, frozen=True):
    """Messages, as maps with `id` and what to store."""

    rows: Sequence[Mapping[str, object]]


class Ids(Parameters, frozen=True):
    """Messages."""

    ids: Sequence[str]


class Advance(Parameters, frozen=True):
    """A unit, and up to which `seq` its session is embedded."""

    key: str
    seq: int


class After(Parameters, frozen=True):
    """The id that was read last, and how many more to read."""

    after: str
    limit: int


class TextRow(Row, frozen=True):
    """What a message says."""

    id: str
    peer_id: str
    content: str
    created_at: datetime


class LastRow(Row, frozen=True):
    """The last id that was looked at; None past the end."""

    last: str | None


MISSING = bind("passages/missing", Missing, MissingRow)
EMBED = bind("passages/embed", Rows, Nothing)
EMBED_PIECES = bind("passages/embed_pieces", Rows, Nothing)
MAKE_SEARCHABLE = bind("passages/make_searchable", Rows, Nothing)
ADVANCE = bind("passages/advance", Advance, Nothing)
CLEAR = bind("passages/clear", Ids, Nothing)
AFTER = bind("passages/after", After, TextRow)
COUNT_ALL = bind("passages/count_all", NoParameters, TotalRow)
FORGET_RETRACTED = bind("passages/forget_retracted", After, LastRow)
