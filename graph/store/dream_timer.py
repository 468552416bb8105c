"""When dreams come of themselves: a perspective becomes ripe, and then its peer is idle for a while.

The timer is a time on the perspective itself. It is no unit of work, so nothing counts as pending while it runs.
"""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from graph.configuration import Dream, of_peer, resolve_dream
from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import dreams as queries
from graph.store import dreams
from graph.store.json_text import decode
from graph.store.requesting import request
from graph.types import Wake

#: Timers that one sweep takes at most.
_PART = 100


class Ripeness(Struct, frozen=True, kw_only=True):
    """What makes a perspective ripe for a dream.

    Attributes:
        conclusions: so many explicit ones were drawn since the last dream.
        pause: so long ago was the last one at least.
        idle: for so long nothing more was drawn from what the peer says.
    """

    conclusions: int = 50
    pause: timedelta = timedelta(hours=8)
    idle: timedelta = timedelta(minutes=60)


async def wind(
    tx: Transaction, workspace_id: str, peer_id: str, session_id: str, ripeness: Ripeness, now: datetime
) -> None:
    """Wind the timer of a peer's own perspective if that is ripe, anew if it runs; stop it if it may not run any more.

    To be called in the transaction that commits what was drawn from the peer's messages, nothing included.

    Args:
        tx: the transaction.
        workspace_id: name of the workspace.
        peer_id: whose messages were reasoned over.
        session_id: where they were said: its configuration counts too.
        ripeness: what makes it ripe.
        now: when.
    """
    pair = (workspace_id, peer_id, peer_id)
    wanted = queries.Ripe(
        workspace_id=workspace_id,
        peer_id=peer_id,
        perspective=perspective(*pair),
        session_id=session_id,
        unit_key=dreams.unit(*pair, dreams.Asked(kind="omni")).key,
        rested_at=now - ripeness.pause,
        least=ripeness.conclusions,
    )
    row = await tx.maybe(queries.RIPE, wanted)
    if row is None or not (row.ripe or row.wound):
        return
    levels = (decode(row.workspace), of_peer(decode(row.peer)), decode(row.session))
    due_at = now + ripeness.idle if row.ripe and resolve_dream(Dream(), *levels).enabled else None
    if due_at is None and not row.wound:
        return
    await tx.run(
        queries.WIND,
        queries.Wind(workspace_id=workspace_id, observer_id=peer_id, observed_id=peer_id, due_at=due_at, now=now),
    )


async def ring(database: Database, now: datetime | None = None) -> list[Wake]:
    """Ask for the dreams whose timers have run out, each stamped with the session of the newest explicit conclusion.

    Args:
        database: where to look.
        now: the time; the clock's by default.

    Returns:
        the units of work to wake workers for.

    Raises:
        StoreFault: the database did not do its part.
    """
    now = now or datetime.now(UTC)
    wakes: list[Wake] = []
    for row in await database.many(queries.EXPIRED, queries.Expired(now=now, limit=_PART)):
        wakes += await database.write(lambda tx, row=row: _take(tx, row, now))
    return wakes


async def _take(tx: Transaction, row: queries.PairRow, now: datetime) -> list[Wake]:
    pair = (row.workspace_id, row.observer_id, row.observed_id)
    wanted = queries.Take(
        workspace_id=row.workspace_id,
        observer_id=row.observer_id,
        observed_id=row.observed_id,
        perspective=perspective(*pair),
        now=now,
    )
    taken = await tx.maybe(queries.TAKE, wanted)
    if taken is None:
        return []
    asked = dreams.Asked(kind="omni", session_id=taken.session_id or None)
    return await request(tx, row.workspace_id, [dreams.unit(*pair, asked, once=True)])
