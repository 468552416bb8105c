"""Who may call what: declared beside each route as `access=Access...`, checked by one guard before anything is read.

Every failure is 401, as clients expect. Where a body or an option decides, the handler takes `caller: CallerDependency`
and asks it.
"""

import math
from collections.abc import Collection
from enum import Enum
from typing import TYPE_CHECKING, cast

from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler

from app import keys
from app.api.errors import RateLimited
from app.api.wire.queries import HttpRequest
from app.keys import ANYBODY, Caller
from graph.errors import Unauthorised
from graph.store import members

if TYPE_CHECKING:
    from app.api.service import Service

Connection = ASGIConnection[BaseRouteHandler, object, object, State]

#: How a handler asks who calls: `caller: CallerDependency`.
CallerDependency = NamedDependency[Caller]


class Access(Enum):
    """Whose keys a route takes. An admin's key opens every route."""

    ADMIN = "admin"
    """An admin's alone."""
    WORKSPACE = "workspace"
    """Keys of the workspace in the path."""
    PEER = "peer"
    """The same, and keys of the peer in the path."""
    SESSION = "session"
    """Keys of the workspace, and of the session in the path."""
    MEMBER = "member"
    """The same, and keys of peers that are in the session now; for routes that only read."""
    OWN_MEMBER = "own member"
    """The same, where a peer's key reaches the peer in the path alone."""
    CLAIMS = "claims"
    """Any valid key of the workspace in the path, if there is one; the handler compares the key with the body."""


async def authorise(connection: Connection, handler: BaseRouteHandler) -> None:
    """Refuse a caller whose key does not open the route; the guard of all routes.

    Raises:
        Unauthorised: the key is missing, is not valid, or does not reach so far.
        RateLimited: it has been used too often just now.
    """
    access = cast("Access | None", handler.opt.get("access"))
    if access is None and handler.handler_name == "options_handler":
        # Litestar's own answer, which tells the verbs of a path.
        return
    if access is None:
        raise Unauthorised("Nobody may call this")
    service = cast("Service", connection.app.state.service)
    header = connection.headers.get("authorization")
    caller = identify(service, header)
    await _limit(service, connection, header)
    connection.scope["auth"] = caller
    if not await _allowed(service, caller, access, connection.path_params):
        raise Unauthorised("The key does not reach this resource")


def identify(service: "Service", header: str | None) -> Caller:
    """Who calls, by the `Authorization` header.

    Raises:
        Unauthorised: keys are asked for, and there is none or it is not valid.
    """
    settings = service.settings.auth
    if not settings.enabled:
        return ANYBODY
    scheme, _, key = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Unauthorised("A key is required: Authorization: Bearer <key>")
    return keys.read(settings.secret or "", key.strip())


def provide_caller(request: HttpRequest) -> Caller:
    """Who the guard has let through."""
    return cast("Caller", request.auth)


async def require_membership(
    service: "Service", caller: Caller, workspace_id: str, session_ids: Collection[str]
) -> None:
    """Let a peer's key reach only sessions that the peer is in now; wider keys pass.

    Raises:
        Unauthorised: the peer is not in one of them, or the key is another session's.
    """
    if caller.wide or not session_ids:
        return
    if caller.session_id is not None or caller.peer_id is None:
        reached = frozenset({caller.session_id})
    else:
        reached = await members.active_in(service.database, workspace_id, caller.peer_id, session_ids)
    if not reached.issuperset(session_ids):
        raise Unauthorised("The key does not reach this session")


def require_wide(caller: Caller) -> None:
    """Let only keys of a whole workspace pass, where a route or an option is about more than one peer or session.

    Raises:
        Unauthorised: the key is a peer's or a session's.
    """
    if not caller.wide:
        raise Unauthorised("A key of the whole workspace is required")


async def _limit(service: "Service", connection: Connection, header: str | None) -> None:
    if service.settings.auth.enabled:
        caller = f"key {header}"
    else:
        caller = f"address {connection.client.host if connection.client else ''}"
    wait = await service.rates.wait(caller)
    if wait > 0:
        raise RateLimited(f"Too many requests; try again in {math.ceil(wait)} s", wait)


async def _allowed(service: "Service", caller: Caller, access: Access, path: dict[str, str]) -> bool:
    if caller.admin:
        return True
    workspace_id = path.get("workspace_id")
    if access is Access.ADMIN or (workspace_id is not None and not caller.reaches(workspace_id)):
        return False
    if access is Access.CLAIMS or caller.wide:
        return True
    if caller.session_id is not None:
        of_session = access in {Access.SESSION, Access.MEMBER, Access.OWN_MEMBER}
        return of_session and caller.session_id == path["session_id"]
    if access is Access.PEER:
        return caller.peer_id == path["peer_id"]
    if access is Access.OWN_MEMBER and caller.peer_id != path["peer_id"]:
        return False
    if access in {Access.MEMBER, Access.OWN_MEMBER} and workspace_id is not None:
        session_id = path["session_id"]
        return session_id in await members.active_in(
            service.database, workspace_id, caller.peer_id or "", (session_id,)
        )
    return False
