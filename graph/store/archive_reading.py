"""Reading all that is stored, a portion at a time, while others write.

The engine has no snapshots: two reads see two moments. What must agree is therefore read under one lock (`about`), and
everything else in an order that makes what is read later hold all that what was read earlier points to.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from msgspec import Struct

from graph.driver import Database, Transaction
from graph.errors import StoreUnavailable
from graph.queries import archive_reading as queries
from graph.queries import migrations as migration_queries
from graph.query import NoParameters, P, Query, R

#: Rows of one read.
PAGE = 500
#: Rows that are looked at at once where most of them may belong to other workspaces.
SCAN = 5000
#: For how long the units of one peer may be locked, and how often that is tried anew.
HOLD_SECONDS, TRIES = 120.0, 8

T = TypeVar("T")


class Unwhole(Struct, frozen=True, kw_only=True):
    """What contradicts itself in a workspace: all but the first is 0.

    Attributes:
        conclusions: how many drawn from messages were looked at.
        ahead: rest on a message that is still to be reasoned over.
        miscounted: were derived more often than there are messages under them.
        gaps: sessions whose messages are not numbered without gaps.
        strangers: messages without author or session.
        forgotten: messages that are neither reasoned over nor due.
    """

    conclusions: int
    ahead: int
    miscounted: int
    gaps: int
    strangers: int
    forgotten: int


class Embedded(Struct, frozen=True):
    """Which embedder the stored vectors come from."""

    model: str
    dimensions: int


async def embedded(database: Database) -> Embedded | None:
    """Which embedder the stored vectors come from; None before the first."""
    stored = await database.maybe(migration_queries.EMBEDDER, NoParameters())
    if stored is None or stored.model is None or not stored.dimensions:
        return None
    return Embedded(stored.model, stored.dimensions)


async def workspaces(database: Database) -> list[str]:
    """The names of all workspaces that are not being deleted, in order."""
    rows = [row async for row in _pages(database, queries.WORKSPACES, lambda after: _after(after, SCAN), _id)]
    return [row.id for row in rows if row.kept]


async def workspace(database: Database, workspace_id: str) -> queries.WorkspaceRow | None:
    """A workspace whole; None when there is none, or it is being deleted."""
    return await database.maybe(queries.WORKSPACE, queries.InWorkspace(workspace_id=workspace_id))


def units(database: Database) -> AsyncGenerator[queries.UnitRow]:
    """All units of work of all workspaces."""
    return _pages(database, queries.UNITS, lambda after: _after(after, SCAN), lambda row: row.key)


def peers(database: Database, workspace_id: str) -> AsyncGenerator[queries.PeerRow]:
    """The peers of a workspace, scopes among them."""
    return _pages(database, queries.PEERS, lambda after: _after_in(workspace_id, after), _id)


def runs(database: Database) -> AsyncGenerator[queries.RunRow]:
    """All runs of all workspaces."""
    return _pages(database, queries.RUNS, lambda after: _after(after, SCAN), _id)


def webhooks(database: Database, workspace_id: str) -> AsyncGenerator[queries.WebhookRow]:
    """The webhooks of a workspace."""
    return _pages(database, queries.WEBHOOKS, lambda after: _after_in(workspace_id, after), lambda row: row.url)


async def sessions(database: Database, workspace_id: str) -> AsyncGenerator[str]:
    """The names of the sessions of a workspace that are in use."""
    async for row in _pages(database, queries.SESSIONS, lambda after: _after_in(workspace_id, after), _id):
        if row.is_active:
            yield row.id


async def session(database: Database, workspace_id: str, session_id: str) -> queries.SessionRow | None:
    """A session that is in use, with who is in it and its summaries; None when it is not."""
    return await database.maybe(queries.SESSION, queries.OfSession(workspace_id=workspace_id, session_id=session_id))


async def messages(
    database: Database, workspace_id: str, session_id: str, until: int
) -> AsyncGenerator[queries.MessageRow]:
    """The messages of a session up to a number, in order, with their vectors."""
    after = 0
    while after < until:
        wanted = queries.Stretch(workspace_id=workspace_id, session_id=session_id, after=after, until=until, limit=PAGE)
        rows = await database.many(queries.MESSAGES, wanted)
        for row in rows:
            yield row
        if not rows:
            return
        after = rows[-1].seq


async def about(
    database: Database,
    workspace_id: str,
    peer_id: str,
    begin: Callable[[], None],
    take: Callable[[queries.HeldRow], None],
) -> tuple[Sequence[queries.HeldUnit], Sequence[queries.ViewRow]]:
    """Read all that is held about a peer, with how far each unit that reasons over its words had come just then.

    Meanwhile the perspectives and the units are locked, so a worker that would commit waits, and whoever sends messages
    of that peer: what is read is what one moment held, and every conclusion is on the side of its unit's cursor.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        peer_id: name of the peer.
        begin: called before the first conclusion, again when the reading begins anew: forget what was taken.
        take: called with each conclusion.

    Returns:
        the units, and who views the peer.

    Raises:
        StoreUnavailable: units were made and finished as fast as they could be locked.
        StoreFault: the database did not do its part.
    """
    wanted = queries.OfPeer(workspace_id=workspace_id, peer_id=peer_id)

    async def read(tx: Transaction) -> tuple[Sequence[queries.HeldUnit], Sequence[queries.ViewRow]] | None:
        begin()
        units = await _hold(tx, wanted)
        async for row in tx.stream(queries.HELD, wanted):
            take(row)
        views = await tx.many(queries.VIEWS, wanted)
        known = {unit.properties["key"] for unit in units}
        # A unit that was not there to be locked may have concluded something in between.
        new = [unit for unit in await _hold(tx, wanted) if unit.properties["key"] not in known]
        return None if any(unit.properties["cursor"] for unit in new) else ([*units, *new], views)

    for _ in range(TRIES):
        found = await database.hold(read, HOLD_SECONDS)
        if found is not None:
            return found
    raise StoreUnavailable(f"peer {peer_id} joins sessions faster than it can be read; try again")


async def vectors(database: Database, workspace_id: str, ids: Sequence[str]) -> dict[str, Sequence[float]]:
    """The vectors of some conclusions, by id."""
    rows = await database.many(queries.VECTORS, queries.SomeOf(workspace_id=workspace_id, ids=ids))
    return {row.id: row.vector for row in rows}


async def unwhole(database: Database, workspace_id: str) -> Unwhole:
    """Look for what contradicts itself in a workspace; it reads all of it."""
    row = await database.one(queries.UNWHOLE, queries.InWorkspace(workspace_id=workspace_id))
    return msgspec.convert(row, Unwhole, from_attributes=True)


async def _hold(tx: Transaction, wanted: queries.OfPeer) -> list[queries.HeldUnit]:
    asked = queries.HoldPeer(workspace_id=wanted.workspace_id, peer_id=wanted.peer_id, now=datetime.now(UTC))
    row = await tx.maybe(queries.HOLD, asked)
    # One that was deleted while it was waited for is found as a node with nothing in it.
    return [] if row is None else [unit for unit in row.units if "key" in unit.properties]


async def _pages(
    database: Database, query: Query[P, R], wanted: Callable[[str], P], key: Callable[[R], str]
) -> AsyncGenerator[R]:
    after = ""
    while rows := await database.many(query, wanted(after)):
        for row in rows:
            yield row
        after = key(rows[-1])


def _after(after: str, limit: int) -> queries.After:
    return queries.After(after=after, limit=limit)


def _after_in(workspace_id: str, after: str) -> queries.AfterIn:
    return queries.AfterIn(workspace_id=workspace_id, after=after, limit=PAGE)


def _id(row: queries.NameRow | queries.PeerRow | queries.SessionNameRow | queries.RunRow) -> str:
    return row.id
