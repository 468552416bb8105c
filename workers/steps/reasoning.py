"""Reasoning over what one author said in one session: extract, embed, link to every perspective that holds it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from graph.driver import Transaction
from graph.ids import new_id
from graph.store import webhooks, work
from graph.types import Lease, NewConclusion, Run
from workers.reasoners import Batch, Extraction
from workers.service import Service
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
        service.database, held, batch[0].seq - 1, batch[-1].seq, min(CONTEXT_MESSAGES, settings.batch_messages)
    )
    extraction = await service.reasoner.extract(
        Batch(
            subject=held.peer_id,
            turns=tuple(Turn(said.id, said.peer_id, said.content, said.created_at) for said in batch),
            context=tuple(Turn(said.id, said.peer_id, said.content, said.created_at) for said in around),
            instructions=batch[0].instructions,
        )
    )
    conclusions = await _conclusions(service, held, batch, extraction.propositions)
    effect = work.Effect(
        cursor=batch[-1].seq,
        messages=len(batch),
        tokens=sum(said.token_count for said in batch),
        run=_run(extraction, started_at),
        conclusions=conclusions,
    )
    told = _tell_of_end(held) if service.settings.webhooks.secret else None
    return await work.commit(service.database, held, effect, settings.lease_seconds, told)


def _tell_of_end(held: Lease) -> Callable[[Transaction], Awaitable[object]]:
    """Asks for the workspace's webhooks to be told that the unit has nothing left to do."""
    # One extraction serves all observers, so none is named.
    said = {
        "workspace_id": held.workspace_id,
        "queue_type": "representation",
        "session_id": held.session_id,
        "observer": None,
        "observed": held.peer_id,
    }
    return lambda tx: webhooks.announce(tx, held.workspace_id, "queue.empty", said)


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
        )
        for proposition, vector in zip(propositions, vectors, strict=True)
        for observer_id in batch[0].observer_ids
    ]


def _run(extraction: Extraction, started_at: datetime) -> Run:
    return Run(
        id=new_id(),
        step="reasoning",
        model=extraction.model,
        prompt_hash=extraction.prompt_hash,
        prompt_tokens=extraction.prompt_tokens,
        completion_tokens=extraction.completion_tokens,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        outcome="concluded" if extraction.propositions else "empty",
        dropped={drop.reason: drop.count for drop in extraction.dropped},
    )
