"""The vectors of what was said: one for a message, one for each piece of a long one."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.queries import passages as queries
from graph.query import NoParameters
from graph.search_terms import scope_terms, search_text
from graph.store import work
from graph.types import Lease


class Spoken(Struct, frozen=True, kw_only=True):
    """A message, to be embedded.

    Attributes:
        searchable: whether the full-text index has it; those of old databases are not in it.
        embedded: whether it has its vectors already.
    """

    id: str
    seq: int = 0
    peer_id: str
    content: str
    created_at: datetime
    searchable: bool = True
    embedded: bool = False


class Vectors(Struct, frozen=True):
    """A message's vectors, of unit length and in the order of its pieces; none for one that is not embedded."""

    message_id: str
    vectors: Sequence[Sequence[float]]


def unit_key(workspace_id: str, session_id: str) -> str:
    """The key of the unit of work that embeds a session's messages."""
    return f"embedding/{workspace_id}/{session_id}"


async def missing(database: Database, held: Lease, limit: int) -> list[Spoken]:
    """The next messages of a held unit's session, in order: those that it has not come to."""
    wanted = queries.Missing(workspace_id=held.workspace_id, session_id=held.session_id, key=held.key, limit=limit)
    return [
        Spoken(
            id=row.id,
            seq=row.seq,
            peer_id=row.peer_id,
            content=row.content,
            created_at=row.created_at,
            searchable=row.searchable,
            embedded=row.embedded,
        )
        for row in await database.many(queries.MISSING, wanted)
    ]


async def commit(
    database: Database, held: Lease, spoken: Sequence[Spoken], found: Sequence[Vectors], seconds: float
) -> None:
    """Store the vectors of a held unit's next messages, all or nothing; the unit stays held.

    Args:
        database: where to write.
        held: the lease.
        spoken: the messages that the unit has come to, in order.
        found: the vectors of those of them that are embedded now.
        seconds: how long the lease lasts from now on.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
    """
    unsearchable = [
        {
            "id": said.id,
            "search_scope": scope_terms(held.workspace_id, held.session_id, said.peer_id),
            "search_text": search_text(said.peer_id, said.created_at, said.content),
        }
        for said in spoken
        if not said.searchable
    ]

    async def effect(tx: Transaction) -> None:
        if unsearchable:
            await tx.run(queries.MAKE_SEARCHABLE, queries.Rows(rows=unsearchable))
        await _store(tx, found)
        await tx.run(queries.ADVANCE, queries.Advance(key=held.key, seq=spoken[-1].seq))

    await work.keep(database, held, seconds, effect)


async def count(database: Database) -> int:
    """How many messages there are in all workspaces."""
    return (await database.one(queries.COUNT_ALL, NoParameters())).total


async def texts_after(database: Database, after: str, limit: int) -> list[Spoken]:
    """The next messages of all workspaces in the order of their ids; start with the empty string."""
    rows = await database.many(queries.AFTER, queries.After(after=after, limit=limit))
    return [
        Spoken(id=row.id, peer_id=row.peer_id, content=row.content, created_at=row.created_at, embedded=False)
        for row in rows
    ]


async def forget_retracted(database: Database, limit: int) -> None:
    """Take the vectors from all retracted messages, some per transaction: they are embedded anew when restored."""
    after: str | None = ""
    while after is not None:
        after = (await database.one(queries.FORGET_RETRACTED, queries.After(after=after, limit=limit))).last


async def replace(database: Database, found: Sequence[Vectors]) -> None:
    """Store new vectors for some messages, in the place of all that they have."""

    async def effect(tx: Transaction) -> None:
        await tx.run(queries.CLEAR, queries.Ids(ids=[each.message_id for each in found]))
        await _store(tx, found)

    await database.write(effect)


async def _store(tx: Transaction, found: Sequence[Vectors]) -> None:
    whole = [{"id": each.message_id, "vector": each.vectors[0]} for each in found if len(each.vectors) == 1]
    pieces = [
        {"id": each.message_id, "place": place, "vector": vector}
        for each in found
        if len(each.vectors) > 1
        for place, vector in enumerate(each.vectors)
    ]
    if whole:
        await tx.run(queries.EMBED, queries.Rows(rows=whole))
    if pieces:
        await tx.run(queries.EMBED_PIECES, queries.Rows(rows=pieces))
