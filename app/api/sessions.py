"""Sessions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from litestar import Controller, Response, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from app.api.access import Access, CallerDependency, require_wide
from app.api.scoping import MOST_SCOPES
from app.api.service import ServiceDependency
from app.api.wire.configuration import SessionConfiguration, stored
from app.api.wire.fields import FreeForm, Metadata, NewName
from app.api.wire.pages import ListQuery, Page, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.errors import Invalid, NotFound, Unauthorised
from graph.filters import Resource, compile_filter
from graph.names import check_new_name
from graph.store import sessions
from graph.store.sessions import SessionChange


class Session(Struct, frozen=True, kw_only=True):
    """A session as it goes out; `configuration` holds what was stored, no defaults."""

    id: str
    uid: str
    is_active: bool
    workspace_id: str
    metadata: dict[str, object]
    configuration: dict[str, object]
    created_at: datetime


class SessionPeerConfig(Struct, frozen=True, kw_only=True):
    """What observing a member allows and does; null means not said here."""

    observe_me: bool | None = None
    observe_others: bool | None = None


class JoiningPeerConfig(SessionPeerConfig, frozen=True, kw_only=True):
    """The same of a member that joins, and whether it learns what was concluded in the session before (additive).

    `catch_up` needs `observe_others`; it is done once, in the background, and not kept.
    """

    catch_up: bool = False


class SessionCreate(Struct, frozen=True, kw_only=True):
    """What to create, or to change where it is not null."""

    id: NewName
    metadata: Metadata | None = None
    peers: Annotated[dict[str, SessionPeerConfig], Meta(extra={"aliases": ("peer_names",)})] | None = None
    configuration: SessionConfiguration | None = None
    scopes: Annotated[list[str], Meta(max_length=MOST_SCOPES)] | None = None


class SessionUpdate(Struct, frozen=True, kw_only=True):
    """What to change; null and absent leave alone."""

    metadata: Metadata | None = None
    configuration: SessionConfiguration | None = None


class SessionGet(Struct, frozen=True, kw_only=True):
    """Which sessions to list."""

    filters: FreeForm | None = None


class SessionController(Controller):
    """Sessions: threads of messages."""

    path = "/workspaces/{workspace_id:str}/sessions"
    tags = ["sessions"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=201, access=Access.CLAIMS, answers=(200, 400, 404))
    async def get_or_create(
        self,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        data: JSONBody[SessionCreate],
    ) -> Response[Session]:
        """Get a session, or create it: 201 when it is new. Metadata is replaced, configuration merged, peers join.

        It is added to the `scopes` named, which must exist and take a key of the whole workspace.
        """
        if caller.session_id not in {None, data.id}:
            raise Unauthorised("The key is another session's")
        if data.scopes is not None:
            require_wide(caller)
        change = SessionChange(
            metadata=data.metadata,
            configuration=None if data.configuration is None else stored(data.configuration),
            members=None if data.peers is None else configurations(data.peers),
            scopes=data.scopes or (),
        )
        session, created, wakes = await sessions.get_or_create(service.database, workspace_id, data.id, change)
        service.waker.wake(wakes)
        return Response(show(session), status_code=201 if created else 200)

    @post("/list", status_code=200, operation_class=with_query(ListQuery), access=Access.WORKSPACE)
    async def list_sessions(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        data: JSONBody[SessionGet | None] = None,
    ) -> Page[Session]:
        """List a workspace's active sessions."""
        query = read_query(request, ListQuery)
        where = compile_filter(Resource.SESSION, data.filters if data else None)
        return paged(await sessions.page(service.database, workspace_id, where, requested(query)), query, show)

    @put("/{session_id:str}", access=Access.SESSION, answers=(404,))
    async def update(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[SessionUpdate],
    ) -> Session:
        """Change a session, or create it. Metadata is replaced; configuration is merged by its top-level keys."""
        # Clients expect of this route alone that a name nothing can have is not found, rather than refused.
        try:
            check_new_name("session", session_id)
        except Invalid as fault:
            raise NotFound("Session not found") from fault
        change = SessionChange(
            metadata=data.metadata,
            configuration=None if data.configuration is None else stored(data.configuration),
        )
        session, _, _ = await sessions.get_or_create(service.database, workspace_id, session_id, change)
        return show(session)


def show(session: types.Session) -> Session:
    """A session as it goes out."""
    return Session(
        id=session.id,
        uid=session.uid,
        is_active=session.is_active,
        workspace_id=session.workspace_id,
        metadata=session.metadata,
        configuration=session.configuration,
        created_at=session.created_at,
    )


def configurations(peers: Mapping[str, SessionPeerConfig]) -> dict[str, types.MemberConfiguration]:
    """Members with their configuration, as the store takes them."""
    return {
        name: types.MemberConfiguration(observe_me=said.observe_me, observe_others=said.observe_others)
        for name, said in peers.items()
    }
