"""Queries about peer cards, which lie on the edge from the peer that keeps one to the peer it is about."""

from collections.abc import Sequence
from datetime import datetime

from graph.query import Nothing, Parameters, Row, bind


class OfPair(Parameters, frozen=True):
    """Who keeps the card, and about whom."""

    workspace_id: str
    observer_id: str
    observed_id: str


class Put(OfPair, frozen=True):
    """A card that a caller sets."""

    card: Sequence[str]
    now: datetime


class Remember(OfPair, frozen=True):
    """What callers had set there before, as `graph.card_past` writes it."""

    past: Sequence[str]


class Look(Parameters, frozen=True):
    """Perspectives: maps with `observer_id` and `observed_id`; `rebuild` if what callers set is to be written over."""

    workspace_id: str
    pairs: Sequence[dict[str, object]]
    rebuild: bool
    now: datetime


class Candidates(Parameters, frozen=True):
    """Perspectives by their keys, and how much of each is looked at.

    Attributes:
        slots: whose values are told at once.
        of_slot: conclusions of each slot, at most; `firmest` and `patterns` likewise.
        firm: what was concluded less often is not firm.
    """

    workspace_id: str
    perspectives: Sequence[str]
    slots: Sequence[str]
    of_slot: int
    firm: int
    firmest: int
    patterns: int


class Named(Parameters, frozen=True):
    """Conclusions by their ids."""

    workspace_id: str
    conclusion_ids: Sequence[str]


class Sessions(Parameters, frozen=True):
    """Sessions by their names."""

    workspace_id: str
    session_ids: Sequence[str]


class Write(Parameters, frozen=True):
    """Cards to write: maps with `observer_id`, `observed_id`, `card`, `rests` and `past`.

    `rebuild` writes over a caller's too. A `past` of None leaves what is kept of the past as it is.
    """

    workspace_id: str
    rows: Sequence[dict[str, object]]
    rebuild: bool
    now: datetime


class CardRow(Row, frozen=True):
    """The lines of a card, and of each the ids of its conclusions, a space apart; None when there is none."""

    card: list[str] | None
    rests: list[str] | None


class PutRow(Row, frozen=True):
    """A card, what stood there before, since when if a caller had set that, and what callers had set before."""

    card: list[str] | None
    former: list[str] | None
    set_at: datetime | None
    past: Sequence[str] | None


class ThenRow(CardRow, frozen=True):
    """A card, since when it has stood if a caller set it, what callers had set before, and configurations as JSON."""

    set_at: datetime | None
    past: Sequence[str] | None
    workspace: str
    peer: str


class LookRow(ThenRow, frozen=True):
    """A card, whose it is, and who wrote it; `set_at` and `past` only where it is to be rebuilt."""

    observer_id: str
    observed_id: str
    origin: str


class FactRow(Row, frozen=True):
    """A living conclusion that a card may tell; `session_ids` are where it was said, if it is known."""

    perspective: str
    session_ids: Sequence[str]
    id: str
    content: str
    slot: str | None
    slot_key: str | None
    negated: bool
    pattern: bool
    times_derived: int
    observed_at: datetime
    created_at: datetime


class SessionRow(Row, frozen=True):
    """A session's configuration, as JSON."""

    id: str
    configuration: str


GET = bind("cards/get", OfPair, CardRow)
GET_THEN = bind("cards/get_then", OfPair, ThenRow)
PUT = bind("cards/put", Put, PutRow)
REMEMBER = bind("cards/remember", Remember, Nothing)
LOOK = bind("cards/look", Look, LookRow)
CANDIDATES = bind("cards/candidates", Candidates, FactRow)
NAMED = bind("cards/named", Named, FactRow)
SESSIONS = bind("cards/sessions", Sessions, SessionRow)
WRITE = bind("cards/write", Write, Nothing)
