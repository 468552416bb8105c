"""Storing what a run concluded: reinforced where it is held, merged where nearly so, revised by the slot it fills."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import mul

from msgspec import Struct

from graph.driver import Transaction
from graph.ids import new_id
from graph.likeness import may_be_same
from graph.perspective import content_key, perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import merging as queries
from graph.slots import exclusive, value_key
from graph.store import cards
from graph.store.alike import compare
from graph.store.conclusions import EXACT_BELOW
from graph.store.revising import revise
from graph.types import NewConclusion

#: The nearest are judged, so many for each text.
_JUDGED = 5


class Drawn(Struct, frozen=True, kw_only=True):
    """What a run concluded from what one peer said in one session.

    Attributes:
        conclusions: one per proposition and observer; equal vectors should be the same object.
        merge_similarity: cosine from which two may be one, if nothing in their words keeps them apart.
    """

    workspace_id: str
    session_id: str
    run_id: str
    conclusions: Sequence[NewConclusion]
    merge_similarity: float


class _Text(Struct, frozen=True):
    """What decides whether a conclusion is the same as another."""

    content: str
    slot: str | None
    slot_key: str | None
    negated: bool
    about_at: datetime | None
    lasting: str


class _Row(Struct, frozen=True, kw_only=True):
    """A conclusion on its way into one perspective; `vector` is its place among the vectors."""

    place: int
    key: tuple[str, str]
    text: _Text
    vector: int
    properties: dict[str, object]


class _Merge(Struct, frozen=True):
    """A row that becomes one with another: by id where it is held, by key where it is of the same batch."""

    row: _Row
    into_id: str | None
    into_key: tuple[str, str] | None
    score: float
    merged_id: str | None


async def conclude(tx: Transaction, drawn: Drawn, now: datetime) -> list[str]:
    """Write conclusions into each perspective that holds them, in the caller's transaction.

    The same text again (same session) reinforces what is held: `times_derived` grows and the messages become further
    sources. A near duplicate is kept beside what it was merged into. A newer value of an exclusive slot, or a negation,
    supersedes what it is at odds with; where neither is newer, both stay and a contradiction is noted.

    Returns:
        the ids of the conclusions that were created or reinforced, whether or not they still live.
    """
    vectors, rows = _rows(drawn, now)
    # First, and in the order of keys: who writes into the same perspective waits here, and sees what this one wrote.
    await tx.run(queries.LOCK, _pairs(drawn, now))
    alike = await _alike(tx, drawn, vectors, rows)
    alone, merges = _judge(rows, alike, vectors, drawn.merge_similarity)
    stored = {
        (row.perspective, row.content_key): row.id
        for row in await tx.many(
            conclusion_queries.CONCLUDE, _write(drawn, [row.properties for row in alone], vectors, now)
        )
    }
    if merges:
        await tx.many(queries.MERGE, _write(drawn, [_merging(merge, stored) for merge in merges], vectors, now))
    written = list(dict.fromkeys([*stored.values(), *(merge.into_id for merge in merges if merge.into_id is not None)]))
    if any(row.text.slot is not None for row in rows):
        await revise(tx, drawn.workspace_id, written, now, run_id=drawn.run_id)
    await cards.follow(tx, drawn.workspace_id, {(new.observer_id, new.observed_id) for new in drawn.conclusions})
    return written


def _rows(drawn: Drawn, now: datetime) -> tuple[list[Sequence[float]], list[_Row]]:
    vectors: list[Sequence[float]] = []
    index: dict[int, int] = {}
    rows: list[_Row] = []
    for place, new in enumerate(drawn.conclusions):
        if id(new.embedding) not in index:
            index[id(new.embedding)] = len(vectors)
            vectors.append(new.embedding)
        # A microsecond apart: a list by time keeps the order in which they were concluded.
        rows.append(_row(drawn, place, new, index[id(new.embedding)], now + timedelta(microseconds=place)))
    return vectors, sorted(rows, key=lambda row: (row.key[0], row.place))


def _row(drawn: Drawn, place: int, new: NewConclusion, vector: int, created_at: datetime) -> _Row:
    key = (
        perspective(drawn.workspace_id, new.observer_id, new.observed_id),
        content_key(new.content, "explicit", drawn.session_id),
    )
    filled = new.filled
    text = _Text(
        content=new.content,
        slot=None if filled is None else filled.slot,
        slot_key=None if filled is None else value_key(filled.value),
        negated=filled is not None and filled.negated,
        about_at=new.about_at,
        lasting=new.lasting,
    )
    properties: dict[str, object] = {
        "id": new_id(),
        "observer_id": new.observer_id,
        "observed_id": new.observed_id,
        "perspective": key[0],
        "content_key": key[1],
        "content": new.content,
        "created_at": created_at,
        "observed_at": new.observed_at,
        "about_at": new.about_at,
        "vector": vector,
        "slot": text.slot,
        "slot_value": None if filled is None else filled.value,
        "slot_key": text.slot_key,
        "exclusive": filled is not None and filled.exclusive and exclusive(filled.slot),
        "negated": text.negated,
        "lasting": new.lasting,
        "sources": [
            {"id": message_id, "quote": quote} for message_id, quote in zip(new.message_ids, new.quotes, strict=True)
        ],
    }
    return _Row(place=place, key=key, text=text, vector=vector, properties=properties)


def _pairs(drawn: Drawn, now: datetime) -> queries.Lock:
    pairs = sorted({(new.observer_id, new.observed_id) for new in drawn.conclusions})
    return queries.Lock(
        workspace_id=drawn.workspace_id,
        pairs=[{"observer_id": observer_id, "observed_id": observed_id} for observer_id, observed_id in pairs],
        now=now,
    )


async def _alike(
    tx: Transaction, drawn: Drawn, vectors: Sequence[Sequence[float]], rows: Sequence[_Row]
) -> Mapping[int, list[queries.AlikeRow]]:
    """What is held that is alike to each row, by the row's place, the nearest first."""
    sizes = queries.Sizes(
        workspace_id=drawn.workspace_id,
        session_id=drawn.session_id,
        perspectives=list(dict.fromkeys(row.key[0] for row in rows)),
        limit=EXACT_BELOW,
    )
    asked = queries.Alike(
        workspace_id=drawn.workspace_id,
        session_id=drawn.session_id,
        rows=[
            {"place": row.place, "perspective": row.key[0], "slot": row.text.slot, "vector": row.vector} for row in rows
        ],
        vectors=vectors,
        least=drawn.merge_similarity,
        top_k=_JUDGED,
    )
    return await compare(tx, queries.SIZES, sizes, queries.ALIKE_EXACT, queries.ALIKE, asked)


