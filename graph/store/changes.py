"""What changed in a perspective, read off the conclusions themselves: no log could tell another story."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import changes as queries
from graph.queries.changes import Kind
from graph.types import Level

_FIRST = datetime(1, 1, 2, tzinfo=UTC)
_LAST = datetime(9999, 12, 30, tzinfo=UTC)
_SOURCES = (queries.LEARNT, queries.REINFORCED, queries.RETIRED, queries.RETURNED)


class Change(Struct, frozen=True, kw_only=True):
    """One change of one conclusion.

    Attributes:
        kind: `learnt`, `reinforced` (concluded again), `superseded` (by `other_ids`), `contradicted` (the conclusion
            says that `other_ids` cannot both be so), `merged` (into `other_ids`), `retired` or `revived`.
        because: why it was retired, where that is known.
        id: the conclusion.
        message_ids: the messages that brought it about.
    """

    at: datetime
    kind: Kind
    because: str | None
    id: str
    content: str
    level: Level
    message_ids: Sequence[str]
    other_ids: Sequence[str]


class Mark(Struct, frozen=True, array_like=True):
    """A place in the order of changes: by time, conclusion and kind."""

    at: datetime
    id: str
    kind: str


async def between(
    database: Database,
    workspace_id: str,
    observer_id: str,
    observed_id: str,
    *,
    since: datetime | None,
    until: datetime | None,
    after: Mark | None,
    limit: int,
) -> tuple[list[Change], Mark | None]:
    """What changed in a perspective, oldest first; an unknown one has no changes.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        observer_id: who holds.
        observed_id: about whom.
        since: the first moment; None for the beginning.
        until: the moment before which; None for the end.
        after: where the part before this one ended; None for the first.
        limit: how many at most.

    Returns:
        the changes, and where the next part begins; None when there is none.
    """
    begin = max(since or _FIRST, after.at if after else _FIRST)
    wanted = queries.Between(
        workspace_id=workspace_id,
        perspective=perspective(workspace_id, observer_id, observed_id),
        since=begin,
        until=until or _LAST,
        after=after.id if after is not None and after.at == begin else "",
        # One conclusion changes in a few ways at one moment; those before the mark are read once more and left out.
        limit=limit + len(_SOURCES) + 1,
    )

    async def work(tx: Transaction) -> list[queries.ChangeRow]:
        return [row for source in _SOURCES for row in await tx.many(source, wanted)]

    rows = sorted(await database.read(work), key=_place)
    rest = [row for row in rows if after is None or _place(row) > (after.at, after.id, after.kind)]
    shown = [msgspec.convert(row, Change, from_attributes=True) for row in rest[:limit]]
    return shown, Mark(*_place(rest[limit - 1])) if len(rest) > limit else None


def _place(row: queries.ChangeRow) -> tuple[datetime, str, str]:
    return row.at, row.id, row.kind
