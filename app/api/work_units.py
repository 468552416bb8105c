"""Units of work: what waits, what failed and why; trying it again, or giving it up."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct, structs

from app.api.access import Access
from app.api.service import ServiceDependency
from app.api.wire.pages import Page, PageQuery, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.errors import NotFound
from graph.store import queue
from graph.types import WorkKind, WorkState


class WorkUnit(Struct, frozen=True, kw_only=True):
    """A unit of work: what must be done one after the other, such as reasoning over what one peer says in a session.

    `id` names it in addresses, `key` says what it is. It waits for its time or a worker, is leased to one, lies among
    the dead letters, was dropped by hand, or is idle. `age_seconds` is of the oldest that is pending. `last_error` says
    why the last attempt failed. `lease_until` is when the worker that holds it, or held it last, must have renewed.
    """

    id: str
    key: str
    kind: WorkKind
    state: WorkState
    session_id: str | None
    peer_id: str | None
    observer_id: str | None
    pending: int
    pending_since: datetime | None
    age_seconds: float | None
    due_at: datetime | None
    leased_at: datetime | None
    lease_until: datetime | None
    attempts: int
    last_error: str | None
    dead_at: datetime | None
    dropped: int
    dropped_at: datetime | None
    drop_reason: str | None


class UnitQuery(PageQuery, frozen=True, kw_only=True):
    """Which units; all that are not done by default."""

    state: WorkState | None = None
    kind: WorkKind | None = None
    session_id: str | None = None


class WorkUnitDrop(Struct, frozen=True, kw_only=True):
    """Why what is pending is given up; it is kept with the unit."""

    reason: Annotated[str, Meta(min_length=1, max_length=300)]


class WorkUnitController(Controller):
    """Units of work."""

    path = "/workspaces/{workspace_id:str}/queue/units"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get(operation_class=with_query(UnitQuery), access=Access.WORKSPACE)
    async def list_units(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> Page[WorkUnit]:
        """List units: dead letters first, then what waits or is leased, by when it is due."""
        query = read_query(request, UnitQuery)
        found = await queue.page(
            service.database,
            workspace_id,
            requested(query),
            state=query.state,
            kind=query.kind,
            session_id=query.session_id or None,
        )
        now = datetime.now(UTC)
        return paged(found, query, lambda unit: show(unit, now))

    @get("/{unit_id:str}", access=Access.WORKSPACE, answers=(404,))
    async def get_unit(
        self, service: ServiceDependency, workspace_id: FromPath[str], unit_id: FromPath[str]
    ) -> WorkUnit:
        """Look at one unit."""
        return show(await queue.show(service.database, workspace_id, _key(unit_id)), datetime.now(UTC))

    @post("/{unit_id:str}/replay", status_code=200, access=Access.WORKSPACE, answers=(404,))
    async def replay(self, service: ServiceDependency, workspace_id: FromPath[str], unit_id: FromPath[str]) -> WorkUnit:
        """Try a unit again now that lies among the dead letters or waits; one that is leased or idle stays as it is."""
        key = _key(unit_id)
        service.waker.wake(await queue.replay(service.database, workspace_id, key))
        return show(await queue.show(service.database, workspace_id, key), datetime.now(UTC))

    @post("/{unit_id:str}/drop", status_code=200, access=Access.WORKSPACE, answers=(404, 409))
    async def drop(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        unit_id: FromPath[str],
        data: JSONBody[WorkUnitDrop],
    ) -> WorkUnit:
        """Give up what is pending for a unit: it will never be done. How much, when and why stays with the unit."""
        return show(await queue.drop(service.database, workspace_id, _key(unit_id), data.reason), datetime.now(UTC))


def unit_id(key: str) -> str:
    """A unit's key as one part of a path: keys hold slashes."""
    return urlsafe_b64encode(key.encode()).decode().rstrip("=")


def show(unit: types.WorkUnit, now: datetime) -> WorkUnit:
    """A unit as it goes out."""
    fields = {name: value for name, value in structs.asdict(unit).items() if name in _SHARED}
    age = None if unit.pending_since is None else max(0.0, (now - unit.pending_since).total_seconds())
    return WorkUnit(id=unit_id(unit.key), age_seconds=age, **fields)


_SHARED = frozenset(WorkUnit.__struct_fields__) & frozenset(types.WorkUnit.__struct_fields__)


def _key(unit_id: str) -> str:
    try:
        key = urlsafe_b64decode(unit_id + "=" * (-len(unit_id) % 4)).decode()
    except (binascii.Error, ValueError):
        raise NotFound("Unit of work not found") from None
    return key
