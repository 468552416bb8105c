"""Queries that recall: what a perspective holds, and what was said last in a session."""

from collections.abc import Sequence
from typing import Literal

from graph.queries.conclusions import ConclusionRow, IdRow, NearRow
from graph.queries.messages import MessageRow, TotalRow
from graph.query import Parameters, bind

Branch = Literal["semantic", "frequent", "recent"]


class RecalledRow(ConclusionRow, frozen=True):
    """A conclusion, the texts of its living premises, and the branch that found it.

    `distance` is the cosine distance (0 to 2) from what was asked; the semantic branch alone has one.
    """

    premises: Sequence[str]
    branch: Branch
    distance: float | None


class InPerspective(Parameters, frozen=True):
    """A perspective."""

    workspace_id: str
    perspective: str


class Standing(InPerspective, frozen=True):
    """How many of the most often concluded and of the newest; `session_ids` restricts to explicit ones of sessions."""

    session_ids: Sequence[str] | None
    frequent: int
    recent: int


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
    """A part of a session: what comes before a position."""

    workspace_id: str
    session_id: str
    before_seq: int
    limit: int


class Observer(Parameters, frozen=True):
    """A peer."""

    workspace_id: str
    observer_id: str


STANDING = bind("recall/standing", Standing, RecalledRow)
NEAREST = bind("recall/nearest", Nearest, RecalledRow)
NEAREST_EXACT = bind("recall/nearest_exact", NearestExact, RecalledRow)
NEAREST_IN_WORKSPACE = bind("recall/nearest_in_workspace", NearestInWorkspace, NearRow)
NEAREST_IN_WORKSPACE_EXACT = bind("recall/nearest_in_workspace_exact", NearestInWorkspace, NearRow)
WORKSPACE_SIZE = bind("recall/workspace_size", WorkspaceSize, TotalRow)
LATEST = bind("recall/latest", Latest, MessageRow)
OBSERVER = bind("recall/observer", Observer, IdRow)
