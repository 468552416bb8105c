"""Searching messages: of a workspace, of a peer, of a session."""

from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from app.api.access import Access, CallerDependency
from app.api.messages import Message, show
from app.api.scoping import scope_sessions
from app.api.searching import find_messages
from app.api.service import ServiceDependency
from app.api.wire.fields import FreeForm, Text
from graph.errors import Invalid

MOST = 100


class MessageSearch(Struct, frozen=True, kw_only=True):
    """What to search for, in which messages, and how many of the best."""

    query: Text
    filters: FreeForm | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 10


class WorkspaceSearch(Struct, frozen=True, kw_only=True):
    """The same, and a scope whose sessions alone are searched."""

    query: Text
    filters: FreeForm | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 10
    scope: str | None = None


class SearchController(Controller):
    """Messages by what they say, best first."""

    path = "/workspaces/{workspace_id:str}"
    tags = ["search"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/search", status_code=200, access=Access.WORKSPACE, answers=(404,))
    async def search_workspace(
        self,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        data: JSONBody[WorkspaceSearch],
    ) -> list[Message]:
        """Find messages of a workspace, or of a scope's sessions, by their words and their meaning."""
        session_ids = None
        if data.scope is not None:
            if data.filters is not None and "session_id" in data.filters:
                raise Invalid("scope and a filter by session_id exclude each other")
            session_ids = await scope_sessions(service, caller, workspace_id, [data.scope])
        found = await find_messages(
            service, workspace_id, data.query, filters=data.filters, limit=data.limit, session_ids=session_ids
        )
        return [show(message) for message in found]

    @post("/peers/{peer_id:str}/search", status_code=200, access=Access.PEER)
    async def search_peer(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[MessageSearch],
    ) -> list[Message]:
        """Find messages that a peer wrote."""
        found = await find_messages(
            service, workspace_id, data.query, filters=data.filters, limit=data.limit, peer_id=peer_id
        )
        return [show(message) for message in found]

    @post("/sessions/{session_id:str}/search", status_code=200, access=Access.MEMBER)
    async def search_session(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[MessageSearch],
    ) -> list[Message]:
        """Find messages of a session."""
        found = await find_messages(
            service, workspace_id, data.query, filters=data.filters, limit=data.limit, session_id=session_id
        )
        return [show(message) for message in found]
