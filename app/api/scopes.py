"""Scopes."""

import re
from datetime import datetime
from typing import Annotated

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.access import Access
from app.api.service import ServiceDependency
from app.api.sessions import Session
from app.api.sessions import show as show_session
from app.api.wire.fields import Metadata
from app.api.wire.pages import ListQuery, Page, paged, requested
from app.api.wire.problems import Refused, broken_rule
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.names import MAX_SCOPE_NAME, NAME_PATTERN, RESERVED_PEER_PREFIX
from graph.store import scope_members, scopes

MOST_ADDED = 100
_NAME = re.compile(NAME_PATTERN, re.ASCII)


def _unprefixed(value: object) -> object:
    name = str(value)
    if name.startswith(RESERVED_PEER_PREFIX):
        raise broken_rule(f"scope names must not start with '{RESERVED_PEER_PREFIX}'")
    if _NAME.fullmatch(name) is None:
        rule: dict[str, object] = {"pattern": NAME_PATTERN}
        raise Refused("string_pattern_mismatch", f"String should match pattern '{NAME_PATTERN}'", rule)
    return name


#: Length, then prefix, then characters: the order in which clients know them to be checked.
ScopeName = Annotated[
    str, Meta(min_length=1, max_length=MAX_SCOPE_NAME, extra={"aliases": ("name",), "rule": _unprefixed})
]


class Scope(Struct, frozen=True, kw_only=True):
    """A scope as it goes out."""

    id: str
    metadata: dict[str, object]
    created_at: datetime


class ScopeCreate(Struct, frozen=True, kw_only=True):
    """What to create, or to change where it is not null."""

    id: ScopeName
    metadata: Metadata | None = None


class ScopeSessionsAdd(Struct, frozen=True, kw_only=True):
    """Which sessions to add, all or none."""

    session_ids: Annotated[list[str], Meta(min_length=1, max_length=MOST_ADDED)]


class ScopeBackfill(Struct, frozen=True, kw_only=True):
    """How far a scope has caught up with a session; `docs_copied` is there once it has."""

    state: types.BackfillState
    updated_at: datetime
    docs_copied: int | UnsetType = UNSET


class ScopeStatus(Struct, frozen=True, kw_only=True):
    """How far a scope has caught up, by session: those that held messages when they were added."""

    backfill_status: dict[str, ScopeBackfill]


class ScopeController(Controller):
    """Scopes: named sets of sessions that bound what is recalled."""

    path = "/workspaces/{workspace_id:str}/scopes"
    tags = ["scopes"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=201, access=Access.WORKSPACE, answers=(200, 409))
    async def get_or_create(
        self, service: ServiceDependency, workspace_id: FromPath[str], data: JSONBody[ScopeCreate]
    ) -> Response[Scope]:
        """Get a scope, or create it: 201 when it is new. Metadata is replaced when it is given."""
        scope, created = await scopes.get_or_create(service.database, workspace_id, data.id, data.metadata)
        return Response(show(scope), status_code=201 if created else 200)

    @post("/list", status_code=200, operation_class=with_query(ListQuery), access=Access.WORKSPACE)
    async def list_scopes(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> Page[Scope]:
        """List a workspace's scopes."""
        query = read_query(request, ListQuery)
        return paged(await scopes.page(service.database, workspace_id, requested(query)), query, show)

    @get("/{scope_id:str}", access=Access.WORKSPACE, answers=(404,))
    async def get_scope(
        self, service: ServiceDependency, workspace_id: FromPath[str], scope_id: FromPath[str]
    ) -> Scope:
        """Get one scope."""
        return show(await scopes.get(service.database, workspace_id, scope_id))

    @post("/{scope_id:str}/sessions", status_code=204, access=Access.WORKSPACE, answers=(404,))
    async def add_sessions(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        scope_id: FromPath[str],
        data: JSONBody[ScopeSessionsAdd],
    ) -> None:
        """Add sessions to a scope, all or none. What was concluded in them before is copied in the background."""
        service.waker.wake(await scope_members.add(service.database, workspace_id, scope_id, data.session_ids))

    @delete("/{scope_id:str}/sessions/{session_id:str}", status_code=204, access=Access.WORKSPACE, answers=(404,))
    async def remove_session(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        scope_id: FromPath[str],
        session_id: FromPath[str],
    ) -> None:
        """Take a session out of a scope. What the scope holds from it is retired in the background."""
        service.waker.wake(await scope_members.remove(service.database, workspace_id, scope_id, session_id))

    @post(
        "/{scope_id:str}/sessions/list",
        status_code=200,
        operation_class=with_query(ListQuery),
        access=Access.WORKSPACE,
        answers=(404,),
    )
    async def list_sessions(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], scope_id: FromPath[str]
    ) -> Page[Session]:
        """List the active sessions of a scope, in the order they were added."""
        query = read_query(request, ListQuery)
        found = await scopes.sessions(service.database, workspace_id, scope_id, requested(query))
        return paged(found, query, show_session)

    @get("/{scope_id:str}/status", access=Access.WORKSPACE, answers=(404,))
    async def status(
        self, service: ServiceDependency, workspace_id: FromPath[str], scope_id: FromPath[str]
    ) -> ScopeStatus:
        """Tell how far a scope has caught up with sessions that held messages when they were added."""
        found = await scopes.status(service.database, workspace_id, scope_id)
        return ScopeStatus(backfill_status={session_id: _backfill(each) for session_id, each in found.items()})


def show(scope: types.Scope) -> Scope:
    """A scope as it goes out."""
    return Scope(id=scope.id, metadata=scope.metadata, created_at=scope.created_at)


def _backfill(found: types.Backfill) -> ScopeBackfill:
    copied = UNSET if found.docs_copied is None else found.docs_copied
    return ScopeBackfill(state=found.state, updated_at=found.updated_at, docs_copied=copied)
