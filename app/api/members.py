"""Who is in a session."""

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody

from app.api.access import Access
from app.api.peers import Peer
from app.api.peers import show as show_peer
from app.api.service import ServiceDependency
from app.api.sessions import JoiningPeerConfig, Session, SessionPeerConfig, configurations
from app.api.sessions import show as show_session
from app.api.wire.pages import Page, PageQuery, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.store import members


class MemberController(Controller):
    """Members of a session, and what observing is configured for each."""

    path = "/workspaces/{workspace_id:str}/sessions/{session_id:str}/peers"
    tags = ["sessions"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/", operation_class=with_query(PageQuery), access=Access.MEMBER)
    async def list_members(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], session_id: FromPath[str]
    ) -> Page[Peer]:
        """List the peers that are in a session."""
        query = read_query(request, PageQuery)
        return paged(await members.page(service.database, workspace_id, session_id, requested(query)), query, show_peer)

    @post("/", status_code=200, access=Access.SESSION, answers=(400, 404))
    async def add(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[dict[str, JoiningPeerConfig]],
    ) -> Session:
        """Add peers to a session; one that is in keeps its configuration. `catch_up`: it learns what was before."""
        session, wakes = await members.add(
            service.database, workspace_id, session_id, configurations(data), late=_late(data)
        )
        service.waker.wake(wakes)
        return show_session(session)

    @put("/", access=Access.SESSION, answers=(400, 404))
    async def replace(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[dict[str, JoiningPeerConfig]],
    ) -> Session:
        """Make these peers the members of a session; all others leave. `catch_up`: it learns what was before."""
        session, wakes = await members.replace(
            service.database, workspace_id, session_id, configurations(data), late=_late(data)
        )
        service.waker.wake(wakes)
        return show_session(session)

    @delete("/", status_code=200, access=Access.SESSION, answers=(404,))
    async def remove(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[list[str]],
    ) -> Session:
        """Let peers leave a session; their history stays."""
        return show_session(await members.remove(service.database, workspace_id, session_id, data))

    @get("/{peer_id:str}/config", access=Access.OWN_MEMBER, answers=(404,))
    async def configuration(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        peer_id: FromPath[str],
    ) -> SessionPeerConfig:
        """Tell what observing is configured for a peer that is or was in the session."""
        said = await members.configuration(service.database, workspace_id, session_id, peer_id)
        return SessionPeerConfig(observe_me=said.observe_me, observe_others=said.observe_others)

    @put("/{peer_id:str}/config", status_code=204, access=Access.SESSION, answers=(400, 404))
    async def configure(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[SessionPeerConfig],
    ) -> None:
        """Set what is given; a peer that was never in the session joins it."""
        said = types.MemberConfiguration(observe_me=data.observe_me, observe_others=data.observe_others)
        await members.configure(service.database, workspace_id, session_id, peer_id, said)


def _late(data: dict[str, JoiningPeerConfig]) -> list[str]:
    return [peer_id for peer_id, said in data.items() if said.catch_up]
