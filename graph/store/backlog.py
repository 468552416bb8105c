"""How much work waits in the whole store, by kind: for those who run it, never for callers."""

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct

from graph.driver import Database
from graph.queries import backlog as queries
from graph.query import NoParameters


class Backlog(Struct, frozen=True, kw_only=True):
    """The units of one kind that something is asked of.

    Attributes:
        waiting: due, and held by nobody.
        later: due later: new ones that wait for company, and failed ones.
        leased: held by a worker.
        pending: messages or requests that they stand for.
        oldest_seconds: since when the oldest of them has something to do.
        overdue_seconds: for how long the longest waiting one has been due; 0 if none waits.
    """

    waiting: int
    later: int
    leased: int
    pending: int
    oldest_seconds: float
    overdue_seconds: float


async def live(database: Database) -> Mapping[str, Backlog]:
    """What waits or runs, by kind; a kind with nothing to do is left out.

    Raises:
        StoreFault: the database did not answer.
    """
    now = datetime.now(UTC)

    def age(moment: datetime | None) -> float:
        return 0.0 if moment is None else max(0.0, (now - moment).total_seconds())

    return {
        row.kind: Backlog(
            waiting=row.waiting,
            later=row.later,
            leased=row.leased,
            pending=row.pending,
            oldest_seconds=age(row.oldest),
            overdue_seconds=age(row.overdue),
        )
        for row in await database.many(queries.LIVE, queries.Live(now=now))
    }


async def dead(database: Database) -> Mapping[str, int]:
    """How many units lie among the dead letters, by kind.

    Raises:
        StoreFault: the database did not answer.
    """
    return {row.kind: row.dead for row in await database.many(queries.DEAD, NoParameters())}
