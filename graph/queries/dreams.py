"""Queries of dreams: consolidating what one perspective holds."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.conclusions import ConcludedRow, IdRow
from graph.query import Nothing, Parameters, Row, bind


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


class Firm(InPerspective, frozen=True):
    """A perspective, and how many conclusions at most."""

    limit: int


class Pair(InWorkspace, frozen=True):
    """Who holds, and about whom."""

    observer_id: str
    observed_id: str
    now: datetime


class Induce(Pair, frozen=True):
    """What to conclude: maps with `id`, `content_key`, `premise_ids`, `confidence` and `created_at`."""

    perspective: str
    run_id: str
    rows: Sequence[dict[str, object]]


class Card(Pair, frozen=True):
    """A card to write; `rebuild` writes it over a caller's."""

    card: Sequence[str]
    rebuild: bool


class LevelsRow(Row, frozen=True):
    """Configurations, as JSON."""

    workspace: str
    peer: str
    session: str


class ExplicitRow(Row, frozen=True):
    """What was said outright, and in which session."""

    id: str
    content: str
    session_id: str


class InducedRow(Row, frozen=True):
    """What was induced, and what it rests on."""

    content_key: str
    premise_ids: Sequence[str]


class ContentRow(Row, frozen=True):
    """A conclusion's text."""

    content: str


WORKSPACE = bind("dreams/workspace", InWorkspace, IdRow)
LEVELS = bind("dreams/levels", LevelsOf, LevelsRow)
EXPLICIT = bind("dreams/explicit", InPerspective, ExplicitRow)
INDUCED = bind("dreams/induced", InPerspective, InducedRow)
INDUCE = bind("dreams/induce", Induce, ConcludedRow)
FIRM = bind("dreams/firm", Firm, ContentRow)
CARD = bind("dreams/card", Card, Nothing)
DREAMED = bind("dreams/dreamed", Pair, Nothing)
