"""Telling one address of one event."""

import msgspec

from graph.store import webhooks, work
from graph.types import Delivery, Lease
from workers.delivery import Delivering, Refused, Undelivered, deliver
from workers.faults import StepFault, StepImpossible
from workers.service import Service


async def send(service: Service, held: Lease) -> bool:
    """Send a held unit's event to its address, and forget the unit; if the address was removed, only that.

    An event can arrive twice, when a worker ends between sending it and saying so.

    Returns:
        whether more is to be done.

    Raises:
        LeaseLost: somebody else has taken the unit over.
        StepFault: the address did not take the event.
        StepImpossible: it never will.
        StoreFault: the database failed.
    """
    settings = service.settings.webhooks
    event = msgspec.json.decode(held.detail, type=Delivery)
    if await webhooks.is_known(service.database, held.workspace_id, event.webhook_id):
        if not settings.secret:
            raise StepImpossible("WEBHOOK_SECRET is not set, so nothing is sent to webhooks")
        how = Delivering(
            secret=settings.secret, timeout_seconds=settings.timeout_seconds, allow_private=settings.allow_private
        )
        try:
            await deliver(how, event.url, held.key.rpartition("/")[2], event.body.encode())
        except Refused as refused:
            raise StepImpossible(str(refused)) from None
        except Undelivered as fault:
            raise StepFault(str(fault), retry_after=fault.retry_after, max_attempts=settings.max_attempts) from None
    return await work.finish(service.database, held, service.settings.reasoning.lease_seconds, forget=True)
