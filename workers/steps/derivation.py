"""Deriving from what is new about one peer: thought once, in the peer's own view, and shared with all who hold as much.

A unit takes the marks away from what it has read (`graph.store.weighing`), in the transaction that writes what follows.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from app.models import tokens
from graph.configuration import Reasoning
from graph.driver import Transaction
from graph.store import grounds, weighing, work
from graph.store.deriving import Part, derive_all
from graph.store.grounds import Allowed
from graph.store.weighing import Unweighed
from graph.types import Filled, Lease, NewDerived, Run
from workers import recording
from workers.derivers import Derivation, Derived, Ground, Grounds, RulesDeriver
from workers.derivers.kin import INVERSE, Related, Tie, relate
from workers.derivers.rules import MODEL, VERSION
from workers.derivers.storing import ground_of, new_derived
from workers.recording import in_vain_recorded
from workers.service import Service
from workers.thinking.seam import Execution, summed

#: What is new of one view that is thought about at once, and marks of all views that are read at once.
SEEDS, MARKS = 30, 200
#: Views whose family relations are looked at in one batch.
VIEWS = 25
_KIN = tuple(sorted(INVERSE))


class Found(Struct, frozen=True, kw_only=True):
    """What follows from what one observer holds, before it has vectors."""

    observer_id: str
    observed_id: str
    derived: tuple[Derived | Related, ...]


async def derive(service: Service, held: Lease) -> bool:
    """Derive from what is new about a held unit's peer, whoever holds it, and commit what follows.

    Returns:
        whether more is to be done.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
        ModelFault: the model or the embedder failed; nothing was written.
        StoreFault: the database failed; nothing was written.
    """
    database, seconds = service.database, service.settings.reasoning.lease_seconds
    workspace_id, observed_id = held.workspace_id, held.peer_id
    may = await permitted(service, workspace_id, [observed_id])
    marks: list[Unweighed] = []
    if service.settings.derivation.enabled and may[observed_id].concludes:
        marks = await weighing.unweighed(database, workspace_id, observed_id, MARKS)
    if not marks:
        return await work.finish(database, held, seconds, forget=True)
    started_at = datetime.now(UTC)
    batch = cut(marks, observed_id)
    found, thought = await _think(service, held, batch, may[observed_id].instructions)
    others = [mark.id for mark in batch if mark.observer_id != observed_id]
    shared = await grounds.shareable(database, workspace_id, observed_id, others)
    found += await related(service, workspace_id, observed_id, sorted({mark.observer_id for mark in batch}))
    parts = [*await with_vectors(service, found), *shared]
    run = run_of("derivation", thought, started_at)

    async def write(tx: Transaction) -> None:
        if thought or parts:
            least = service.embedder.merge_similarity
            await derive_all(tx, workspace_id, run, parts, datetime.now(UTC), merge_similarity=least)
        await weighing.weighed(tx, workspace_id, {mark.id: mark.token for mark in batch})

    if len(batch) < len(marks) or len(marks) == MARKS:
        await work.keep(database, held, seconds, write)
        return True
    return await work.finish(database, held, seconds, write, forget=True)


def cut(marks: Sequence[Unweighed], observed_id: str) -> list[Unweighed]:
    """What one batch takes: of the peer's own view so much as is thought about at once, of a few others all."""
    own = [mark for mark in marks if mark.observer_id == observed_id][:SEEDS]
    observers = list(dict.fromkeys(mark.observer_id for mark in marks if mark.observer_id != observed_id))[:VIEWS]
    return own + [mark for mark in marks if mark.observer_id in observers]


async def permitted(service: Service, workspace_id: str, peer_ids: Sequence[str]) -> Mapping[str, Allowed]:
    """What the configurations allow about peers."""
    default = Reasoning(service.settings.reasoning.enabled)
    return await grounds.allowed(service.database, workspace_id, peer_ids, default)


async def _think(
    service: Service, held: Lease, batch: Sequence[Unweighed], instructions: str | None
) -> tuple[list[Found], list[Derivation]]:
    """Think about each view that holds something nobody else holds: the peer's own, and what clients stated."""
    found: list[Found] = []
    thought: list[Derivation] = []
    for observer_id in dict.fromkeys(mark.observer_id for mark in batch):
        own = observer_id == held.peer_id
        seeds = [mark for mark in batch if mark.observer_id == observer_id and (own or mark.kind == "stated")]
        if not seeds:
            continue
        around = await grounds.grounds(
            service.database, held.workspace_id, observer_id, held.peer_id, [mark.id for mark in seeds]
        )
        known = shown(around, service.settings.derivation.tokens)
        if not known:
            continue
        asked = Grounds(subject=held.peer_id, known=known, instructions=instructions)
        # What was derived is thought about by rules alone: a model would go on from its own thoughts without an end.
        derivation = await infer(service, held.workspace_id, asked, rules=all(mark.kind == "derived" for mark in seeds))
        found.append(Found(observer_id=observer_id, observed_id=held.peer_id, derived=derivation.derived))
        if derivation.calls:
            thought.append(derivation)
    return found, thought


