"""What there is to derive from: a bounded part of a perspective, around what is new or what a dream looks at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from graph.configuration import Reasoning, of_peer, resolve_reasoning
from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import deriving as queries
from graph.queries.deriving import SourceRow
from graph.store.conclusions import EXACT_BELOW
from graph.store.confidence import sources_of
from graph.store.deriving import Part
from graph.store.json_text import decode
from graph.types import Filled, Lasting, Level, NewDerived

#: Conclusions of one derivation.
MOST = 60
#: Of each slot in question, and neighbours of each conclusion that is new.
_OF_SLOT, _NEIGHBOURS = 20, 6
#: Cosine from which a neighbour may have to do with it.
_NEAR = 0.35
#: Sources that are listed of each.
_SOURCES = 20
#: Relations of one peer that are looked at, and derived conclusions that are shared at a time.
_RELATED, _SHAREABLE = 100, 200
#: Peers of one session that are looked through for a name.
_PRESENT = 1000


class Ground(Struct, frozen=True, kw_only=True):
    """A living conclusion as something to derive from.

    Attributes:
        seed: whether it was asked about, not found around that.
        token: the mark of one that was not derived from yet, or None.
        sources: distinct messages underneath, and what clients stated, some of very many.
    """

    id: str
    level: Level
    content: str
    observed_at: datetime
    about_at: datetime | None
    slot: str | None
    value: str | None
    negated: bool
    lasting: Lasting
    seed: bool
    token: str | None
    sources: tuple[SourceRow, ...]


async def grounds(
    database: Database,
    workspace_id: str,
    observer_id: str,
    observed_id: str,
    seed_ids: Sequence[str] | None = None,
    *,
    most: int = MOST,
) -> list[Ground]:
    """What a perspective holds around some of its conclusions: those, what fills the same slots, and what is near.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        observer_id: who holds.
        observed_id: about whom.
        seed_ids: the conclusions in question; the newest of the perspective when None.
        most: how many at most.

    Returns:
        the seeds first, then the others, nearest in meaning last; what does not live any more is left out.
    """
    pair = perspective(workspace_id, observer_id, observed_id)

    async def read(tx: Transaction) -> list[Ground]:
        if seed_ids is None:
            some = queries.Some(workspace_id=workspace_id, perspective=pair, limit=most)
            seeds = [row.id for row in await tx.many(queries.NEWEST, some)]
        else:
            seeds = list(dict.fromkeys(seed_ids))[:most]
        found = await _read(tx, workspace_id, pair, seeds)
        others: list[str] = []
        if seed_ids is not None and len(found) < most:
            around = await _around(tx, workspace_id, pair, found)
            others = [each for each in around if each not in set(seeds)][: most - len(found)]
        found += await _read(tx, workspace_id, pair, others)
        sources = await sources_of(tx, workspace_id, [row.id for row in found], _SOURCES)
        asked = frozenset(seeds)
        return [_ground(row, row.id in asked, sources.get(row.id, ())) for row in found]

    return await database.read(read)


class Related(Struct, frozen=True, kw_only=True):
    """A living conclusion that names another peer, and who was in the sessions in which it was said."""

    id: str
    slot: str
    value: str
    observed_at: datetime
    token: str | None
    peers: Sequence[str]


async def related(
    database: Database, workspace_id: str, observer_id: str, observed_id: str, slots: Sequence[str]
) -> list[Related]:
    """What an observer holds about a peer in slots that name other peers, of very much the newest; the oldest first."""
    wanted = queries.InSlots(
        workspace_id=workspace_id,
        perspective=perspective(workspace_id, observer_id, observed_id),
        slots=list(slots),
        limit=_RELATED,
    )

    async def read(tx: Transaction) -> list[Related]:
        rows = await tx.many(queries.TIES, wanted)
        sources = await sources_of(tx, workspace_id, [row.id for row in rows], _SOURCES)
        told = {row.id: {source.session_id for source in sources.get(row.id, ()) if source.session_id} for row in rows}
        names = sorted(set[str]().union(*told.values()))
        asked = queries.InSessions(workspace_id=workspace_id, session_ids=names, limit=_PRESENT)
        present = {row.session_id: row.peers for row in await tx.many(queries.PRESENT, asked)} if names else {}
        return [
            Related(
                id=row.id,
                slot=row.slot,
                value=row.value,
                observed_at=row.observed_at,
                token=row.token,
                peers=sorted({peer for name in told[row.id] for peer in present.get(name, ())}),
            )
            for row in rows
        ]

    return await database.read(read)


async def shareable(
    database: Database, workspace_id: str, observed_id: str, conclusion_ids: Sequence[str]
) -> list[Part]:
    """What was derived in a peer's own view that others may hold as well, since they hold these conclusions now."""
    if not conclusion_ids:
        return []
    wanted = queries.Shareable(workspace_id=workspace_id, conclusion_ids=list(conclusion_ids), limit=_SHAREABLE)
    found: dict[str, list[NewDerived]] = {}
    for row in await database.many(queries.SHAREABLE, wanted):
        found.setdefault(row.observer_id, []).append(_derived(row))
    return [Part(observer_id=each, observed_id=observed_id, derived=found[each]) for each in sorted(found)]


