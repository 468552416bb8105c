"""Queries about what a question may be answered from."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.conclusions import ConclusionRow, NearRow
from graph.queries.messages import MessageRow
from graph.query import Parameters, Row, bind
from graph.types import Level


class AskedIn(Parameters, frozen=True):
    """Where a question is asked, and about whom."""

    workspace_id: str
    observed_id: str | None
    session_id: str | None


class SettingRow(Row, frozen=True):
    """Configurations as JSON, none or one each, and whether the observed peer exists."""

    workspace: list[str]
    session: list[str]
    observed: bool


class SessionsOf(Parameters, frozen=True):
    """A peer, the sessions that count (None for all), and whether only those that it is in now do."""

    workspace_id: str
    peer_id: str
    session_ids: Sequence[str] | None
    current: bool


class IdsRow(Row, frozen=True):
    """Names."""

    ids: list[str]


class NearestOfLevelInWorkspace(Parameters, frozen=True):
    """A level, a vector, and how many at most."""

    workspace_id: str
    level: Level
    vector: Sequence[float]
    top_k: int


class NearestOfLevel(NearestOfLevelInWorkspace, frozen=True):
    """The same in one perspective."""

    perspective: str


class SaidInWorkspace(Parameters, frozen=True):
    """A text to find, the time from `since` on and before `until`, and how many at most; None where it is open."""

    workspace_id: str
    text: str | None
    since: datetime | None
    until: datetime | None
    limit: int


class Said(SaidInWorkspace, frozen=True):
    """The same in some sessions."""

    session_ids: Sequence[str]


class Around(Parameters, frozen=True):
    """Messages, how many on each side of each, and the sessions that count; None for all."""

    workspace_id: str
    message_ids: Sequence[str]
    session_ids: Sequence[str] | None
    reach: int


class RestingOn(Parameters, frozen=True):
    """Conclusions, and how many that rest on them at most."""

    workspace_id: str
    conclusion_ids: Sequence[str]
    limit: int


SETTING = bind("reach/setting", AskedIn, SettingRow)
SESSIONS = bind("reach/sessions", SessionsOf, IdsRow)
NEAREST_OF_LEVEL = bind("reach/nearest_of_level", NearestOfLevel, NearRow)
NEAREST_OF_LEVEL_IN_WORKSPACE = bind("reach/nearest_of_level_in_workspace", NearestOfLevelInWorkspace, NearRow)
SAID = bind("reach/said", Said, MessageRow)
SAID_IN_WORKSPACE = bind("reach/said_in_workspace", SaidInWorkspace, MessageRow)
AROUND = bind("reach/around", Around, MessageRow)
RESTING_ON = bind("reach/resting_on", RestingOn, ConclusionRow)
