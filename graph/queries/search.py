"""Queries that find messages."""

from collections.abc import Sequence

from graph.queries.conclusions import IdRow
from graph.queries.messages import MessageRow
from graph.query import NoParameters, Nothing, Parameters, Row, bind


class Words(Parameters, frozen=True):
    """A query in the full-text index's language, how many to fetch from it, and how many to keep of them."""

    workspace_id: str
    query: str
    fetch: int
    limit: int


class Literal(Parameters, frozen=True):
    """A text, among how many of the newest messages to look for it, and how many to find."""

    workspace_id: str
    text: str
    window: int
    limit: int


class LiteralInSession(Literal, frozen=True):
    """The same in one session."""

    session_id: str


class LiteralOfPeer(Literal, frozen=True):
    """The same in what one peer said."""

    peer_id: str


class Ids(Parameters, frozen=True):
    """Messages of a workspace."""

    workspace_id: str
    ids: Sequence[str]


class ScoreRow(Row, frozen=True):
    """A message, and how well it fits; more is better."""

    id: str
    score: float


REFRESH = bind("search/refresh", NoParameters, Nothing)
WORDS = bind("search/words", Words, ScoreRow)
LITERAL = bind("search/literal", Literal, IdRow)
LITERAL_IN_SESSION = bind("search/literal_in_session", LiteralInSession, IdRow)
LITERAL_OF_PEER = bind("search/literal_of_peer", LiteralOfPeer, IdRow)
MESSAGES = bind("search/messages", Ids, MessageRow)
