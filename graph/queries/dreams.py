"""Queries of dreams: consolidating what one perspective holds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from graph.queries.conclusions import IdRow
from graph.query import Nothing, Parameters, Row, bind
from graph.types import Level, WorkState


class InWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class LevelsOf(InWorkspace, frozen=True):
    """Whom a dream is about, and the session it is stamped with, if one."""

    observed_id: str
    session_id: str | None


class InPerspective(InWorkspace, frozen=True):
    """A perspective, by its key."""

    perspective: str


class SomeOf(InPerspective, frozen=True):
    """A perspective, and how many conclusions at most."""

    limit: int


class OfPair(InWorkspace, frozen=True):
    """Who holds, and about whom."""

    observer_id: str
    observed_id: str


class Pair(OfPair, frozen=True):
    """Who holds, about whom, and the time."""

    now: datetime


class Ripe(InWorkspace, frozen=True):
    """Whose own perspective, where its words were said, since when it must have rested, and how many at least."""

    peer_id: str
    perspective: str
    session_id: str
    unit_key: str
    rested_at: datetime
    least: int


class Wind(Pair, frozen=True):
    """When the timer runs out; None stops it."""

    due_at: datetime | None


class Expired(Parameters, frozen=True):
    """The time, and how many at most."""

    now: datetime
    limit: int


class Take(Pair, frozen=True):
    """A perspective whose timer is taken."""

    perspective: str


class Dreamed(Take, frozen=True):
    """Until when a perspective was dreamt over, and the conclusions that are left for the next dream."""

    dreamed_at: datetime
    left_ids: Sequence[str]


class UnitOf(InWorkspace, frozen=True):
    """A dream's unit of work."""

    key: str


class Reported(UnitOf, frozen=True):
    """A dream's unit of work, and the time."""

    now: datetime


class Note(Reported, frozen=True):
    """What is noted on a dream's unit; without a report the one that is there stays."""

    progress: str | None
    report: str | None


class Since(InPerspective, frozen=True):
    """A perspective, and since when."""

    since: datetime


class Produced(Since, frozen=True):
    """A run as well."""

    run_id: str


class LevelsRow(Row, frozen=True):
    """Configurations, as JSON."""

    workspace: str
    peer: str
    session: str


class RipeRow(LevelsRow, frozen=True):
    """Configurations, whether the timer runs, and whether it may."""

    wound: bool
    ripe: bool


class PairRow(Row, frozen=True):
    """A perspective."""

    workspace_id: str
    observer_id: str
    observed_id: str


class TakenRow(Row, frozen=True):
    """The session of the newest explicit conclusion, or nothing."""

    session_id: str


class ViewRow(Row, frozen=True):
    """When a perspective was dreamt over last, what was left then, and the ids that each line of its card names."""

    dreamed_at: datetime | None
    left_ids: Sequence[str]
    card_rests: Sequence[str]


class ClashRow(Struct, frozen=True):
    """What a conclusion cannot be so together with, since when, and whether it has gained a source since."""

    other_id: str
    at: datetime
    gained: bool


class LandscapeRow(Row, frozen=True):
    """A living conclusion: what it rests on, and how much rests on it."""

    id: str
    level: Level
    content: str
    created_at: datetime
    unweighed: bool
    dreamt: bool
    vector: Sequence[float]
    message_ids: Sequence[str]
    premise_ids: Sequence[str]
    derivations: int
    used: int
    clashes: Sequence[ClashRow]


class ProgressRow(Row, frozen=True):
    """How far a dream has come, as JSON."""

    progress: str | None


class ReportRow(Row, frozen=True):
    """A dream's unit as it is, and what came of the last, as JSON."""

    state: WorkState
    last_error: str | None
    report: str | None


class OtherRow(Struct, frozen=True):
    """Another conclusion."""

    id: str
    content: str


class ProducedRow(Row, frozen=True):
    """What a run wrote."""

    id: str
    content: str
    level: Level
    created: bool
    premises: Sequence[OtherRow]


class FallenRow(Row, frozen=True):
    """What stopped holding or holds again."""

    kind: Literal["superseded", "merged", "retired", "revived"]
    id: str
    content: str
    level: Level
    others: Sequence[OtherRow]


WORKSPACE = bind("dreams/workspace", InWorkspace, IdRow)
LEVELS = bind("dreams/levels", LevelsOf, LevelsRow)
DREAMED = bind("dreams/dreamed", Dreamed, Nothing)
RIPE = bind("dreams/ripe", Ripe, RipeRow)
WIND = bind("dreams/wind", Wind, Nothing)
EXPIRED = bind("dreams/expired", Expired, PairRow)
TAKE = bind("dreams/take", Take, TakenRow)
VIEW = bind("dreams/view", OfPair, ViewRow)
LANDSCAPE = bind("dreams/landscape", SomeOf, LandscapeRow)
PROGRESS = bind("dreams/progress", UnitOf, ProgressRow)
NOTE = bind("dreams/note", Note, Nothing)
REPORT = bind("dreams/report", Reported, ReportRow)
PRODUCED = bind("dreams/produced", Produced, ProducedRow)
FALLEN = bind("dreams/fallen", Since, FallenRow)
FORGET = bind("dreams/forget", InWorkspace, Nothing)
