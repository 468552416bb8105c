"""How sessions end, and how they go on as copies."""

from litestar import Controller, delete, post
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.service import ServiceDependency
from app.api.sessions import Session, show
from app.api.wire.accepted import Accepted
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph.store import cloning, deletion


class CloneQuery(Struct, frozen=True, kw_only=True):
    """The message that the copy ends with, if not the last."""

    message_id: str | None = None


class LifetimeController(Controller):
    """Copies and the deletion of sessions."""

    path = "/workspaces/{workspace_id:str}/sessions/{session_id:str}"
    tags = ["sessions"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @delete("/", status_code=202, access=Access.SESSION, answers=(404,))
    async def delete_session(
        self, service: ServiceDependency, workspace_id: FromPath[str], session_id: FromPath[str]
    ) -> Accepted:
        """Delete a session with its messages and what was concluded from them: out of use at once, gone soon after.

        Its name is free again when it is gone.
        """
        service.waker.wake(await deletion.accept_session(service.database, workspace_id, session_id))
        return Accepted(message="Session deleted successfully")

    @post("/clone", status_code=201, operation_class=with_query(CloneQuery), access=Access.SESSION, answers=(404,))
    async def clone(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
    ) -> Session:
        """Copy a session under a new name: its settings, its members, its messages, all or up to one of them.

        The messages get new ids and count as said now. Nothing is concluded from them.
        """
        query = read_query(request, CloneQuery)
        cloned = await cloning.clone(service.database, workspace_id, session_id, query.message_id)
        service.waker.wake(cloned.wakes)
        return show(cloned.session)
