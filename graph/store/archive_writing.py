"""Writing an archive into a store, part after part, so that it goes on where it was stopped.

A unit of work that is never due notes what is written, in the transaction that writes it. Whoever begins takes it over:
of two that write the same archive the earlier one is refused from then on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.errors import Conflict, LeaseLost
from graph.ids import new_id
from graph.queries import archive_writing as queries
from graph.queries import dreams as dream_queries
from graph.query import Nothing, Query
from graph.store import cards

T = TypeVar("T")

#: Things of one workspace, as maps.
Rows = Sequence[dict[str, object]]

TIES: Mapping[tuple[str, bool], Query[queries.Put, Nothing]] = {
    ("Conclusion", True): queries.TIE_CONCLUSIONS_TO_CONCLUSIONS,
    ("Message", True): queries.TIE_CONCLUSIONS_TO_MESSAGES,
    ("Peer", True): queries.TIE_CONCLUSIONS_TO_PEERS,
    ("Peer", False): queries.TIE_PEERS_TO_CONCLUSIONS,
    ("Run", False): queries.TIE_RUNS_TO_CONCLUSIONS,
}
"""What ties a conclusion to others, by the node at the other end and whether it leads there."""


class Begun(Struct, frozen=True):
    """An archive that is being written.

    Attributes:
        position: how far it had come when this began; empty at the very beginning.
    """

    key: str
    token: str
    position: str


async def begin_store(database: Database, archive_id: str) -> Begun:
    """Begin to write an archive into a store that holds nothing else, or go on with it.

    Raises:
        Conflict: the store holds something.
    """
    key = f"archive/{archive_id}"
    if (await database.one(queries.FILLED, queries.Key(key=key))).filled and not await _is_begun(database, key):
        raise Conflict("the store is not empty: an archive is restored into an empty one only")
    return await _begin(database, key)


async def begin_workspace(database: Database, archive_id: str, workspace_id: str) -> Begun:
    """Begin to write an archive into a workspace that is not there yet, or go on with it.

    Raises:
        Conflict: there is such a workspace.
    """
    key = f"archive/{archive_id}/{workspace_id}"
    known = await database.maybe(dream_queries.WORKSPACE, dream_queries.InWorkspace(workspace_id=workspace_id))
    if known is not None and not await _is_begun(database, key):
        raise Conflict(f"workspace {workspace_id} exists already: import under another name")
    return await _begin(database, key)


async def part(database: Database, begun: Begun, position: str, effect: Callable[[Transaction], Awaitable[T]]) -> T:
    """Write a part, and note that it is written; all or nothing.

    Raises:
        LeaseLost: somebody else writes the archive now; nothing was written.
    """

    async def work(tx: Transaction) -> T:
        done = await effect(tx)
        step = queries.Step(key=begun.key, token=begun.token, position=position, now=datetime.now(UTC))
        if await tx.maybe(queries.STEP, step) is None:
            raise LeaseLost("somebody else has begun to write this archive")
        return done

    return await database.write(work)


async def end(database: Database, begun: Begun) -> None:
    """Note that all is written.

    Raises:
        LeaseLost: somebody else writes the archive now.
    """
    held = queries.Hold(key=begun.key, token=begun.token, now=datetime.now(UTC))
    if await database.maybe(queries.END, held) is None:
        raise LeaseLost("somebody else has begun to write this archive")


async def workspace(tx: Transaction, workspace_id: str, properties: Mapping[str, object]) -> None:
    """Make a workspace.

    Raises:
        Conflict: the name is taken.
    """
    put = queries.PutWorkspace(workspace_id=workspace_id, properties=properties)
    if await tx.maybe(queries.PUT_WORKSPACE, put) is None:
        raise Conflict(f"workspace {workspace_id} exists already")


async def peers(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Make peers."""
    await tx.run(queries.PUT_PEERS, queries.Put(workspace_id=workspace_id, rows=rows))


