"""Storing what was derived: once for each observer that holds all its premises, never in a circle.

Whoever derives has looked at one perspective. What was found there is so in every other that holds the same premises.
There it becomes a conclusion of its own, on that perspective's own premises: further observers cost no thinking.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from graph.driver import Transaction
from graph.ids import new_id
from graph.perspective import content_key, perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import deriving as queries
from graph.queries import merging as merging_queries
from graph.slots import exclusive, value_key
from graph.store import cards, weighing
from graph.store.confidence import confidence_in, sources_of
from graph.store.known import Arriving, known_already
from graph.store.revising import revise
from graph.store.run_records import record
from graph.store.standing import LEAST_SOURCES
from graph.store.support import settle
from graph.types import NewDerived, Run


class Part(Struct, frozen=True, kw_only=True):
    """What was derived from one perspective: whose view of whom, and what follows from it."""

    observer_id: str
    observed_id: str
    derived: Sequence[NewDerived]


async def derive(
    tx: Transaction,
    workspace_id: str,
    run: Run,
    observer_id: str,
    observed_id: str,
    derived: Sequence[NewDerived],
    now: datetime,
    *,
    merge_similarity: float = 2.0,
) -> list[str]:
    """Write what was derived from one perspective into it and into every other that holds the premises, with its run.

    What is not written: a conclusion with a premise that does not live any more; an induction on fewer than two
    distinct sources in the perspective in question; what is held already, at any level, which gets one derivation more
    instead, unless it rests on these premises already or they rest on it; what a client deleted, or something newer
    replaced, on the same premises. Patterns are compared with what was derived alone.

    Then slots are settled as everywhere, and derivation is asked for where what was derived may be a premise itself.

    Args:
        tx: the caller's transaction.
        workspace_id: name of the workspace.
        run: the run that derived it, which is recorded with it.
        observer_id: who holds the premises.
        observed_id: whom they are about, if `about_id` says nothing else.
        derived: what to write; equal vectors should be the same object.
        now: the time of writing.
        merge_similarity: cosine from which two texts may be one, as the embedder has it; by default none is alike.

    Returns:
        the ids of the conclusions that were created or got a derivation more, in all perspectives, whether or not they
        still live.
    """
    part = Part(observer_id=observer_id, observed_id=observed_id, derived=derived)
    return await derive_all(tx, workspace_id, run, [part], now, merge_similarity=merge_similarity)


async def derive_all(
    tx: Transaction,
    workspace_id: str,
    run: Run,
    parts: Sequence[Part],
    now: datetime,
    *,
    merge_similarity: float = 2.0,
) -> list[str]:
    """As `derive`, for a run that derives from several perspectives.

    Of a run that wrote nothing nothing is kept, unless it called a model: then it counts as empty.
    """
    await tx.run(conclusion_queries.RUN, record(workspace_id, run))
    written: list[str] = []
    for part in parts:
        written += await _link(
            tx,
            workspace_id,
            run.id,
            part.observer_id,
            part.observed_id,
            part.derived,
            now,
            merge_similarity,
        )
    if not written:
        await tx.run(queries.BARREN, queries.OfRun(workspace_id=workspace_id, run_id=run.id))
    return list(dict.fromkeys(written))


async def _link(
    tx: Transaction,
    workspace_id: str,
    run_id: str,
    observer_id: str,
    observed_id: str,
    derived: Sequence[NewDerived],
    now: datetime,
    merge_similarity: float,
) -> list[str]:
    if not derived:
        return []
    vectors, rows = await _rows(tx, workspace_id, observer_id, observed_id, derived, now)
    if not rows:
        return []
    await tx.run(merging_queries.LOCK, _pairs(workspace_id, rows, now))
    sources = await sources_of(tx, workspace_id, sorted({each for row in rows for each in row.premise_ids}))
    rows = [row for row in rows if row.new.level == "deductive" or len(_under(row, sources)) >= LEAST_SOURCES]
    known = await known_already(tx, workspace_id, rows, vectors, merge_similarity)
    alone = [row for row in rows if row.place not in known]
    written = await _create(tx, workspace_id, run_id, alone, sources, vectors, now)
    for row in rows:
        same = known.get(row.place)
        if same is not None and same.takes:
            written += await _add(tx, workspace_id, run_id, row, same.id, now)
    written = list(dict.fromkeys(written))
    # One that had lost its support may have it again.
    await settle(tx, workspace_id, written, now, touched=False)
    await revise(tx, workspace_id, written, now, run_id=run_id)
    await cards.follow(tx, workspace_id, {(row.observer_id, row.observed_id) for row in rows})
    await weighing.ask(tx, workspace_id, {row.observed_id for row in alone if row.new.filled is not None})
    return written


async def _rows(
    tx: Transaction,
    workspace_id: str,
    observer_id: str,
    observed_id: str,
    derived: Sequence[NewDerived],
    now: datetime,
) -> tuple[list[Sequence[float]], list[Arriving]]:
    vectors: list[Sequence[float]] = []
    index: dict[int, int] = {}
    premise_ids = sorted({each for new in derived for each in new.premise_ids})
    found = await tx.many(queries.TWINS, queries.Premises(workspace_id=workspace_id, premise_ids=premise_ids))
    twins: dict[tuple[str, str], queries.TwinRow] = {}
    for row in sorted(found, key=lambda row: (row.created_at, row.id)):
        twins.setdefault((row.observer_id, row.premise_id), row)
    observers = sorted({observer for observer, _ in twins}, key=lambda name: (name != observer_id, name))
    rows: list[Arriving] = []
    for new in derived:
        if id(new.embedding) not in index:
            index[id(new.embedding)] = len(vectors)
            vectors.append(new.embedding)
        for observer in observers:
            premises = [twins.get((observer, each)) for each in new.premise_ids]
            whole = [premise for premise in premises if premise is not None]
            if not whole or len(whole) < len(premises):
                continue
            about = new.about_id or observed_id
            # Later than all it rests on, whatever the clock says: nothing rests on what is younger than itself.
            latest = max(now, *(premise.created_at for premise in whole)) + timedelta(microseconds=1 + len(rows))
            rows.append(
                Arriving(
                    place=len(rows),
                    observer_id=observer,
                    observed_id=about,
                    perspective=perspective(workspace_id, observer, about),
                    key=content_key(new.content, new.level, None),
                    new=new,
                    vector=index[id(new.embedding)],
                    premise_ids=tuple(dict.fromkeys(premise.id for premise in whole)),
                    created_at=latest,
                    observed_at=max(premise.observed_at for premise in whole),
                )
            )
    return vectors, rows


def _pairs(workspace_id: str, rows: Iterable[Arriving], now: datetime) -> merging_queries.Lock:
    pairs = sorted({(row.observer_id, row.observed_id) for row in rows})
    return merging_queries.Lock(
        workspace_id=workspace_id,
        pairs=[{"observer_id": observer_id, "observed_id": observed_id} for observer_id, observed_id in pairs],
        now=now,
    )


def _under(row: Arriving, sources: Mapping[str, tuple[queries.SourceRow, ...]]) -> Mapping[str, queries.SourceRow]:
    return {source.id: source for each in row.premise_ids for source in sources.get(each, ())}


async def _create(
    tx: Transaction,
    workspace_id: str,
    run_id: str,
    rows: Sequence[Arriving],
    sources: Mapping[str, tuple[queries.SourceRow, ...]],
    vectors: Sequence[Sequence[float]],
    now: datetime,
) -> list[str]:
    if not rows:
        return []
    wanted = queries.Create(
        workspace_id=workspace_id,
        run_id=run_id,
        rows=[_properties(row, sources) for row in rows],
        vectors=vectors,
        now=now,
    )
    return [row.id for row in await tx.many(queries.CREATE, wanted)]


def _properties(row: Arriving, sources: Mapping[str, tuple[queries.SourceRow, ...]]) -> dict[str, object]:
    filled = row.new.filled
    under = list(_under(row, sources).values())
    pattern = row.new.level == "inductive"
    return {
        "id": new_id(),
        "observer_id": row.observer_id,
        "observed_id": row.observed_id,
        "perspective": row.perspective,
        "content_key": row.key,
        "content": row.new.content,
        "level": row.new.level,
        "created_at": row.created_at,
        "observed_at": row.observed_at,
        "times_derived": len(under) if pattern else 1,
        "confidence": confidence_in(under) if pattern else None,
        "vector": row.vector,
        "slot": None if filled is None else filled.slot,
        "slot_value": None if filled is None else filled.value,
        "slot_key": None if filled is None else value_key(filled.value),
        "exclusive": filled is not None and filled.exclusive and exclusive(filled.slot),
        "negated": filled is not None and filled.negated,
        "lasting": row.new.lasting,
        "premise_ids": list(row.premise_ids),
    }


async def _add(
    tx: Transaction, workspace_id: str, run_id: str, row: Arriving, conclusion_id: str, now: datetime
) -> list[str]:
    # One statement each: what the one before wrote must be seen, or two could rest on each other.
    more: dict[str, object] = {
        "id": conclusion_id,
        "premise_ids": list(row.premise_ids),
        "observed_at": row.observed_at,
        # A conclusion may be derived in several ways by one run, which must stay apart.
        "support": f"{run_id}/{row.place}",
    }
    wanted = queries.Add(workspace_id=workspace_id, run_id=run_id, rows=[more], now=now)
    return [found.id for found in await tx.many(queries.ADD, wanted)]
