"""Thinking in one area: what is held there goes to the deriver, and what comes of it is written with its proof."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from app.models.tokens import count
from graph.driver import Transaction
from graph.store import deriving, dream_reports, grounds, revising
from graph.store.dream_reports import Change
from graph.types import Lease, NewDerived, Run
from workers.derivers import Derivation, Derived, Grounds
from workers.derivers.rules import MODEL
from workers.derivers.storing import ground_of, new_derived
from workers.dreaming.places import AREA, Area
from workers.dreaming.progress import Draft
from workers.recording import in_vain_recorded, run_of
from workers.service import Service

#: What a model is told beside what is held, and what it answers, about: counted before it is asked.
_CALL_TOKENS = 2000
#: What is written around each conclusion: its number, level and time.
_LINE_TOKENS = 20
#: Around an area lies a little more than what was chosen: what fills the same slots.
_MOST = AREA + AREA // 2


class Thought(Struct, frozen=True):
    """What came of an area, and the tokens that it took."""

    draft: Draft
    tokens: int


async def known_in(service: Service, held: Lease, area: Area, instructions: str | None) -> Grounds:
    """What is held in an area and closely around it, as far as it still lives; what it is about counts as new."""
    found = await grounds.grounds(
        service.database, held.workspace_id, held.observer_id, held.peer_id, area.ids, most=_MOST
    )
    # A thin ground is not what is new there: what may support it is.
    fresh = set(area.ids if area.reason == "thin" else area.focus_ids)
    known = [ground_of(one, new=one.id in fresh or one.token is not None) for one in found]
    return Grounds(
        subject=held.peer_id,
        known=tuple(sorted(known, key=lambda ground: (ground.observed_at, ground.id))),
        instructions=instructions,
    )


def price(service: Service, known: Grounds) -> int:
    """Tokens that a model will take about; rules take none."""
    if service.dreamer.model == MODEL:
        return 0
    said = sum(count(ground.content) + _LINE_TOKENS for ground in known.known)
    return _CALL_TOKENS + said + count(known.instructions or "")


async def think(service: Service, held: Lease, area: Area, known: Grounds) -> Thought:
    """Derive from what is held in an area; of an attempt in vain the calls that it made are recorded.

    Raises:
        ModelFault: nothing usable came of it.
    """
    started_at = datetime.now(UTC)
    if not known.known:
        # All of it fell since it was chosen.
        nothing = Derivation(derived=(), model=service.dreamer.model, prompt_hash="")
        return Thought(Draft(area=area, run=_run(nothing, started_at), derived=()), 0)
    async with in_vain_recorded(service.database, held.workspace_id, "dream", service.dreamer.model):
        derivation = await service.dreamer.derive(known)
    tokens = derivation.prompt_tokens + derivation.completion_tokens
    return Thought(Draft(area=area, run=_run(derivation, started_at), derived=derivation.derived), tokens)


async def embedded(service: Service, derived: Sequence[Derived]) -> list[NewDerived]:
    """What was derived, ready to be stored."""
    if not derived:
        return []
    vectors = await service.embedder.passages([one.content for one in derived])
    return [new_derived(one, vector) for one, vector in zip(derived, vectors, strict=True)]


async def put(
    tx: Transaction, held: Lease, draft: Draft, new: Sequence[NewDerived], same: float
) -> tuple[list[Change], int]:
    """Write what was thought of in an area, and weigh anew what contradicts itself there.

    Args:
        tx: the transaction.
        held: the dream.
        draft: what was thought of.
        new: the same, ready to be stored.
        same: the cosine from which two texts may be one.

    Returns:
        what has changed in the dream's perspective, and how many conclusions were written into others.
    """
    now = datetime.now(UTC)
    written = await deriving.derive(
        tx, held.workspace_id, draft.run, held.observer_id, held.peer_id, new, now, merge_similarity=same
    )
    if draft.area.reason == "contradiction":
        # A run of its own, if one is needed: the draft's is not kept where nothing was derived.
        await revising.revise(tx, held.workspace_id, draft.area.focus_ids, now)
    changes = await dream_reports.changed(tx, held, [draft.run.id], now)
    own = {change.id for change in changes}
    return changes, sum(each not in own for each in written)


def _run(derivation: Derivation, started_at: datetime) -> Run:
    return run_of("dream", derivation, started_at, concluded=bool(derivation.derived))
