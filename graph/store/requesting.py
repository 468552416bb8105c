"""Asking for units of work, in the transaction that makes them necessary."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from graph.cause import led_by
from graph.driver import Transaction
from graph.queries import work as queries
from graph.types import Unit, Wake


async def request(tx: Transaction, workspace_id: str, units: Sequence[Unit]) -> list[Wake]:
    """Ask for units of work, in the transaction that makes them necessary; whoever commits it then wakes the workers.

    Returns:
        the units to wake workers for.
    """
    now = datetime.now(UTC)
    # In the order of keys, so that two that ask for the same units do not wait for each other in a circle.
    rows: list[dict[str, object]] = [
        {
            "key": unit.key,
            "kind": unit.kind,
            "session_id": unit.session_id or None,
            "peer_id": unit.peer_id or None,
            "observer_id": unit.observer_id or None,
            "detail": unit.detail,
            "due_at": now + timedelta(seconds=unit.wait_seconds),
            "once": unit.once,
        }
        for unit in sorted(units, key=lambda unit: unit.key)
    ]
    if not rows:
        return []
    wanted = queries.Request(workspace_id=workspace_id, units=rows, now=now, led_by=led_by())
    asked = await tx.many(queries.REQUEST, wanted)
    wakes = [Wake(row.key, row.due_at) for row in asked]
    tx.wakes.extend(wakes)
    return wakes
