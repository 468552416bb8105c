"""Queries of derivation: what there is to derive from, and what was derived."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from graph.queries import likeness
from graph.queries.conclusions import IdRow, InWorkspace, SomeOf
from graph.queries.dreams import InPerspective
from graph.query import Nothing, Row, bind
from graph.types import Lasting, Level


class Premises(InWorkspace, frozen=True):
    """Conclusions by their ids."""

    premise_ids: Sequence[str]


class Fallen(SomeOf, frozen=True):
    """Conclusions that fall, all that are about to be erased with them, and the time."""

    erased_ids: Sequence[str]
    now: datetime


class OfRun(InWorkspace, frozen=True):
    """A run."""

    run_id: str


class SourcesOf(SomeOf, frozen=True):
    """Conclusions, and how many sources to list of each."""

    limit: int


class Rows(InWorkspace, frozen=True):
    """Maps, one for each conclusion."""

    rows: Sequence[dict[str, object]]


class Alike(likeness.Alike, frozen=True):
    """New texts; each map has `levels` too, those that are compared with."""


class Add(Rows, frozen=True):
    """What a run derived: maps with `id`, `premise_ids` and what else is written."""

    run_id: str
    now: datetime


class Create(Add, frozen=True):
    """What a run derived; `vector` in each map is an index into `vectors`."""

    vectors: Sequence[Sequence[float]]


class About(InWorkspace, frozen=True):
    """The peer that is spoken of, and how many conclusions at most."""

    observed_id: str
    limit: int


class Some(InPerspective, frozen=True):
    """A perspective, and how many conclusions at most."""

    limit: int


class InSlots(Some, frozen=True):
    """Slots of a perspective, and how many conclusions of each at most."""

    slots: Sequence[str]


class Near(InPerspective, frozen=True):
    """Conclusions of a perspective, how many neighbours of each, and how near at least (cosine)."""

    conclusion_ids: Sequence[str]
    top_k: int
    least: float


class TwinRow(Row, frozen=True):
    """What stands for a premise in some perspective."""

    premise_id: str
    id: str
    observer_id: str
    observed_id: str
    level: Level
    created_at: datetime
    observed_at: datetime


class PeersOf(InWorkspace, frozen=True):
    """Peers of a workspace."""

    peer_ids: Sequence[str]


class InSessions(InWorkspace, frozen=True):
    """Sessions, and how many peers of each."""

    session_ids: Sequence[str]
    limit: int


class Shareable(SomeOf, frozen=True):
    """Conclusions, and how many to find at most."""

    limit: int


class SourceRow(Struct, frozen=True):
    """A message, or what a client stated (of no speaker)."""

    id: str
    speaker_id: str
    session_id: str | None


class SourcesRow(Row, frozen=True):
    """What a conclusion rests on in the end."""

    id: str
    sources: Sequence[SourceRow]


class ProofRow(Struct, frozen=True):
    """One premise of one derivation."""

    support: str
    id: str


class KnownRow(Row, frozen=True):
    """What says the same already; `state` is `living` or why it is retired."""

    place: int
    id: str
    state: str
    proofs: Sequence[ProofRow]


class AlikeRow(likeness.AlikeRow, frozen=True):
    """What is held that may say the same, whether a client stated it, and how else it was derived."""

    level: Level
    stated: bool
    proofs: Sequence[ProofRow]


class GroundRow(Row, frozen=True):
    """A living conclusion; `token` marks one that was not derived from yet."""

    id: str
    observer_id: str
    observed_id: str
    level: Level
    content: str
    created_at: datetime
    observed_at: datetime
    about_at: datetime | None
    slot: str | None
    value: str | None
    negated: bool
    lasting: Lasting
    token: str | None


class UnweighedRow(Row, frozen=True):
    """One that was not derived from yet; `stated` tells that a client stated it."""

    id: str
    observer_id: str
    level: Level
    token: str
    stated: bool


class NearRow(Row, frozen=True):
    """A conclusion, and the cosine to the nearest of those asked for."""

    id: str
    similarity: float


class TieRow(Row, frozen=True):
    """A relation to somebody."""

    id: str
    slot: str
    value: str
    observed_at: datetime
    token: str | None


class PresentRow(Row, frozen=True):
    """Who was in a session."""

    session_id: str
    peers: Sequence[str]


class ShareableRow(Row, frozen=True):
    """What was derived, with the premises of one derivation."""

    observer_id: str
    observed_id: str
    level: Literal["deductive", "inductive"]
    content: str
    embedding: Sequence[float]
    slot: str | None
    value: str | None
    exclusive: bool
    negated: bool
    lasting: Lasting
    premise_ids: Sequence[str]


class LevelsRow(Row, frozen=True):
    """The configurations that count for a peer, as JSON."""

    id: str
    workspace: str
    peer: str


TWINS = bind("deriving/twins", Premises, TwinRow)
SOURCES = bind("deriving/sources", SourcesOf, SourcesRow)
KNOWN = bind("deriving/known", Rows, KnownRow)
ALIKE = bind("deriving/alike", Alike, AlikeRow)
ALIKE_EXACT = bind("deriving/alike_exact", Alike, AlikeRow)
SIZES = bind("deriving/sizes", likeness.Sizes, likeness.SizeRow)
CREATE = bind("deriving/create", Create, IdRow)
ADD = bind("deriving/add", Add, IdRow)
PATTERNS = bind("deriving/patterns", SomeOf, IdRow)
CONFIDE = bind("deriving/confide", Rows, Nothing)
GROUNDS = bind("deriving/grounds", SomeOf, GroundRow)
UNWEIGHED = bind("deriving/unweighed", About, UnweighedRow)
WEIGHED = bind("deriving/weighed", Rows, Nothing)
IN_SLOTS = bind("deriving/slots", InSlots, IdRow)
NEAR = bind("deriving/near", Near, NearRow)
NEAR_EXACT = bind("deriving/near_exact", Near, NearRow)
NEWEST = bind("deriving/newest", Some, IdRow)
TIES = bind("deriving/ties", InSlots, TieRow)
SHAREABLE = bind("deriving/shareable", Shareable, ShareableRow)
LEVELS = bind("deriving/levels", PeersOf, LevelsRow)
PRESENT = bind("deriving/present", InSessions, PresentRow)
REMAINING = bind("deriving/remaining", Fallen, IdRow)
BARREN = bind("deriving/barren", OfRun, Nothing)
