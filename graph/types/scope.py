"""Scopes: named sets of sessions that bound what is recalled."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

BackfillState = Literal["pending", "completed", "failed"]


class Scope(Struct, frozen=True, kw_only=True):
    """A named set of sessions. A hidden peer, `scope.` before the name, stands for it and holds what was said there.

    Attributes:
        id: the name the client chose, without the prefix.
    """

    id: str
    workspace_id: str
    metadata: dict[str, object]
    created_at: datetime


class Backfill(Struct, frozen=True, kw_only=True):
    """How far a scope has caught up with a session that held messages when it was added.

    Attributes:
        docs_copied: how many conclusions were copied; None until it is completed.
    """

    state: BackfillState
    updated_at: datetime
    docs_copied: int | None
