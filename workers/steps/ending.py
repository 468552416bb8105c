"""Telling that a unit has nothing left to do."""

from collections.abc import Awaitable, Callable

from graph.driver import Transaction
from graph.store import webhooks
from graph.types import Lease
from workers.service import Service


def tell_of_end(
    service: Service, held: Lease, queue_type: str, observed: str | None
) -> Callable[[Transaction], Awaitable[object]] | None:
    """Asks for the workspace's webhooks to be told that a unit of a session is done; None where there are no webhooks.

    Args:
        service: the worker's.
        held: the unit.
        queue_type: what kind of work it is, as webhooks call it.
        observed: whom it was about, if anybody.
    """
    if not service.settings.webhooks.secret:
        return None
    said = {
        "workspace_id": held.workspace_id,
        "queue_type": queue_type,
        "session_id": held.session_id,
        # The work of a session is done once for all observers, so none is named.
        "observer": None,
        "observed": observed,
    }
    return lambda tx: webhooks.announce(tx, held.workspace_id, "queue.empty", said)
