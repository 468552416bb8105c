"""Queries that find messages."""

from collections.abc import Sequence

from graph.queries.messages import MessageRow, TotalRow
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


class Nearest(Parameters, frozen=True):
    """A vector, and how many passages to fetch."""

    workspace_id: str
    vector: Sequence[float]
    fetch: int


class NearestInSession(Nearest, frozen=True):
    """The same in one session."""

    session_id: str


class NearestOfPeer(Nearest, frozen=True):
    """The same in what one peer said."""

    peer_id: str


class NearestExact(Parameters, frozen=True):
    """A vector, and how many messages to find."""

    workspace_id: str
    vector: Sequence[float]
    limit: int


class NearestExactOfPeer(NearestExact, frozen=True):
    """The same in what one peer said."""

    peer_id: str


class Size(Parameters, frozen=True):
    """A workspace, and up to how many to count."""

    workspace_id: str
    bound: int


class SizeOfPeer(Size, frozen=True):
    """The same of what one peer said."""

    peer_id: str


class Similarity(Parameters, frozen=True):
    """Messages of a workspace, and a vector."""

    workspace_id: str
    ids: Sequence[str]
    vector: Sequence[float]


class Ids(Parameters, frozen=True):
    """Messages of a workspace."""

    workspace_id: str
    ids: Sequence[str]


class PlaceRow(Row, frozen=True):
    """A message, and where it stands."""

    id: str
    session_id: str
    seq: int


class ScoreRow(PlaceRow, frozen=True):
    """A message, and how well it fits; more is better. Of a vector it is the cosine similarity."""

    score: float


class PassageRow(ScoreRow, frozen=True):
    """A message that a passage is of, the passage's cosine similarity, and whether the message passes the filter."""

    passes: bool


REFRESH = bind("search/refresh", NoParameters, Nothing)
WORDS = bind("search/words", Words, ScoreRow)
LITERAL = bind("search/literal", Literal, PlaceRow)
LITERAL_IN_SESSION = bind("search/literal_in_session", LiteralInSession, PlaceRow)
LITERAL_OF_PEER = bind("search/literal_of_peer", LiteralOfPeer, PlaceRow)
NEAREST = bind("search/nearest", Nearest, PassageRow)
NEAREST_IN_SESSION = bind("search/nearest_in_session", NearestInSession, PassageRow)
NEAREST_OF_PEER = bind("search/nearest_of_peer", NearestOfPeer, PassageRow)
NEAREST_EXACT = bind("search/nearest_exact", NearestExact, ScoreRow)
NEAREST_EXACT_OF_PEER = bind("search/nearest_exact_of_peer", NearestExactOfPeer, ScoreRow)
SIZE = bind("search/size", Size, TotalRow)
SIZE_OF_PEER = bind("search/size_of_peer", SizeOfPeer, TotalRow)
SIMILARITY = bind("search/similarity", Similarity, ScoreRow)
MESSAGES = bind("search/messages", Ids, MessageRow)
