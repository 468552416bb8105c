"""Queries about the state of the schema."""

from datetime import datetime

from graph.query import NoParameters, Nothing, Parameters, Row, bind


class AppliedRow(Row, frozen=True):
    """One applied migration."""

    version: int
    name: str
    checksum: str


class Lock(Parameters, frozen=True):
    """Who asks for the lock, now, and until when."""

    token: str
    now: datetime
    until: datetime


class LockRow(Row, frozen=True):
    """The lock that was taken."""

    key: str


class Unlock(Parameters, frozen=True):
    """Who gives the lock back."""

    token: str


class Record(Parameters, frozen=True):
    """An applied migration."""

    version: int
    name: str
    checksum: str
    now: datetime


class EmbedderRow(Row, frozen=True):
    """The embedder of the stored vectors, and how many vector indexes were made for it."""

    model: str | None
    dimensions: int | None
    indexes: int


class SetEmbedder(Parameters, frozen=True):
    """The embedder of the stored vectors from now on, and how many vector indexes there are for it."""

    model: str
    dimensions: int
    indexes: int


class UnsetEmbedder(Parameters, frozen=True):
    """A name that no embedder has."""

    model: str


APPLIED = bind("migrations/applied", NoParameters, AppliedRow)
LOCK = bind("migrations/lock", Lock, LockRow)
UNLOCK = bind("migrations/unlock", Unlock, Nothing)
RECORD = bind("migrations/record", Record, Nothing)
EMBEDDER = bind("migrations/embedder", NoParameters, EmbedderRow)
SET_EMBEDDER = bind("migrations/set_embedder", SetEmbedder, Nothing)
UNSET_EMBEDDER = bind("migrations/unset_embedder", UnsetEmbedder, Nothing)
