"""Reading conclusions, and storing those that clients state themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct, structs

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.perspective import perspective
from graph.queries import conclusions as queries
from graph.queries import history
from graph.query import NoParameters, Predicate
from graph.store import weighing
from graph.store.idempotency import Once, claim, gone
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


class Created(Struct, frozen=True):
    """Conclusions as stored, in the order given.

    Attributes:
        replayed: whether they were stored by an earlier request with the same key.
    """

    conclusions: Sequence[Conclusion]
    replayed: bool = False


async def page(
    database: Database, workspace_id: str, where: Predicate, request: PageRequest, *, as_of: datetime | None = None
) -> Page[Conclusion]:
    """One page of a workspace's living conclusions, or of what it held at a time; newest first, or `reverse`."""
    if as_of is not None:
        return await _page_then(database, workspace_id, where, request, as_of)
    wanted = queries.PageOf(workspace_id=workspace_id, skip=request.skip, limit=request.size)
    query = queries.PAGE_OLDEST if request.reverse else queries.PAGE

    async def work(tx: Transaction) -> Page[Conclusion]:
        total = (await tx.one(queries.TOTAL, queries.InWorkspace(workspace_id=workspace_id), where)).total
        rows = await tx.many(query, wanted, where) if request.skip < total else []
        return Page(items=[conclusion(row) for row in rows], total=total)

    return await database.read(work)


async def _page_then(
    database: Database, workspace_id: str, where: Predicate, request: PageRequest, as_of: datetime
) -> Page[Conclusion]:
    whole = history.WorkspaceThen(workspace_id=workspace_id, as_of=as_of)
    wanted = history.PageThen(workspace_id=workspace_id, as_of=as_of, skip=request.skip, limit=request.size)
    query = history.PAGE_OLDEST if request.reverse else history.PAGE

    async def work(tx: Transaction) -> Page[Conclusion]:
        total = (await tx.one(history.TOTAL, whole, where)).total
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
    as_of: datetime | None = None,
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
        as_of: find what was held then, the retired included, by comparing each; None for what is held now.
    """
    pair = perspective(workspace_id, observer_id, observed_id)
    wanted = queries.Nearest(workspace_id=workspace_id, perspective=pair, vector=vector, top_k=top_k)
    size = queries.SizeOf(workspace_id=workspace_id, perspective=pair, limit=EXACT_BELOW)

    async def work(tx: Transaction) -> list[queries.NearRow]:
        if as_of is not None:
            then = history.NearestThen(
                workspace_id=workspace_id, perspective=pair, vector=vector, top_k=top_k, as_of=as_of
            )
            return await tx.many(history.NEAREST, then, where or Predicate())
        if where is not None:
            return await tx.many(queries.NEAREST_EXACT, wanted, where)
        if (await tx.one(queries.SIZE, size)).total < EXACT_BELOW:
            return await tx.many(queries.NEAREST_EXACT, wanted, Predicate())
        return await tx.many(queries.NEAREST, wanted)

    rows = await database.read(work)
    near = [Near(conclusion(row), row.distance) for row in rows]
    return [hit for hit in near if max_distance is None or hit.distance <= max_distance]


async def create(database: Database, workspace_id: str, stated: Sequence[Stated], once: Once | None = None) -> Created:
    """Store conclusions that a client states: level `explicit`, never merged with others, all or nothing.

    Args:
        database: where to write.
        workspace_id: name of the workspace.
        stated: what the client states.
        once: the key that the request is repeated with, if any.

    Raises:
        NotFound: an observer, an observed peer or an active session named does not exist, or what an earlier request
            stored under the key has been deleted.
        Invalid: the key was used for another request.
        OutcomeUnknown: the database went away during the commit and did not come back.
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
    wanted = queries.CreateRows(
        workspace_id=workspace_id, rows=rows, vectors=[new.embedding for new in stated], now=now
    )

    async def work(tx: Transaction) -> Created:
        earlier = await claim(tx, workspace_id, once, ids, now) if once else None
        if once and earlier is not None:
            found = await _some(tx, workspace_id, earlier)
            if found is None:
                raise gone(once)
            return Created(found, replayed=True)
        stored = {row.id for row in await tx.many(queries.CREATE, wanted)}
        for conclusion_id, new in zip(ids, stated, strict=True):
            if conclusion_id not in stored:
                raise NotFound(_missing(new))
        await weighing.ask(tx, workspace_id, {new.observed_id for new in stated})
        created = await _some(tx, workspace_id, ids)
        assert created is not None
        return Created(created)

    async def landed(tx: Transaction) -> Created | None:
        found = await _some(tx, workspace_id, ids)
        return None if found is None else Created(found)

    return await database.write_once(work, landed)


async def _some(tx: Transaction, workspace_id: str, ids: Sequence[str]) -> list[Conclusion] | None:
    rows = await tx.many(queries.GET, queries.SomeOf(workspace_id=workspace_id, conclusion_ids=ids))
    found = {row.id: conclusion(row) for row in rows}
    return [found[conclusion_id] for conclusion_id in ids] if len(found) == len(ids) else None


async def soundness(database: Database) -> queries.UnsoundRow:
    """Count the living conclusions of all workspaces, and those that lack what every one must have."""
    return await database.one(queries.UNSOUND, NoParameters())


def conclusion(row: queries.ConclusionRow) -> Conclusion:
    """A row as a conclusion."""
    once = structs.replace(
        row,
        # What several derivations rest on is named once.
        source_ids=list(dict.fromkeys(row.source_ids)),
        source_message_ids=list(dict.fromkeys(row.source_message_ids)),
    )
    return msgspec.convert(once, Conclusion, from_attributes=True)


def _missing(new: Stated) -> str:
    session = f", or session {new.session_id}," if new.session_id else ""
    return f"Peer {new.observer_id} or {new.observed_id}{session} not found"