async def peer_ties(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Tie peers to peers."""
    await tx.run(queries.TIE_PEERS, queries.Put(workspace_id=workspace_id, rows=rows))


async def sessions(tx: Transaction, workspace_id: str, rows: Rows, members: Rows) -> None:
    """Make sessions, out of use, and who is in them."""
    await tx.run(queries.PUT_SESSIONS, queries.Put(workspace_id=workspace_id, rows=rows))
    await tx.run(queries.TIE_SESSIONS, queries.Put(workspace_id=workspace_id, rows=members))


async def messages(tx: Transaction, workspace_id: str, session_id: str, rows: Rows) -> None:
    """Make messages of a session; none of one that is not there."""
    put = queries.PutInSession(workspace_id=workspace_id, session_id=session_id, rows=rows)
    await tx.run(queries.PUT_MESSAGES, put)


async def summaries(tx: Transaction, workspace_id: str, session_id: str, rows: Rows) -> None:
    """Make summaries of a session."""
    put = queries.PutInSession(workspace_id=workspace_id, session_id=session_id, rows=rows)
    await tx.run(queries.PUT_SUMMARIES, put)


async def runs(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Make runs."""
    await tx.run(queries.PUT_RUNS, queries.Put(workspace_id=workspace_id, rows=rows))


async def conclusions(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Make conclusions; none of a session that is not there."""
    await tx.run(queries.PUT_CONCLUSIONS, queries.Put(workspace_id=workspace_id, rows=rows))


async def conclusion_ties(tx: Transaction, workspace_id: str, other: str, outward: bool, rows: Rows) -> None:
    """Tie conclusions to nodes of one kind, where both are there."""
    await tx.run(TIES[other, outward], queries.Put(workspace_id=workspace_id, rows=rows))


async def unsupported(tx: Transaction, workspace_id: str, ids: Sequence[str]) -> int:
    """Delete those of some conclusions that rest on nothing, and whatever rested on them alone; how many."""
    total = 0
    while ids:
        gone = await tx.one(queries.UNSUPPORTED, queries.SomeOf(workspace_id=workspace_id, ids=ids))
        total, ids = total + gone.total, gone.resting
    return total


async def barren(tx: Transaction, workspace_id: str, ids: Sequence[str]) -> int:
    """Delete those of some runs that concluded something of which nothing is there; how many."""
    return (await tx.one(queries.BARREN, queries.SomeOf(workspace_id=workspace_id, ids=ids))).total


async def views(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Make views, count what each holds, and let its card say what has come with the archive."""
    await tx.run(queries.PUT_VIEWS, queries.Put(workspace_id=workspace_id, rows=rows))
    pairs = {(str(row["observer_id"]), str(row["observed_id"])) for row in rows}
    await cards.follow(tx, workspace_id, pairs)


async def webhooks(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Make webhooks."""
    await tx.run(queries.PUT_WEBHOOKS, queries.Put(workspace_id=workspace_id, rows=rows))


async def units(tx: Transaction, workspace_id: str, rows: Rows) -> None:
    """Make units of work that are not due yet."""
    await tx.run(queries.PUT_UNITS, queries.Put(workspace_id=workspace_id, rows=rows))


async def settle(tx: Transaction, workspace_id: str, session_id: str) -> int:
    """Put a session into use; how many of its messages wait to be reasoned over."""
    asked = queries.Settle(workspace_id=workspace_id, session_id=session_id, now=datetime.now(UTC))
    row = await tx.maybe(queries.SETTLE, asked)
    return row.pending if row else 0


async def wake(tx: Transaction, workspace_id: str, keys: Sequence[str]) -> None:
    """Make units due that have something left to do."""
    await tx.run(queries.WAKE, queries.Wake(workspace_id=workspace_id, keys=keys, now=datetime.now(UTC)))


async def _is_begun(database: Database, key: str) -> bool:
    return await database.maybe(queries.BEGUN, queries.Key(key=key)) is not None


async def _begin(database: Database, key: str) -> Begun:
    token = new_id()
    row = await database.one(queries.BEGIN, queries.Hold(key=key, token=token, now=datetime.now(UTC)))
    return Begun(key, token, row.position)