def _derived(row: queries.ShareableRow) -> NewDerived:
    filled = None
    if row.slot is not None and row.value is not None:
        filled = Filled(slot=row.slot, value=row.value, exclusive=row.exclusive, negated=row.negated)
    return NewDerived(
        level=row.level,
        content=row.content,
        premise_ids=list(dict.fromkeys(row.premise_ids)),
        embedding=row.embedding,
        about_id=row.observed_id,
        filled=filled,
        lasting=row.lasting,
    )


class Allowed(Struct, frozen=True):
    """What the configurations allow about a peer: whether anything is concluded, and with which instructions."""

    concludes: bool
    instructions: str | None = None


async def allowed(
    database: Database, workspace_id: str, peer_ids: Sequence[str], default: Reasoning
) -> Mapping[str, Allowed]:
    """What the configurations of the workspace and of each peer allow; nothing of a peer that is not there."""
    wanted = queries.PeersOf(workspace_id=workspace_id, peer_ids=list(peer_ids))
    found = dict.fromkeys(peer_ids, Allowed(False))
    for row in await database.many(queries.LEVELS, wanted):
        said = resolve_reasoning(default, decode(row.workspace), of_peer(decode(row.peer)))
        found[row.id] = Allowed(said.enabled, said.instructions)
    return found


async def _read(tx: Transaction, workspace_id: str, pair: str, ids: Sequence[str]) -> list[queries.GroundRow]:
    if not ids:
        return []
    rows = await tx.many(queries.GROUNDS, queries.SomeOf(workspace_id=workspace_id, conclusion_ids=list(ids)))
    return [row for row in rows if perspective(workspace_id, row.observer_id, row.observed_id) == pair]


async def _around(tx: Transaction, workspace_id: str, pair: str, seeds: Sequence[queries.GroundRow]) -> list[str]:
    if not seeds:
        return []
    slots = sorted({row.slot for row in seeds if row.slot is not None})
    in_slots = queries.InSlots(workspace_id=workspace_id, perspective=pair, slots=slots, limit=_OF_SLOT)
    found = [row.id for row in await tx.many(queries.IN_SLOTS, in_slots)]
    size = conclusion_queries.SizeOf(workspace_id=workspace_id, perspective=pair, limit=EXACT_BELOW)
    few = (await tx.one(conclusion_queries.SIZE, size)).total < EXACT_BELOW
    near = queries.Near(
        workspace_id=workspace_id,
        perspective=pair,
        conclusion_ids=[row.id for row in seeds],
        top_k=_NEIGHBOURS + 1,
        least=_NEAR,
    )
    found += [row.id for row in await tx.many(queries.NEAR_EXACT if few else queries.NEAR, near)]
    return list(dict.fromkeys(found))


def _ground(row: queries.GroundRow, seed: bool, sources: tuple[SourceRow, ...]) -> Ground:
    return Ground(
        id=row.id,
        level=row.level,
        content=row.content,
        observed_at=row.observed_at,
        about_at=row.about_at,
        slot=row.slot,
        value=row.value,
        negated=row.negated,
        lasting=row.lasting,
        seed=seed,
        token=row.token,
        sources=sources,
    )
