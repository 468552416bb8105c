"""What a peer can know that another holds about a third."""

from datetime import datetime

from litestar import Controller, get
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.recalling import Few, refuse_reserved
from app.api.service import ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.names import check_known_name, refuse_scope_peer
from graph.recall.recipes import REPRESENTATION
from graph.recall.shared import shared


class PerspectiveQuery(Struct, frozen=True, kw_only=True):
    """Who holds, about whom (the holder itself by default), how many conclusions at most, and at what time."""

    target: str
    of: str | None = None
    max_conclusions: Few = REPRESENTATION.max_conclusions
    as_of: datetime | None = None


class SharedConclusion(Struct, frozen=True, kw_only=True):
    """A conclusion that both can know; `message_ids` are all the messages that its proof leads to.

    Of the past, these are those it led to then; what was retracted since is not named.
    """

    id: str
    content: str
    level: types.Level
    session_id: str | None
    created_at: datetime
    observed_at: datetime
    about_at: datetime | None
    source_ids: list[str]
    message_ids: list[str]


class Perspective(Struct, frozen=True, kw_only=True):
    """What the peer `peer_id` can know that `target_id` holds about `of_id`: the newest first, and as text."""

    peer_id: str
    target_id: str
    of_id: str
    conclusions: list[SharedConclusion]
    representation: str


class PerspectiveController(Controller):
    """Perspectives; additive to the v3 API."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/perspective", operation_class=with_query(PerspectiveQuery), access=Access.PEER)
    async def get_perspective(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], peer_id: FromPath[str]
    ) -> Perspective:
        """Get what a peer can know that another holds about a third: what rests on messages both were there for.

        With `as_of`, what it could know then that was held then.
        """
        query = read_query(request, PerspectiveQuery)
        of_id = query.target if query.of is None else query.of
        for name in (peer_id, query.target, of_id):
            check_known_name("peer", name)
        refuse_scope_peer(peer_id)
        refuse_scope_peer(query.target)
        refuse_reserved(of_id)
        found = await shared(
            service.database, workspace_id, peer_id, query.target, of_id, query.max_conclusions, query.as_of
        )
        return Perspective(
            peer_id=peer_id,
            target_id=query.target,
            of_id=of_id,
            conclusions=[_show(one.conclusion) for one in found.recalled],
            representation=found.text,
        )


def _show(one: types.Conclusion) -> SharedConclusion:
    return SharedConclusion(
        id=one.id,
        content=one.content,
        level=one.level,
        session_id=one.session_id,
        created_at=one.created_at,
        observed_at=one.observed_at,
        about_at=one.about_at,
        source_ids=list(one.source_ids),
        message_ids=list(one.source_message_ids),
    )
