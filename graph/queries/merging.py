"""Queries that find what is alike within a perspective, and merge it."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.queries import likeness
from graph.queries.conclusions import Conclude, IdRow, InWorkspace
from graph.query import Nothing, Parameters, Row, bind


class Lock(InWorkspace, frozen=True):
    """Perspectives, as maps with `observer_id` and `observed_id`, in the order in which they are locked."""

    pairs: Sequence[dict[str, object]]
    now: datetime


class Sizes(likeness.Sizes, frozen=True):
    """As there, of what is held from one session."""

    session_id: str


class Alike(likeness.Alike, frozen=True):
    """New texts of one session; each map has its `slot` too."""

    session_id: str


class Merged(Struct, frozen=True):
    """A conclusion that was merged into another."""

    id: str
    content_key: str


class AlikeRow(likeness.AlikeRow, frozen=True):
    """What is held that is alike, what it is unique by, and what was merged into it before."""

    content_key: str
    merged: Sequence[Merged]


class Unmerge(InWorkspace, frozen=True):
    """A merged conclusion."""

    conclusion_id: str
    now: datetime


class UnmergedRow(Row, frozen=True):
    """A conclusion that holds again, and what it had been merged into."""

    id: str
    into_id: str


class OneOf(Parameters, frozen=True):
    """A conclusion of any workspace."""

    conclusion_id: str


class WorkspaceRow(Row, frozen=True):
    """A workspace."""

    workspace_id: str


LOCK = bind("merging/lock", Lock, Nothing)
SIZES = bind("merging/sizes", Sizes, likeness.SizeRow)
ALIKE = bind("merging/alike", Alike, AlikeRow)
ALIKE_EXACT = bind("merging/alike_exact", Alike, AlikeRow)
MERGE = bind("merging/merge", Conclude, IdRow)
UNMERGE = bind("merging/unmerge", Unmerge, UnmergedRow)
WORKSPACE = bind("merging/workspace", OneOf, WorkspaceRow)