async def infer(service: Service, workspace_id: str, asked: Grounds, *, rules: bool) -> Derivation:
    """Derive; of an attempt in vain the calls that it made are recorded.

    Args:
        service: the worker's.
        workspace_id: whose runs record an attempt in vain.
        asked: what to derive from.
        rules: whether to go by the rules alone, whatever model there is.
    """
    if rules:
        return await RulesDeriver().derive(asked)
    async with in_vain_recorded(service.database, workspace_id, "derivation", service.deriver.model):
        return await service.deriver.derive(asked)


def shown(around: Sequence[grounds.Ground], limit: int) -> tuple[Ground, ...]:
    """As much of the grounds as fits into a number of tokens, what comes first before the rest; the oldest first."""
    total, kept = 0, list[grounds.Ground]()
    for ground in around:
        total += tokens.count(ground.content)
        if kept and total > limit:
            break
        kept.append(ground)
    return tuple(
        ground_of(ground, new=ground.seed)
        for ground in sorted(kept, key=lambda ground: (ground.observed_at, ground.id))
    )


async def related(
    service: Service, workspace_id: str, observed_id: str, observer_ids: Sequence[str], *, whole: bool = False
) -> list[Found]:
    """What the family relations of a peer tell of others, for each of some observers.

    Args:
        service: the worker's.
        workspace_id: name of the workspace.
        observed_id: the peer in the middle.
        observer_ids: whose views of it are looked at.
        whole: look at all relations, not just from those that are new.
    """
    found: list[Found] = []
    for observer_id in observer_ids:
        told = await grounds.related(service.database, workspace_id, observer_id, observed_id, _KIN)
        ties = [
            Tie(
                id=one.id,
                slot=one.slot,
                value=one.value,
                observed_at=one.observed_at,
                peers=one.peers,
                new=whole or one.token is not None,
            )
            for one in told
        ]
        follows = relate(observed_id, ties)
        if follows:
            found.append(Found(observer_id=observer_id, observed_id=observed_id, derived=follows))
    abouts = sorted({one.about_id for each in found for one in each.derived if isinstance(one, Related)})
    may = await permitted(service, workspace_id, abouts)
    return [
        Found(
            observer_id=each.observer_id,
            observed_id=each.observed_id,
            derived=tuple(one for one in each.derived if isinstance(one, Related) and may[one.about_id].concludes),
        )
        for each in found
    ]


async def with_vectors(service: Service, found: Sequence[Found]) -> list[Part]:
    """What was found, ready to be written, with the vectors of its texts, each embedded once."""
    texts = list(dict.fromkeys(one.content for each in found for one in each.derived))
    vectors = dict(zip(texts, await service.embedder.passages(texts), strict=True)) if texts else {}
    return [
        Part(
            observer_id=each.observer_id,
            observed_id=each.observed_id,
            derived=[_new(one, vectors[one.content]) for one in each.derived],
        )
        for each in found
        if each.derived
    ]


def _new(one: Derived | Related, vector: Sequence[float]) -> NewDerived:
    if isinstance(one, Related):
        return NewDerived(
            level="deductive",
            content=one.content,
            premise_ids=one.premise_ids,
            embedding=vector,
            about_id=one.about_id,
            filled=Filled(slot=one.slot, value=one.value, exclusive=one.exclusive),
        )
    return new_derived(one, vector)


def run_of(step: str, thought: Sequence[Derivation], started_at: datetime) -> Run:
    """The record of one execution, whose calls of a model are added up; without any it is one of the rules."""
    costs = [derivation.cost for derivation in thought if derivation.cost is not None]
    took = Execution(
        model=thought[0].model if thought else MODEL,
        prompt_hash=thought[0].prompt_hash if thought else VERSION,
        dropped=summed(drop for derivation in thought for drop in derivation.dropped),
        prompt_tokens=sum(derivation.prompt_tokens for derivation in thought),
        completion_tokens=sum(derivation.completion_tokens for derivation in thought),
        calls=sum(derivation.calls for derivation in thought),
        cost=sum(costs) if costs else None,
    )
    concluded = not thought or any(derivation.derived for derivation in thought)
    return recording.run_of(step, took, started_at, concluded=concluded)
