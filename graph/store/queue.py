"""Looking after units of work: what waits, what failed and why; trying it again, or giving it up."""

import logging
from datetime import UTC, datetime

import msgspec

from graph.cause import led_by
from graph.driver import Database
from graph.errors import Conflict, NotFound
from graph.queries import queue as queries
from graph.query import P, Query
from graph.store.paging import read_page
from graph.types import Page, PageRequest, Wake, WorkKind, WorkState, WorkUnit

_log = logging.getLogger(__name__)

#: Units that are not well, as shown beside the counts; the list has them all.
MAX_UNWELL = 20
#: What is listed when nobody says which: all that is not done.
UNDONE: tuple[WorkState, ...] = ("dead", "waiting", "leased")

_PART = 500


async def page(
    database: Database,
    workspace_id: str,
    request: PageRequest,
    *,
    state: WorkState | None = None,
    kind: WorkKind | None = None,
    session_id: str | None = None,
) -> Page[WorkUnit]:
    """One page of a workspace's units: dead letters first, then by when they are due; an unknown workspace has none."""
    now = datetime.now(UTC)
    states = UNDONE if state is None else (state,)
    wanted = queries.Wanted(workspace_id=workspace_id, states=states, kind=kind, session_id=session_id, now=now)
    items = queries.PageOf(
        workspace_id=workspace_id,
        states=states,
        kind=kind,
        session_id=session_id,
        now=now,
        skip=request.skip,
        limit=request.size,
    )
    return await read_page(
        database, request, None, total=(queries.TOTAL, wanted), items=(queries.PAGE, items), make=_unit
    )


async def show(database: Database, workspace_id: str, key: str) -> WorkUnit:
    """One unit of a workspace.

    Raises:
        NotFound: the workspace has no such unit.
    """
    row = await database.maybe(queries.UNIT, _one(workspace_id, key))
    if row is None:
        raise NotFound("Unit of work not found")
    return _unit(row)


async def unwell(
    database: Database,
    workspace_id: str,
    *,
    observer_id: str | None = None,
    sender_id: str | None = None,
    session_id: str | None = None,
) -> list[WorkUnit]:
    """Units among the dead letters, then those whose last attempt failed, `MAX_UNWELL` at most."""
    wanted = queries.Unwell(
        workspace_id=workspace_id,
        session_id=session_id or None,
        sender_id=sender_id or None,
        observer_id=observer_id or None,
        now=datetime.now(UTC),
        limit=MAX_UNWELL,
    )
    return [_unit(row) for row in await database.many(queries.UNWELL, wanted)]


async def replay(database: Database, workspace_id: str, key: str) -> list[Wake]:
    """Make a unit due now, with all its attempts again, if it lies among the dead letters or waits.

    Returns:
        the unit to wake workers for; none if it is held or has nothing pending.

    Raises:
        NotFound: the workspace has no such unit.
    """
    await show(database, workspace_id, key)
    wanted = queries.Replay(workspace_id=workspace_id, key=key, now=datetime.now(UTC), led_by=led_by())
    row = await database.maybe(queries.REPLAY, wanted)
    return [] if row is None else [Wake(row.key, row.due_at)]


async def replay_dead(database: Database, workspace_id: str, kind: WorkKind | None = None) -> list[Wake]:
    """Make all dead letters of a workspace due now, or those of one kind; the units to wake workers for."""
    now = datetime.now(UTC)
    wanted = queries.Dead(workspace_id=workspace_id, kind=kind, now=now, limit=_PART, led_by=led_by())
    return await _all(database, queries.REPLAY_DEAD, wanted)


async def flush(database: Database, workspace_id: str, session_id: str | None = None) -> list[Wake]:
    """Make due now what waits for company, in a workspace or one session of it; the units to wake workers for.

    What waits after a failure is left alone: its endpoint asked for the pause, or needs it.
    """
    now = datetime.now(UTC)
    wanted = queries.Flush(
        workspace_id=workspace_id, session_id=session_id or None, now=now, limit=_PART, led_by=led_by()
    )
    return await _all(database, queries.FLUSH, wanted)


async def drop(database: Database, workspace_id: str, key: str, reason: str) -> WorkUnit:
    """Give up what is pending for a unit; the unit keeps how much that was, when, and why.

    Returns:
        the unit as it is then; one that had nothing pending is unchanged.

    Raises:
        NotFound: the workspace has no such unit.
        Conflict: it is a deletion, which must be ended once it was accepted.
    """
    unit = await show(database, workspace_id, key)
    if unit.kind == "deletion":
        raise Conflict("A deletion that was accepted cannot be dropped; replay it")
    wanted = queries.Drop(workspace_id=workspace_id, key=key, now=datetime.now(UTC), reason=reason)
    dropped = await database.maybe(queries.DROP, wanted)
    if dropped is not None:
        _log.warning("%s: %d pending were given up by hand", key, dropped.given_up)
    return await show(database, workspace_id, key)


async def _all(database: Database, query: Query[P, queries.DueRow], wanted: P) -> list[Wake]:
    """Run a query that takes a part of what is left each time until nothing is."""
    wakes: list[Wake] = []
    while True:
        rows = await database.many(query, wanted)
        wakes += [Wake(row.key, row.due_at) for row in rows]
        if len(rows) < _PART:
            return wakes


def _one(workspace_id: str, key: str) -> queries.One:
    return queries.One(workspace_id=workspace_id, key=key, now=datetime.now(UTC))


def _unit(row: queries.UnitRow) -> WorkUnit:
    return msgspec.convert(row, WorkUnit, from_attributes=True)
