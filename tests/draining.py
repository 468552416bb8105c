"""Doing the work of a workspace in this process, without workers, until none is due."""

from collections.abc import Collection

from graph.store import work
from workers.service import Service
from workers.unit import do

_NOW = "MATCH (w:Work) WHERE w.key STARTS WITH $prefix AND w.due_at > datetime() SET w.due_at = datetime()"


async def drain(service: Service, workspace_id: str, skip: Collection[str] = ()) -> None:
    """Do what is due in a workspace, until nothing is.

    Args:
        service: the worker's.
        workspace_id: name of the workspace.
        skip: kinds of work to leave.
    """
    while True:
        # Derivation waits for company, which does not come here.
        await service.database.schema_statement(_NOW, {"prefix": f"derivation/{workspace_id}/"})
        parts = [key.split("/") for key in await work.due(service.database, 100_000)]
        due = ["/".join(key) for key in parts if workspace_id in key and key[0] not in skip]
        if not due:
            return
        for key in due:
            await do(service, key)
