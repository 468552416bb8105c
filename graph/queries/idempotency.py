"""Queries about the keys that make a write safe to repeat."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import Parameters, Row, bind


class Claim(Parameters, frozen=True):
    """A key, what it was sent with, and the ids of what will be stored."""

    workspace_id: str
    route: str
    key: str
    digest: str
    ids: Sequence[str]
    now: datetime
    expires_at: datetime


class ClaimRow(Row, frozen=True):
    """What the key was first sent with, and the ids of what was stored then."""

    digest: str
    ids: Sequence[str]


class Expire(Parameters, frozen=True):
    """So many keys that have expired."""

    now: datetime
    limit: int


CLAIM = bind("idempotency/claim", Claim, ClaimRow)
EXPIRE = bind("idempotency/expire", Expire, TotalRow)
