"""Queries that follow support: what conclusions rest on, and what hangs on them."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.queries.conclusions import IdRow
from graph.query import Nothing, Parameters, Row, bind
from graph.types import Level


class SomeOf(Parameters, frozen=True):
    """Conclusions of a workspace by their ids."""

    workspace_id: str
    conclusion_ids: Sequence[str]


class SomeOfNow(SomeOf, frozen=True):
    """Conclusions of a workspace, and the time."""

    now: datetime


class MessagesOf(Parameters, frozen=True):
    """Messages of a workspace by their ids."""

    workspace_id: str
    message_ids: Sequence[str]


class Changes(Parameters, frozen=True):
    """Maps with the `id` of a conclusion and what becomes of it."""

    workspace_id: str
    rows: Sequence[dict[str, object]]
    now: datetime


class SaidRow(Struct, frozen=True, kw_only=True):
    """A message that a conclusion rests on."""

    support: str
    id: str
    stands: bool


class PremiseRow(Struct, frozen=True, kw_only=True):
    """A conclusion that another rests on.

    Attributes:
        one_of: it and all that it was merged into: it stands if one of them does.
        living: those of them that are living now.
    """

    support: str
    id: str
    one_of: Sequence[str]
    living: Sequence[str]


class StandingRow(Row, frozen=True):
    """A conclusion as support sees it.

    Attributes:
        because: why it is out of recall; None for one that is living, or that was retired before reasons were kept.
        stated: whether a client stated it, so that it stands by itself.
        superseded_by: what replaced it, directly or not; `superseded_living` are those that are living now.
        supersedes: what it replaced, directly or not.
        downstream: what rests on it directly, or on one that was merged into it.
    """

    id: str
    level: Level
    living: bool
    because: str | None
    perspective: str
    content_key: str
    created_at: datetime
    observer_id: str
    observed_id: str
    stated: bool
    said: Sequence[SaidRow]
    premises: Sequence[PremiseRow]
    superseded_by: Sequence[str]
    superseded_living: Sequence[str]
    supersedes: Sequence[str]
    downstream: Sequence[str]


LOCK = bind("support/lock", SomeOfNow, IdRow)
READ = bind("support/read", SomeOf, StandingRow)
RESTING = bind("support/resting", MessagesOf, IdRow)
RETIRE = bind("support/retire", Changes, Nothing)
REVIVE = bind("support/revive", SomeOfNow, Nothing)
TWINS = bind("support/twins", SomeOf, IdRow)
JOIN_TWINS = bind("support/join_twins", SomeOfNow, Nothing)
