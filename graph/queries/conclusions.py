"""Queries about conclusions."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import NoParameters, Nothing, Parameters, Row, bind
from graph.types import Level


class ConclusionRow(Row, frozen=True):
    """A living conclusion with its sources."""

    id: str
    workspace_id: str
    observer_id: str
    observed_id: str
    session_id: str | None
    level: Level
    content: str
    created_at: datetime
    observed_at: datetime
    about_at: datetime | None
    times_derived: int
    source_ids: Sequence[str]
    source_message_ids: Sequence[str]


class NearRow(ConclusionRow, frozen=True):
    """A living conclusion and its cosine distance (0 to 2) from the vector asked for."""

    distance: float


class InWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class PageOf(InWorkspace, frozen=True):
    """A part of a workspace's conclusions."""

    skip: int
    limit: int


class SomeOf(InWorkspace, frozen=True):
    """Conclusions by their ids."""

    conclusion_ids: Sequence[str]


class SizeOf(InWorkspace, frozen=True):
    """A perspective, and up to how many to count."""

    perspective: str
    limit: int


class Nearest(InWorkspace, frozen=True):
    """A perspective and a vector."""

    perspective: str
    vector: Sequence[float]
    top_k: int


class CreateRows(InWorkspace, frozen=True):
    """Conclusions a client states, as property maps; `vector` in each is an index into `vectors`."""

    rows: Sequence[dict[str, object]]
    vectors: Sequence[Sequence[float]]
    now: datetime


class IdRow(Row, frozen=True):
    """An id."""

    id: str


class Conclude(CreateRows, frozen=True):
    """What a run concluded: one map per proposition and observer."""

    session_id: str
    run_id: str


class ConcludedRow(Row, frozen=True):
    """A conclusion, and whether it is new."""

    id: str
    created: bool


class ConcludedKeyRow(ConcludedRow, frozen=True):
    """A conclusion, what it is unique by, and whether it is new."""

    perspective: str
    content_key: str


class RecordRun(InWorkspace, frozen=True):
    """One execution of a step, over a session if there is one; `dropped` is JSON."""

    session_id: str | None
    id: str
    step: str
    model: str
    prompt_hash: str
    prompt_tokens: int
    completion_tokens: int
    started_at: datetime
    finished_at: datetime
    outcome: str
    dropped: str
    calls: int
    cost: float | None
    fault: str | None


class After(Parameters, frozen=True):
    """Ids greater than one, and how many at most."""

    after: str
    limit: int


class ContentRow(Row, frozen=True):
    """A conclusion's text."""

    id: str
    content: str


class SetVectors(Parameters, frozen=True):
    """Maps with `id` and `vector`."""

    rows: Sequence[dict[str, object]]


class UnsoundRow(Row, frozen=True):
    """How many conclusions there are, and how many lack what each must have."""

    conclusions: int
    without_holder: int
    without_subject: int
    without_source: int
    without_run: int
    without_vector: int


AFTER = bind("conclusions/after", After, ContentRow)
COUNT_ALL = bind("conclusions/count_all", NoParameters, TotalRow)
SET_VECTORS = bind("conclusions/set_vectors", SetVectors, Nothing)
PAGE = bind("conclusions/page", PageOf, ConclusionRow)
PAGE_OLDEST = bind("conclusions/page_oldest", PageOf, ConclusionRow)
TOTAL = bind("conclusions/total", InWorkspace, TotalRow)
SIZE = bind("conclusions/size", SizeOf, TotalRow)
GET = bind("conclusions/get", SomeOf, ConclusionRow)
ANY = bind("conclusions/any", SomeOf, ConclusionRow)
NEAREST = bind("conclusions/nearest", Nearest, NearRow)
NEAREST_EXACT = bind("conclusions/nearest_exact", Nearest, NearRow)
CREATE = bind("conclusions/create", CreateRows, IdRow)
CONCLUDE = bind("conclusions/conclude", Conclude, ConcludedKeyRow)
RUN = bind("conclusions/run", RecordRun, Nothing)
UNSOUND = bind("conclusions/unsound", NoParameters, UnsoundRow)
