"""Deleting sessions and workspaces: accepted at once, done by a worker.

Accepting takes the session out of use (or marks the workspace) and asks for the work, in one transaction. The worker
deletes a bounded part per transaction, and each of those locks the session (or the workspace) first and makes sure that
it is still the one to be deleted. So it may be killed and started again anywhere, two may do it at once, and what takes
the name later is never touched. Units of work go first: a worker that still holds one can no longer commit.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from graph.driver import Database, Transaction
from graph.errors import Conflict, NotFound
from graph.queries import deletion as queries
from graph.queries import sessions as session_queries
from graph.queries import workspaces as workspace_queries
from graph.query import P, Query
from graph.store import work
from graph.store.erasure import erase
from graph.types import Unit, Wake

#: Messages of one transaction; conclusions that rest on them, and what else it may delete at most.
MESSAGES, PART = 100, 500

#: Locks what is to be deleted; returns whether it still is.
Hold = Callable[[Transaction], Awaitable[bool]]

#: Deletes a part; returns whether there may be more.
Part = Callable[[Transaction], Awaitable[bool]]


async def accept_session(database: Database, workspace_id: str, session_id: str) -> list[Wake]:
    """Take a session out of use and ask for its deletion.

    Returns:
        the unit of work to wake workers for.

    Raises:
        NotFound: there is no such session, or it is being deleted already.
    """
    closing = session_queries.Lock(workspace_id=workspace_id, session_id=session_id, now=datetime.now(UTC))
    unit = Unit(key=session_key(workspace_id, session_id), kind="deletion", session_id=session_id)

    async def accept(tx: Transaction) -> list[Wake]:
        if await tx.maybe(session_queries.CLOSE, closing) is None:
            raise NotFound(f"Session {session_id} not found")
        return await work.request(tx, workspace_id, [unit])

    return await database.write(accept)


async def accept_workspace(database: Database, workspace_id: str) -> list[Wake]:
    """Ask for the deletion of a workspace; it can be used until a worker begins, and what is made until then goes too.

    Returns:
        the unit of work to wake workers for.

    Raises:
        NotFound: there is no such workspace.
        Conflict: a session in it is active.
    """
    condemning = workspace_queries.Lock(workspace_id=workspace_id, now=datetime.now(UTC))
    unit = Unit(key=workspace_key(workspace_id), kind="deletion")

    async def accept(tx: Transaction) -> list[Wake]:
        found = await tx.maybe(workspace_queries.CONDEMN, condemning)
        if found is None:
            raise NotFound(f"Workspace {workspace_id} not found")
        if found.in_use:
            raise Conflict(f"Workspace {workspace_id} has active sessions; delete them first")
        return await work.request(tx, workspace_id, [unit])

    return await database.write(accept)


def session_key(workspace_id: str, session_id: str) -> str:
    """The key of the unit of work that deletes a session."""
    return f"deletion/{workspace_id}/session/{session_id}"


def workspace_key(workspace_id: str) -> str:
    """The key of the unit of work that deletes a workspace."""
    return f"deletion/{workspace_id}/workspace"


async def delete_session(database: Database, workspace_id: str, session_id: str) -> None:
    """Delete a session that is out of use, with all that is in it and all that rests on nothing else.

    A session that is active or not there is left alone.
    """
    wanted = queries.PartOfSession(workspace_id=workspace_id, session_id=session_id, limit=PART)
    parts: tuple[Part, ...] = (
        _part(queries.SESSION_WORK, wanted),
        partial(_conclusions, workspace_id, session_id),
        partial(_messages, workspace_id, session_id),
        _part(queries.SESSION_RUNS, wanted),
        _part(queries.SESSION_SUMMARIES, wanted),
        _part(queries.SESSION_TIES, wanted),
    )

    async def hold(tx: Transaction) -> bool:
        held = queries.HoldSession(workspace_id=workspace_id, session_id=session_id, now=datetime.now(UTC))
        return await tx.maybe(queries.SESSION_HOLD, held) is not None

    async def end(tx: Transaction) -> None:
        await tx.run(queries.SESSION, queries.OfSession(workspace_id=workspace_id, session_id=session_id))

    await _delete(database, hold, parts, end)


async def delete_workspace(database: Database, workspace_id: str) -> None:
    """Delete a workspace that is marked to be deleted, with everything in it; any other is left alone."""
    wanted = queries.PartOfWorkspace(workspace_id=workspace_id, limit=PART)
    others = queries.WorkOfWorkspace(workspace_id=workspace_id, limit=PART, key=workspace_key(workspace_id))
    parts: tuple[Part, ...] = (
        _part(queries.WORKSPACE_CLOSE, wanted),
        _part(queries.WORKSPACE_WORK, others),
        *(
            _part(query, wanted)
            for query in (
                queries.WORKSPACE_HELD,
                queries.WORKSPACE_RETIRED,
                queries.WORKSPACE_MESSAGES,
                queries.WORKSPACE_RETRACTED,
                queries.WORKSPACE_RUNS,
                queries.WORKSPACE_RECEIPTS,
                queries.WORKSPACE_SUMMARIES,
                queries.WORKSPACE_TIES,
                queries.WORKSPACE_SESSIONS,
                queries.WORKSPACE_PEERS,
                queries.WORKSPACE_WEBHOOKS,
                queries.WORKSPACE_IDEMPOTENCY,
            )
        ),
    )

    async def hold(tx: Transaction) -> bool:
        held = queries.HoldWorkspace(workspace_id=workspace_id, now=datetime.now(UTC))
        return await tx.maybe(queries.WORKSPACE_HOLD, held) is not None

    async def end(tx: Transaction) -> None:
        await tx.run(queries.WORKSPACE, queries.OfWorkspace(workspace_id=workspace_id))

    await _delete(database, hold, parts, end)


async def _delete(
    database: Database, hold: Hold, parts: tuple[Part, ...], end: Callable[[Transaction], Awaitable[None]]
) -> None:
    """Delete part after part, then the thing itself in a transaction that finds no part left."""

    async def last(tx: Transaction) -> bool:
        if not await hold(tx):
            return False
        left = [await part(tx) for part in parts]
        if not any(left):
            await end(tx)
        return any(left)

    more = True
    while more:
        await _empty(database, hold, parts)
        more = await database.write(last)


async def _empty(database: Database, hold: Hold, parts: tuple[Part, ...]) -> None:
    async def some(part: Part, tx: Transaction) -> bool:
        return await hold(tx) and await part(tx)

    for part in parts:
        while await database.write(partial(some, part)):
            pass


def _part(query: Query[P, queries.TotalRow], parameters: P) -> Part:
    async def part(tx: Transaction) -> bool:
        return (await tx.one(query, parameters)).total > 0

    return part


async def _conclusions(workspace_id: str, session_id: str, tx: Transaction) -> bool:
    wanted = queries.PartOfSession(workspace_id=workspace_id, session_id=session_id, limit=PART)
    found = {row.id for row in await tx.many(queries.SESSION_CONCLUSIONS, wanted)}
    if found:
        await erase(tx, workspace_id, (), datetime.now(UTC), found)
    return bool(found)


async def _messages(workspace_id: str, session_id: str, tx: Transaction) -> bool:
    wanted = queries.PartOfSession(workspace_id=workspace_id, session_id=session_id, limit=MESSAGES)
    found = [row.id for row in await tx.many(queries.SESSION_SAID, wanted)]
    if found:
        await erase(tx, workspace_id, found, datetime.now(UTC))
    return bool(found)
