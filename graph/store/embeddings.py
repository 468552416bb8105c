"""Replacing the vectors of all conclusions, for another embedder."""

from collections.abc import Sequence

from msgspec import Struct

from graph.driver import Database
from graph.queries import conclusions as queries
from graph.query import NoParameters


class Text(Struct, frozen=True):
    """A conclusion's text, to be embedded."""

    id: str
    content: str


async def count(database: Database) -> int:
    """How many conclusions there are in all workspaces, living and retired."""
    return (await database.one(queries.COUNT_ALL, NoParameters())).total


async def texts_after(database: Database, after: str, limit: int) -> list[Text]:
    """The next conclusions in the order of their ids; start with the empty string."""
    rows = await database.many(queries.AFTER, queries.After(after=after, limit=limit))
    return [Text(row.id, row.content) for row in rows]


async def replace(database: Database, texts: Sequence[Text], vectors: Sequence[Sequence[float]]) -> None:
    """Store new vectors for some conclusions."""
    rows: list[dict[str, object]] = [
        {"id": text.id, "vector": vector} for text, vector in zip(texts, vectors, strict=True)
    ]
    await database.write(lambda tx: tx.run(queries.SET_VECTORS, queries.SetVectors(rows=rows)))
