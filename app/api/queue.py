"""How far reasoning has come, and what is in its way."""

from datetime import UTC, datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.service import Service, ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from app.api.work_units import WorkUnit, show
from graph.store import queue, work
from graph.types import QueueCounts, Wake, WorkKind

#: Wake-ups for many units at once: those who are woken go on until nothing is due.
_WAKES = 64


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

    Additive: `failed_work_units` lie among the dead letters, and no worker takes them until they are replayed;
    `oldest_pending_at` and its age in seconds are of what waits or is being done; `unwell` are up to 20 units that lie
    among the dead letters or whose last attempt failed, of all kinds.
    """

    total_work_units: int
    completed_work_units: int
    in_progress_work_units: int
    pending_work_units: int
    failed_work_units: int
    sessions: dict[str, SessionQueueStatus] | None = None
    oldest_pending_at: datetime | None = None
    oldest_pending_seconds: float | None = None
    unwell: list[WorkUnit] = []


class FlushQuery(Struct, frozen=True, kw_only=True):
    """The session whose messages should wait no longer, if not all."""

    session_id: str | None = None


class ReplayQuery(Struct, frozen=True, kw_only=True):
    """The kind of work to try again, if not all."""

    kind: WorkKind | None = None


class UnitsDue(Struct, frozen=True):
    """How many units became due."""

    units: int


class QueueController(Controller):
    """Pending and completed reasoning, and what hurries it on."""

    path = "/workspaces/{workspace_id:str}/queue"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/status", operation_class=with_query(QueueQuery), access=Access.WORKSPACE)
    async def status(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> QueueStatus:
        """Count messages that are reasoned over, being reasoned over, and waiting."""
        query = read_query(request, QueueQuery)
        peers = {"observer_id": query.observer_id, "sender_id": query.sender_id}
        found = await work.status(service.database, workspace_id, **peers, session_id=query.session_id)
        unwell = await queue.unwell(service.database, workspace_id, **peers, session_id=query.session_id)
        now = datetime.now(UTC)
        sessions = {name: _session(name, counts) for name, counts in found.sessions.items()}
        return QueueStatus(
            total_work_units=found.overall.total,
            completed_work_units=found.overall.completed,
            in_progress_work_units=found.overall.in_progress,
            pending_work_units=found.overall.pending,
            failed_work_units=found.overall.failed,
            sessions=sessions if sessions and not query.session_id else None,
            oldest_pending_at=found.oldest,
            oldest_pending_seconds=None if found.oldest is None else max(0.0, (now - found.oldest).total_seconds()),
            unwell=[show(unit, now) for unit in unwell],
        )

    @post("/flush", status_code=200, operation_class=with_query(FlushQuery), access=Access.WORKSPACE)
    async def flush(self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]) -> UnitsDue:
        """Let what waits for more messages wait no longer; what waits after a failure is left alone."""
        query = read_query(request, FlushQuery)
        return _due(service, await queue.flush(service.database, workspace_id, query.session_id))

    @post("/replay", status_code=200, operation_class=with_query(ReplayQuery), access=Access.WORKSPACE)
    async def replay(self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]) -> UnitsDue:
        """Try all dead letters of the workspace again, or those of one kind."""
        query = read_query(request, ReplayQuery)
        return _due(service, await queue.replay_dead(service.database, workspace_id, query.kind))


def _due(service: Service, wakes: list[Wake]) -> UnitsDue:
    service.waker.wake(wakes[:_WAKES])
    return UnitsDue(len(wakes))


def _session(name: str, counts: QueueCounts) -> SessionQueueStatus:
    return SessionQueueStatus(
        session_id=name,
        total_work_units=counts.total,
        completed_work_units=counts.completed,
        in_progress_work_units=counts.in_progress,
        pending_work_units=counts.pending,
        failed_work_units=counts.failed,
    )