def _judge(
    rows: Sequence[_Row],
    alike: Mapping[int, list[queries.AlikeRow]],
    vectors: Sequence[Sequence[float]],
    least: float,
) -> tuple[list[_Row], list[_Merge]]:
    """Part the rows that stand alone, or are held by their very text, from those that merge."""
    alone: list[_Row] = []
    merges: list[_Merge] = []
    for row in rows:
        merge = None
        near = alike.get(row.place, [])
        if not any(one.content_key == row.key[1] for one in near):
            merge = _held(row, near) or _of_batch(row, alone, vectors, least)
        if merge is None:
            alone.append(row)
        else:
            merges.append(merge)
    return alone, merges


def _held(row: _Row, near: Sequence[queries.AlikeRow]) -> _Merge | None:
    for one in near:
        held = _Text(one.content, one.slot, one.slot_key, one.negated, one.about_at, one.lasting)
        if _same(row.text, held):
            again = next((merged.id for merged in one.merged if merged.content_key == row.key[1]), None)
            return _Merge(row, one.id, None, one.similarity, again)
    return None


def _of_batch(row: _Row, alone: Sequence[_Row], vectors: Sequence[Sequence[float]], least: float) -> _Merge | None:
    for other in alone:
        if other.key[0] != row.key[0] or other.key[1] == row.key[1] or not _same(row.text, other.text):
            continue
        # Both are of unit length.
        similarity = sum(map(mul, vectors[row.vector], vectors[other.vector]))
        if similarity >= least:
            return _Merge(row, None, other.key, similarity, None)
    return None


def _same(one: _Text, other: _Text) -> bool:
    return (
        (one.slot, one.slot_key, one.negated, one.about_at, one.lasting)
        == (other.slot, other.slot_key, other.negated, other.about_at, other.lasting)
    ) and may_be_same(one.content, other.content)


def _merging(merge: _Merge, stored: Mapping[tuple[str, str], str]) -> dict[str, object]:
    into_id = merge.into_id if merge.into_key is None else stored[merge.into_key]
    properties = {**merge.row.properties, "into_id": into_id, "score": merge.score}
    if merge.merged_id is not None:
        properties["id"] = merge.merged_id
    return properties


def _write(
    drawn: Drawn, rows: list[dict[str, object]], vectors: Sequence[Sequence[float]], now: datetime
) -> conclusion_queries.Conclude:
    return conclusion_queries.Conclude(
        workspace_id=drawn.workspace_id,
        session_id=drawn.session_id,
        run_id=drawn.run_id,
        rows=rows,
        vectors=vectors,
        now=now,
    )
