"""Queries that recall: what a perspective holds, and what was said last in a session."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from graph.queries.conclusions import NearRow
from graph.queries.messages import TotalRow
from graph.query import Parameters, Row, bind
from graph.types import Level

Branch = Literal["semantic", "frequent", "recent"]


# These queries answer with one record that holds a list, and with times as microseconds since 1970: the driver takes
# about seven times as long for the same in records and its own times, which was most of the time of a long context.


class FoundConclusion(Struct, frozen=True, kw_only=True):
    """A conclusion, the texts and times of its living premises in the same perspective, and the branch that found it.

    Times are microseconds since 1970. `confidence` is how sure a pattern is, where that was recorded. `distance` is the
    cosine distance (0 to 2) from what was asked; the semantic branch alone has one.
    """

    id: str
    workspace_id: str
    observer_id: str
    observed_id: str
    session_id: str | None
    level: Level
    content: str
    created_us: int
    observed_us: int
    about_us: int | None
    times_derived: int
    source_ids: Sequence[str]
    source_message_ids: Sequence[str]
    premises: Sequence[str]
    branch: Branch
    distance: float | None
    confidence: str | None = None
    premised_us: Sequence[int] = ()


class FoundRow(Row, frozen=True):
    """What a branch found, best first."""

    found: Sequence[FoundConclusion]


class SaidMessage(Struct, frozen=True, kw_only=True):
    """A stored message; metadata is JSON, `created_us` is in microseconds since 1970."""

    id: str
    workspace_id: str
    session_id: str
    peer_id: str
    seq: int
    content: str
    token_count: int
    metadata: str
    created_us: int


class LatestRow(Row, frozen=True):
    """Messages, newest first."""

    messages: Sequence[SaidMessage]


class InPerspective(Parameters, frozen=True):
    """A perspective."""

    workspace_id: str
    perspective: str


class Standing(InPerspective, frozen=True):
    """How many of the most often concluded and of the newest; `session_ids` restricts to explicit ones of sessions."""

    session_ids: Sequence[str] | None
    frequent: int
    recent: int


class Shared(InPerspective, frozen=True):
    """Who must have been there for what a conclusion rests on, and how many at most."""

    present_ids: Sequence[str]
    limit: int


class Nearest(InPerspective, frozen=True):
    """A vector, and how many at most."""

    vector: Sequence[float]
    top_k: int


class NearestExact(Nearest, frozen=True):
    """As `Nearest`; `session_ids` restricts to explicit ones of sessions."""

    session_ids: Sequence[str] | None


class NearestInWorkspace(Parameters, frozen=True):
    """A vector, and how many at most, over all perspectives of a workspace."""

    workspace_id: str
    vector: Sequence[float]
    top_k: int


class WorkspaceSize(Parameters, frozen=True):
    """A workspace, and up to how many to count."""

    workspace_id: str
    limit: int


class Latest(Parameters, frozen=True):
    """A part of a session: what comes from one position on and before another, said by a time if one is given."""

    workspace_id: str
    session_id: str
    from_seq: int
    before_seq: int
    limit: int
    as_of: datetime | None


STANDING = bind("recall/standing", Standing, FoundRow)
SHARED = bind("recall/shared", Shared, FoundRow)
NEAREST = bind("recall/nearest", Nearest, FoundRow)
NEAREST_EXACT = bind("recall/nearest_exact", NearestExact, FoundRow)
NEAREST_IN_WORKSPACE = bind("recall/nearest_in_workspace", NearestInWorkspace, NearRow)
NEAREST_IN_WORKSPACE_EXACT = bind("recall/nearest_in_workspace_exact", NearestInWorkspace, NearRow)
WORKSPACE_SIZE = bind("recall/workspace_size", WorkspaceSize, TotalRow)
LATEST = bind("recall/latest", Latest, LatestRow)
