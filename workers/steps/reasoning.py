"""Reasoning over what one author said in one session: extract, embed, link to every perspective that holds it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.settings import DreamSettings
from graph.store import work
from graph.store.dream_timer import Ripeness
from graph.types import Lease, NewConclusion
from workers.reasoners import Batch, Extraction
from workers.recording import in_vain_recorded, run_of
from workers.service import Service
from workers.steps.ending import tell_of_end
from workers.turns import Proposition, Turn

#: Messages of others that a batch is shown for context, at most.
CONTEXT_MESSAGES = 40


async def reason_over_batch(service: Service, held: Lease) -> bool:
    """Take the next batch of a held unit, reason over it once for all observers, and commit the effect.

    Returns:
        whether more is pending.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
        ModelFault: the model or the embedder failed; nothing was written.
        StoreFault: the database failed; nothing was written.
    """
    settings = service.settings.reasoning
    waiting = await work.pending(service.database, held, settings.batch_messages)
    batch = cut(waiting, settings.batch_tokens)
    if not batch:
        nothing = work.Effect(cursor=held.last_seq, messages=0, tokens=0, run=None, conclusions=())
        return await work.commit(service.database, held, nothing, settings.lease_seconds)
    started_at = datetime.now(UTC)
    around = await work.surroundings(
        service.database,
        held,
        batch[0].observer_ids,
        batch[0].seq - 1,
        batch[-1].seq,
        min(CONTEXT_MESSAGES, settings.batch_messages),
    )
    extraction = await _extract(
        service,
        held,
        Batch(
            subject=held.peer_id,
            turns=tuple(Turn(said.id, said.peer_id, said.content, said.created_at) for said in batch),
            context=tuple(Turn(said.id, said.peer_id, said.content, said.created_at) for said in around),
            instructions=batch[0].instructions,
        ),
    )
    conclusions = await _conclusions(service, held, batch, extraction.propositions)
    effect = work.Effect(
        cursor=batch[-1].seq,
        messages=len(batch),
        tokens=sum(said.token_count for said in batch),
        run=run_of("reasoning", extraction, started_at, concluded=bool(extraction.propositions)),
        conclusions=conclusions,
        merge_similarity=service.embedder.merge_similarity,
        ripeness=_ripeness(service.settings.dream),
    )
    told = tell_of_end(service, held, "representation", held.peer_id)
    return await work.commit(service.database, held, effect, settings.lease_seconds, told)


async def _extract(service: Service, held: Lease, batch: Batch) -> Extraction:
    """Extract; of an attempt in vain the calls that it made are recorded."""
    async with in_vain_recorded(service.database, held.workspace_id, "reasoning", service.reasoner.model):
        return await service.reasoner.extract(batch)


def _ripeness(settings: DreamSettings) -> Ripeness | None:
    """What makes the author's own perspective ripe for a dream; None where none may be dreamt."""
    if not settings.enabled:
        return None
    return Ripeness(
        conclusions=settings.conclusions,
        pause=timedelta(hours=settings.hours),
        idle=timedelta(seconds=settings.idle_seconds),
    )


def cut(waiting: Sequence[work.PendingMessage], tokens: int) -> list[work.PendingMessage]:
    """The first messages that one call takes: under the token cap (the first always), of one frozen configuration."""
    batch: list[work.PendingMessage] = []
    total = 0
    for said in waiting:
        total += said.token_count
        if batch and (
            total > tokens
            or list(said.observer_ids) != list(batch[0].observer_ids)
            or said.instructions != batch[0].instructions
        ):
            break
        batch.append(said)
    return batch


async def _conclusions(
    service: Service, held: Lease, batch: Sequence[work.PendingMessage], propositions: Sequence[Proposition]
) -> list[NewConclusion]:
    if not propositions:
        return []
    said_at = {said.id: said.created_at for said in batch}
    vectors = await service.embedder.passages([proposition.content for proposition in propositions])
    return [
        NewConclusion(
            content=proposition.content,
            observer_id=observer_id,
            observed_id=held.peer_id,
            session_id=held.session_id,
            message_ids=proposition.message_ids,
            quotes=(proposition.quote, *(None for _ in proposition.message_ids[1:])),
            observed_at=max(said_at[message_id] for message_id in proposition.message_ids),
            about_at=proposition.about_at,
            embedding=vector,
            filled=proposition.filled,
            lasting=proposition.lasting,
        )
        for proposition, vector in zip(propositions, vectors, strict=True)
        for observer_id in batch[0].observer_ids
    ]
