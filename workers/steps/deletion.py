"""Deleting a session or a workspace, or erasing a peer, whose deletion was accepted."""

from graph.store import deletion, erasing, work
from graph.types import Lease
from workers.service import Service


async def delete(service: Service, held: Lease) -> bool:
    """Delete everything that a held unit stands for, in bounded parts, then forget the unit.

    Returns:
        whether the name was taken and its deletion accepted again meanwhile.

    Raises:
        LeaseLost: somebody else has taken the unit over, and goes on where this one was.
        StoreFault: the database failed; what was deleted stays deleted.
    """
    if held.peer_id:
        await erasing.erase_peer(service.database, held.workspace_id, held.peer_id, held.detail)
    elif held.session_id:
        await deletion.delete_session(service.database, held.workspace_id, held.session_id)
    else:
        await deletion.delete_workspace(service.database, held.workspace_id)
    return await work.finish(service.database, held, service.settings.reasoning.lease_seconds, forget=True)
