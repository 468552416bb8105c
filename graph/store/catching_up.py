"""A peer that joins late and asks to catch up: it learns what was concluded before, as a scope does.

What waits to be reasoned over it will hold as the others do; what was concluded already is copied by a unit of work, of
which nothing is left when it is done: that a peer was asked to catch up is not a state.
"""

from collections.abc import Collection

import msgspec

from graph.driver import Transaction
from graph.errors import Invalid
from graph.queries import members as queries
from graph.store import work
from graph.types import Unit, Wake


def work_key(workspace_id: str, peer_id: str, session_id: str) -> str:
    """The key of the unit of work that lets a peer catch up with a session."""
    return f"catch_up/{workspace_id}/{peer_id}/{session_id}"


async def request(tx: Transaction, workspace_id: str, session_id: str, peer_ids: Collection[str]) -> list[Wake]:
    """Let members of a locked session catch up with it.

    Returns:
        the units of work to wake workers for.

    Raises:
        Invalid: one of them does not observe others there.
    """
    if not peer_ids:
        return []
    wanted = queries.SomeIn(workspace_id=workspace_id, session_id=session_id, peer_ids=sorted(peer_ids))
    found = await tx.many(queries.OBSERVING, wanted)
    blind = sorted(set(peer_ids) - {row.id for row in found})
    if blind:
        raise Invalid(f"catch_up needs observe_others, which {', '.join(blind)} lacks in session {session_id}")
    pairs: list[dict[str, object]] = [{"peer_id": row.id, "session_id": session_id} for row in found]
    await tx.run(queries.HEAR_WAITING, queries.Waiting(workspace_id=workspace_id, pairs=pairs))
    units = [
        Unit(
            key=work_key(workspace_id, row.id, session_id),
            kind="catch_up",
            session_id=session_id,
            observer_id=row.id,
            detail=msgspec.json.encode({"seq": row.seq}).decode(),
        )
        for row in found
    ]
    return await work.request(tx, workspace_id, units)
