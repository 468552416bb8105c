"""Summarising a session: the short and the long summary that are due, one after the other, each on the one before."""

from datetime import UTC, datetime

from graph.driver import Transaction
from graph.store import summaries, work
from graph.store.summaries import Due
from graph.types import Lease
from workers.faults import StepWaits
from workers.recording import in_vain_recorded, run_of
from workers.service import Service
from workers.steps.ending import tell_of_end
from workers.summarisers import Stretch, Summarised
from workers.turns import Turn

#: Tokens of messages that go into one summary at most.
MOST_INPUT_TOKENS = 25_000


async def summarise(service: Service, held: Lease) -> bool:
    """Make the summaries of a held unit's session that are due; each is stored when it is made.

    Returns:
        whether it was asked for again meanwhile.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing more was written.
        ModelFault: there is no usable summary; it was not stored.
        StepWaits: what was summarised has changed meanwhile; the summary was not stored.
        StoreFault: the database failed.
    """
    seconds = service.settings.reasoning.lease_seconds
    for due in await summaries.due(service.database, held.workspace_id, held.session_id, MOST_INPUT_TOKENS):
        if due.messages:
            await _make(service, held, due)
    told = tell_of_end(service, held, "summary", None)
    return await work.finish(service.database, held, seconds, drained=told)


async def _make(service: Service, held: Lease, due: Due) -> None:
    started_at = datetime.now(UTC)
    made = await _summarised(service, held, due)
    run = run_of("summary", made, started_at, concluded=bool(made.content))
    stored: list[bool | None] = []

    async def write(tx: Transaction) -> None:
        stored.append(
            await summaries.put(tx, held.workspace_id, held.session_id, due, run, made.content, made.token_count)
        )

    await work.keep(service.database, held, service.settings.reasoning.lease_seconds, write)
    if stored[-1] is False:
        raise StepWaits("what was summarised has changed meanwhile")


async def _summarised(service: Service, held: Lease, due: Due) -> Summarised:
    """Summarise; of an attempt in vain the calls that it made are recorded."""
    stretch = Stretch(
        kind=due.kind,
        turns=tuple(Turn(said.id, said.peer_id, said.content, said.created_at) for said in due.messages),
        tokens=sum(said.token_count for said in due.messages),
        previous=due.previous.content if due.previous else None,
        instructions=due.instructions,
    )
    async with in_vain_recorded(service.database, held.workspace_id, "summary", service.summariser.model):
        return await service.summariser.summarise(stretch)
