"""Queries that copy sessions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph.queries.sessions import IdRow, SessionRow
from graph.query import Nothing, Parameters, Row, bind


class Source(Parameters, frozen=True):
    """The session to copy, and the message to end with, if not the last."""

    workspace_id: str
    session_id: str
    message_id: str | None
    now: datetime


class Pair(Parameters, frozen=True):
    """A session and its copy."""

    workspace_id: str
    session_id: str
    clone_id: str
    now: datetime


class Create(Pair, frozen=True):
    """A copy to make."""

    uid: str


class Copy(Pair, frozen=True):
    """Messages to copy: `seq` over `after` and up to `until`, of `last` in all.

    Attributes:
        with_vectors: whether their vectors are copied too.
        ids: new ids, by the place behind `after`.
        search_scopes: the terms by which the copies are searched, by author.
    """

    after: int
    until: int
    last: int
    with_vectors: bool
    ids: Sequence[str]
    search_scopes: Mapping[str, str]


class Finish(Pair, frozen=True):
    """A copy that has all its messages."""

    most_observers: int


class SourceRow(Row, frozen=True):
    """The last message to copy, None if it is not in the session, and who is or was in the session."""

    until: int | None
    peer_ids: Sequence[str]


SOURCE = bind("clones/source", Source, SourceRow)
CREATE = bind("clones/create", Create, Nothing)
COPY = bind("clones/copy", Copy, IdRow)
FINISH = bind("clones/finish", Finish, SessionRow)
