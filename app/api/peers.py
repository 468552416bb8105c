"""Peers."""

from datetime import datetime
from typing import Literal

from litestar import Controller, Response, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.api.access import Access, CallerDependency
from app.api.service import ServiceDependency
from app.api.sessions import Session, SessionGet
from app.api.sessions import show as show_session
from app.api.wire.fields import FreeForm, Metadata, NewName
from app.api.wire.pages import ListQuery, Page, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.errors import Unauthorised
from graph.filters import Resource, compile_filter
from graph.store import peers, sessions


class Peer(Struct, frozen=True, kw_only=True):
    """A peer as it goes out; `configuration` is exactly what was stored: clients refuse keys they do not know."""

    id: str
    uid: str
    workspace_id: str
    metadata: dict[str, object]
    configuration: dict[str, object]
    created_at: datetime


class PeerCreate(Struct, frozen=True, kw_only=True):
    """What to create, or to replace where it is not null."""

    id: NewName
    metadata: Metadata | None = None
    configuration: FreeForm | None = None


class PeerUpdate(Struct, frozen=True, kw_only=True):
    """What to replace; null and absent leave alone."""

    metadata: Metadata | None = None
    configuration: FreeForm | None = None


class PeerGet(Struct, frozen=True, kw_only=True):
    """Which peers to list: ordinary ones unless `kind` says `scope` or `all`."""

    filters: FreeForm | None = None
    kind: Literal["scope", "all"] | None = None


class PeerController(Controller):
    """Peers: users, agents, groups, sources."""

    path = "/workspaces/{workspace_id:str}/peers"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=201, access=Access.CLAIMS, answers=(200,))
    async def get_or_create(
        self,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        data: JSONBody[PeerCreate],
    ) -> Response[Peer]:
        """Get a peer, or create it: 201 when it is new. What is given replaces."""
        if caller.peer_id not in {None, data.id}:
            raise Unauthorised("The key is another peer's")
        peer, created = await peers.get_or_create(
            service.database, workspace_id, data.id, metadata=data.metadata, configuration=data.configuration
        )
        return Response(show(peer), status_code=201 if created else 200)

    @post("/list", status_code=200, operation_class=with_query(ListQuery), access=Access.WORKSPACE)
    async def list_peers(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        data: JSONBody[PeerGet | None] = None,
    ) -> Page[Peer]:
        """List a workspace's peers."""
        query = read_query(request, ListQuery)
        asked = data or PeerGet()
        where = compile_filter(Resource.PEER, asked.filters)
        found = await peers.page(service.database, workspace_id, where, requested(query), asked.kind or "peer")
        return paged(found, query, show)

    @put("/{peer_id:str}", access=Access.PEER)
    async def update(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[PeerUpdate],
    ) -> Peer:
        """Change a peer, or create it. What is given replaces."""
        peer, _ = await peers.get_or_create(
            service.database, workspace_id, peer_id, metadata=data.metadata, configuration=data.configuration
        )
        return show(peer)

    @post("/{peer_id:str}/sessions", status_code=200, operation_class=with_query(ListQuery), access=Access.PEER)
    async def list_sessions(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[SessionGet | None] = None,
    ) -> Page[Session]:
        """List the sessions that a peer is or was in."""
        query = read_query(request, ListQuery)
        where = compile_filter(Resource.SESSION, data.filters if data else None)
        found = await sessions.page_of_peer(service.database, workspace_id, peer_id, where, requested(query))
        return paged(found, query, show_session)


def show(peer: types.Peer) -> Peer:
    """A peer as it goes out."""
    return Peer(
        id=peer.id,
        uid=peer.uid,
        workspace_id=peer.workspace_id,
        metadata=peer.metadata,
        configuration=peer.configuration,
        created_at=peer.created_at,
    )
