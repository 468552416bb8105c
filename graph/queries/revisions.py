"""Queries that settle what cannot hold at once: superseding and contradicting."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from graph.queries.conclusions import IdRow, InWorkspace, SomeOf
from graph.query import Row, bind
from graph.types import Lasting


class Rivals(SomeOf, frozen=True):
    """Conclusions, and for slots the one that denies the same."""

    opposites: Mapping[str, str]


class RivalRow(Row, frozen=True):
    """A conclusion that fills a slot, and those that fill the same; of a pair, each side has a row.

    `seq` is the place in its session of the last message that says so, at the moment that `observed_at` tells.
    """

    id: str
    observer_id: str
    observed_id: str
    session_id: str | None
    slot: str
    slot_value: str
    slot_key: str
    exclusive: bool
    negated: bool
    lasting: Lasting
    observed_at: datetime
    about_at: datetime | None
    seq: int | None
    speaker_ids: Sequence[str]
    rival_ids: Sequence[str]


class FilledRow(Row, frozen=True):
    """The slot that a conclusion fills."""

    slot: str
    slot_value: str
    exclusive: bool
    negated: bool
    lasting: Lasting
    about_at: datetime | None


class Supersede(InWorkspace, frozen=True):
    """Maps with `old_id`, `new_id` and `slot`."""

    rows: Sequence[dict[str, object]]
    now: datetime


class Contradict(InWorkspace, frozen=True):
    """Maps with the two sides and the conclusion that says so."""

    run_id: str
    rows: Sequence[dict[str, object]]
    now: datetime


FILLED = bind("revisions/filled", SomeOf, FilledRow)
RIVALS = bind("revisions/rivals", Rivals, RivalRow)
SUPERSEDE = bind("revisions/supersede", Supersede, IdRow)
CONTRADICT = bind("revisions/contradict", Contradict, IdRow)
