"""Reading conclusions, and storing those that clients state themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.perspective import perspective
from graph.queries import conclusions as queries
from graph.query import NoParameters, Predicate
from graph.types import Conclusion, Page, PageRequest

#: Below this many conclusions comparing each is as fast as the index, and loses nothing (measured: DESIGN section 4).
EXACT_BELOW = 300


class Near(Struct, frozen=True):
    """A conclusion and its cosine distance (0 to 2) from what was asked."""

    conclusion: Conclusion
    distance: float


class Stated(Struct, frozen=True, kw_only=True):
    """A conclusion that a client states."""

    content: str
    observer_id: str
    observed_id: str
    session_id: str | None
    embedding: Sequence[float]


async def page(database: Database, workspace_id: str, where: Predicate, request: PageRequest) -> Page[Conclusion]:
    """One page of a workspace's living conclusions, newest first; `reverse` turns that round."""
    wanted = queries.PageOf(workspace_id=workspace_id, skip=request.skip, limit=request.size)
    query = queries.PAGE_OLDEST if request.reverse else queries.PAGE

    async def work(tx: Transaction) -> Page[Conclusion]:
        total = (await tx.one(queries.TOTAL, queries.InWorkspace(workspace_id=workspace_id), where)).total
        rows = await tx.many(query, wanted, where) if request.skip < total else []
        return Page(items=[conclusion(row) for row in rows], total=total)

    return await database.read(work)


async def get(database: Database, workspace_id: str, conclusion_id: str) -> Conclusion:
    """One living conclusion.

    Raises:
        NotFound: the workspace holds no such conclusion.
    """
    rows = await database.many(queries.GET, queries.SomeOf(workspace_id=workspace_id, conclusion_ids=[conclusion_id]))
    if not rows:
        raise NotFound(f"Conclusion {conclusion_id} not found")
    return conclusion(rows[0])


async def nearest(
    database: Database,
    workspace_id: str,
    observer_id: str,
    observed_id: str,
    vector: Sequence[float],
    *,
    top_k: int,
    max_distance: float | None = None,
    where: Predicate | None = None,
) -> list[Near]:
    """The living conclusions of a perspective nearest to a vector, nearest first.

    A small perspective, or one under a filter, is compared one by one; else the vector index answers, which filters by
    perspective inside.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        observer_id: who holds.
        observed_id: about whom.
        vector: unit length, in the store's dimension.
        top_k: how many at most.
        max_distance: largest cosine distance that counts, or None.
        where: a filter that every hit has passed before the top k is taken.
    """
    pair = perspective(workspace_id, observer_id, observed_id)
    wanted = queries.Nearest(workspace_id=workspace_id, perspective=pair, vector=vector, top_k=top_k)
    size = queries.SizeOf(workspace_id=workspace_id, perspective=pair, limit=EXACT_BELOW)

    async def work(tx: Transaction) -> list[queries.NearRow]:
        if where is not None:
            return await tx.many(queries.NEAREST_EXACT, wanted, where)
        if (await tx.one(queries.SIZE, size)).total < EXACT_BELOW:
            return await tx.many(queries.NEAREST_EXACT, wanted, Predicate())
        return await tx.many(queries.NEAREST, wanted)

    rows = await database.read(work)
    near = [Near(conclusion(row), row.distance) for row in rows]
    return [hit for hit in near if max_distance is None or hit.distance <= max_distance]


async def create(database: Database, workspace_id: str, stated: Sequence[Stated]) -> list[Conclusion]:
    """Store conclusions that a client states: level `explicit`, never merged with others, all or nothing.

    Returns:
        the conclusions in the order given.

    Raises:
        NotFound: an observer, an observed peer or an active session named does not exist.
    """
    ids = [new_id() for _ in stated]
    now = datetime.now(UTC)
    rows: list[dict[str, object]] = [
        {
            "id": conclusion_id,
            "observer_id": new.observer_id,
            "observed_id": new.observed_id,
            "perspective": perspective(workspace_id, new.observer_id, new.observed_id),
            "session_id": new.session_id,
            "content": new.content,
            # A microsecond apart: a list by time keeps the order in which they were stated.
            "created_at": now + timedelta(microseconds=index),
            "vector": index,
        }
        for index, (conclusion_id, new) in enumerate(zip(ids, stated, strict=True))
    ]
    created = queries.CreateRows(
        workspace_id=workspace_id, rows=rows, vectors=[new.embedding for new in stated], now=now
    )

    async def work(tx: Transaction) -> list[Conclusion]:
        stored = {row.id for row in await tx.many(queries.CREATE, created)}
        for conclusion_id, new in zip(ids, stated, strict=True):
            if conclusion_id not in stored:
                raise NotFound(_missing(new))
        rows = await tx.many(queries.GET, queries.SomeOf(workspace_id=workspace_id, conclusion_ids=ids))
        found = {row.id: conclusion(row) for row in rows}
        return [found[conclusion_id] for conclusion_id in ids]

    return await database.write(work)


async def soundness(database: Database) -> queries.UnsoundRow:
    """Count the living conclusions of all workspaces, and those that lack what every one must have."""
    return await database.one(queries.UNSOUND, NoParameters())


def conclusion(row: queries.ConclusionRow) -> Conclusion:
    """A row as a conclusion."""
    return msgspec.convert(row, Conclusion, from_attributes=True)


def _missing(new: Stated) -> str:
    session = f", or session {new.session_id}," if new.session_id else ""
    return f"Peer {new.observer_id} or {new.observed_id}{session} not found"
