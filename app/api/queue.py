"""How far reasoning has come."""

from litestar import Controller, get
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.service import ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph.store import work
from graph.types import QueueCounts


class QueueQuery(Struct, frozen=True, kw_only=True):
    """Whose work to count; observer and sender widen one another, the session narrows."""

    observer_id: str | None = None
    sender_id: str | None = None
    session_id: str | None = None


class SessionQueueStatus(Struct, frozen=True, kw_only=True):
    """A session's messages by how far they are."""

    session_id: str | None
    total_work_units: int
    completed_work_units: int
    in_progress_work_units: int
    pending_work_units: int
    failed_work_units: int


class QueueStatus(Struct, frozen=True, kw_only=True):
    """A workspace's messages by how far they are; `sessions` is null when there are none or one was asked for.

    `failed_work_units` (additive) lie among the dead letters: no worker takes them until they are replayed.
    """

    total_work_units: int
    completed_work_units: int
    in_progress_work_units: int
    pending_work_units: int
    failed_work_units: int
    sessions: dict[str, SessionQueueStatus] | None = None


class QueueController(Controller):
    """Pending and completed reasoning."""

    path = "/workspaces/{workspace_id:str}/queue"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/status", operation_class=with_query(QueueQuery), access=Access.WORKSPACE)
    async def status(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> QueueStatus:
        """Count messages that are reasoned over, being reasoned over, and waiting."""
        query = read_query(request, QueueQuery)
        found = await work.status(
            service.database,
            workspace_id,
            observer_id=query.observer_id,
            sender_id=query.sender_id,
            session_id=query.session_id,
        )
        sessions = {name: _session(name, counts) for name, counts in found.sessions.items()}
        return QueueStatus(
            total_work_units=found.overall.total,
            completed_work_units=found.overall.completed,
            in_progress_work_units=found.overall.in_progress,
            pending_work_units=found.overall.pending,
            failed_work_units=found.overall.failed,
            sessions=sessions if sessions and not query.session_id else None,
        )


def _session(name: str, counts: QueueCounts) -> SessionQueueStatus:
    return SessionQueueStatus(
        session_id=name,
        total_work_units=counts.total,
        completed_work_units=counts.completed,
        in_progress_work_units=counts.in_progress,
        pending_work_units=counts.pending,
        failed_work_units=counts.failed,
    )
