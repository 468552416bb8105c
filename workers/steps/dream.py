"""Dreaming over one perspective: it looks where its structure says that there is something to think of, area by area.

Each area is thought over once, and its effect is committed together with how far the dream has come. So whoever takes
over from a worker that died goes on with the next area, and a budget that is spent ends the dream between two.
"""

import asyncio
from datetime import UTC, datetime

from msgspec import structs

from graph.driver import Transaction
from graph.ids import new_id
from graph.store import dream_reports, dreams, grounds, landscape, runs, work
from graph.store.deriving import Part
from graph.store.dream_reports import Report
from graph.store.dreams import Allowed, Asked
from graph.store.support import SECOND_LOOK
from graph.types import Lease
from workers.derivers import Grounds
from workers.derivers.rules import follow
from workers.dreaming.closing import Closing, close, rehearse
from workers.dreaming.places import Area, choose
from workers.dreaming.progress import Progress, begun, noted
from workers.dreaming.thinking import Thought, embedded, known_in, price, put, think
from workers.service import Service
from workers.steps.derivation import Found, related, run_of, shown, with_vectors

#: The newest conclusions that the rules look at.
_RULED = 1000


async def dream(service: Service, held: Lease) -> bool:
    """Look at the next area of a held dream, and end the dream with the last one.

    Returns:
        whether there is more to look at, or it was asked for again meanwhile.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing more was written.
        ModelFault: the model or the embedder failed; what was written before stays.
        StoreFault: the database failed; what was written before stays.
    """
    asked = dreams.asked_of(held.detail)
    allowed = await dreams.allowed(service.database, held.workspace_id, held.peer_id, asked.session_id)
    refused = _refused(service, asked, allowed)
    if refused is not None:
        return await _finish(service, held, _report(service, asked, skipped=refused))
    progress = noted(held, await dream_reports.progress(service.database, held))
    if progress is None:
        progress = await _begin(service, held, asked)
    if not progress.ended:
        progress = await _look(service, held, asked, allowed, progress)
        if not progress.ended:
            return True
    end = await _closing(service, held, asked, allowed, progress)
    # What was asked for while it was under way is still to be done.
    met = structs.replace(held, last_seq=progress.request)
    if asked.dry_run:
        return await _finish(service, met, await rehearse(service, end))

    async def write(tx: Transaction) -> None:
        await close(tx, end)

    return await work.finish(service.database, met, service.settings.reasoning.lease_seconds, write)


async def _begin(service: Service, held: Lease, asked: Asked) -> Progress:
    """Find out where to look. It is read again until the first area is committed."""
    areas: list[Area] = []
    if _looks(held, asked):
        seen = await landscape.lay_out(service.database, held.workspace_id, held.observer_id, held.peer_id)
        areas = await asyncio.to_thread(choose, seen, service.embedder.merge_similarity)
    # Before anything is written: what an area changes, the card follows at once.
    card = await service.database.read(lambda tx: dream_reports.card(tx, held))
    return begun(held, structs.replace(_report(service, asked), card_before=card), areas)


async def _look(service: Service, held: Lease, asked: Asked, allowed: Allowed, progress: Progress) -> Progress:
    """Think over the next area if the budget reaches, and commit what came of it with how far the dream has come."""
    area = progress.areas[progress.done]
    known = await known_in(service, held, area, allowed.instructions)
    if progress.report.tokens + price(service, known) > service.settings.dream.tokens:
        return progress.spent()
    thought = await think(service, held, area, known)
    new = () if asked.dry_run else await embedded(service, thought.draft.derived)
    further: list[Progress] = []

    async def write(tx: Transaction) -> None:
        if asked.dry_run:
            further.append(await _keep_in_mind(tx, held, progress, thought))
        else:
            changes, shared = await put(tx, held, thought.draft, new, service.embedder.merge_similarity)
            further.append(progress.after(thought.tokens, changes, shared, None))
        await dream_reports.note(tx, held, progress=further[-1].encoded())

    await work.keep(service.database, held, service.settings.reasoning.lease_seconds, write)
    return further[-1]


async def _keep_in_mind(tx: Transaction, held: Lease, progress: Progress, thought: Thought) -> Progress:
    """What a dry run writes of an area beside its progress: the calls that were made, which somebody pays."""
    if thought.draft.run.calls:
        # Under an id of its own: the draft's is for the rehearsal.
        await runs.put(tx, held.workspace_id, structs.replace(thought.draft.run, id=new_id(), outcome="answered"))
    return progress.after(thought.tokens, [], 0, thought.draft)


async def _closing(service: Service, held: Lease, asked: Asked, allowed: Allowed, progress: Progress) -> Closing:
    """Derive from the whole of the perspective, and get ready what a dry run has thought of."""
    parts = await _derive(service, held) if asked.kind == "omni" else []
    return Closing(
        held=held,
        asked=asked,
        allowed=allowed,
        progress=progress,
        rests=_looks(held, asked),
        run=run_of("dream", (), progress.report.started_at),
        parts=parts,
        drafts=[(draft, await embedded(service, draft.derived)) for draft in progress.drafts],
        same=service.embedder.merge_similarity,
    )


async def _derive(service: Service, held: Lease) -> list[Part]:
    """Derive from the whole of a perspective by the rules."""
    around = await grounds.grounds(service.database, held.workspace_id, held.observer_id, held.peer_id, most=_RULED)
    limit = service.settings.derivation.tokens
    derived = tuple(dict.fromkeys(follow(Grounds(subject=held.peer_id, known=shown(around, _RULED * limit)))))
    found = [Found(observer_id=held.observer_id, observed_id=held.peer_id, derived=derived)]
    found += await related(service, held.workspace_id, held.peer_id, [held.observer_id], whole=True)
    return await with_vectors(service, found)


def _looks(held: Lease, asked: Asked) -> bool:
    """Whether it looks around: a second look is at what was lost, and a refresh of the card at nothing else."""
    return asked.kind == "omni" and not held.key.startswith(SECOND_LOOK)


async def _finish(service: Service, held: Lease, report: Report) -> bool:
    """End with a report and no other effect."""

    async def write(tx: Transaction) -> None:
        await dream_reports.note(tx, held, report=report)

    return await work.finish(service.database, held, service.settings.reasoning.lease_seconds, write)


def _refused(service: Service, asked: Asked, allowed: Allowed) -> str | None:
    """Why nothing may be done; None where something may."""
    if not service.settings.dream.enabled:
        return "dreams are switched off"
    if not allowed.dreams:
        return "the configuration forbids dreams here"
    if asked.kind == "card_refresh" and not allowed.cards:
        return "the configuration forbids to write cards here"
    return None


def _report(service: Service, asked: Asked, skipped: str | None = None) -> Report:
    now = datetime.now(UTC)
    return Report(
        id=new_id(),
        kind=asked.kind,
        dry_run=asked.dry_run,
        model=service.dreamer.model,
        started_at=now,
        finished_at=None if skipped is None else now,
        skipped=skipped,
        budget=service.settings.dream.tokens,
    )
