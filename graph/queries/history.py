"""Queries about what was held at a time, retired since or not."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.cards import FactRow
from graph.queries.conclusions import ConclusionRow, InWorkspace, NearRow, PageOf, SomeOf
from graph.queries.conclusions import Nearest as NearestNow
from graph.queries.messages import TotalRow
from graph.queries.recall import FoundRow, InPerspective, NearestExact, NearestInWorkspace
from graph.queries.recall import Shared as SharedNow
from graph.queries.recall import Standing as StandingNow
from graph.query import bind


class PageThen(PageOf, frozen=True):
    """A part of what a workspace held."""

    as_of: datetime


class WorkspaceThen(InWorkspace, frozen=True):
    """A workspace at a time."""

    as_of: datetime


class SomeThen(SomeOf, frozen=True):
    """Conclusions by their ids, at a time."""

    as_of: datetime


class RestingThen(SomeThen, frozen=True):
    """What rested on conclusions, and how many at most."""

    limit: int


class NearestThen(NearestNow, frozen=True):
    """A perspective at a time, and a vector."""

    as_of: datetime


class NearestInWorkspaceThen(NearestInWorkspace, frozen=True):
    """A workspace at a time, and a vector."""

    as_of: datetime


class StandingThen(StandingNow, frozen=True):
    """How many of the most often concluded and of the newest, at a time."""

    as_of: datetime


class SemanticThen(NearestExact, frozen=True):
    """A perspective at a time, and a vector; `session_ids` restricts to explicit ones of sessions."""

    as_of: datetime


class SharedThen(SharedNow, frozen=True):
    """Who must have been there for what a conclusion rested on, and how many at most, at a time."""

    as_of: datetime


class CardThen(InPerspective, frozen=True):
    """A perspective at a time, and how much of it is looked at, as in `graph.queries.cards.Candidates`."""

    slots: Sequence[str]
    of_slot: int
    firm: int
    firmest: int
    patterns: int
    as_of: datetime


PAGE = bind("history/page", PageThen, ConclusionRow)
PAGE_OLDEST = bind("history/page_oldest", PageThen, ConclusionRow)
TOTAL = bind("history/total", WorkspaceThen, TotalRow)
GET = bind("history/get", SomeThen, ConclusionRow)
RESTING_ON = bind("history/resting_on", RestingThen, ConclusionRow)
NEAREST = bind("history/nearest", NearestThen, NearRow)
NEAREST_IN_WORKSPACE = bind("history/nearest_in_workspace", NearestInWorkspaceThen, NearRow)
STANDING = bind("history/standing", StandingThen, FoundRow)
SEMANTIC = bind("history/semantic", SemanticThen, FoundRow)
SHARED = bind("history/shared", SharedThen, FoundRow)
CARD = bind("history/card", CardThen, FactRow)
