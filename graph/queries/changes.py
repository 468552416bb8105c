"""Queries about what changed in a perspective."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from graph.query import Parameters, Row, bind
from graph.types import Level

Kind = Literal["learnt", "reinforced", "superseded", "contradicted", "merged", "retired", "revived"]


class Between(Parameters, frozen=True):
    """A perspective, the time from `since` on and before `until`, and how many at most.

    Of what changed at `since` itself only conclusions whose ids are `after` or greater.
    """

    workspace_id: str
    perspective: str
    since: datetime
    until: datetime
    after: str
    limit: int


class ChangeRow(Row, frozen=True):
    """One change of one conclusion: `because` is why it was retired, `other_ids` name what it concerns besides."""

    at: datetime
    kind: Kind
    because: str | None
    id: str
    content: str
    level: Level
    message_ids: Sequence[str]
    other_ids: Sequence[str]


LEARNT = bind("changes/learnt", Between, ChangeRow)
REINFORCED = bind("changes/reinforced", Between, ChangeRow)
RETIRED = bind("changes/retired", Between, ChangeRow)
RETURNED = bind("changes/returned", Between, ChangeRow)
