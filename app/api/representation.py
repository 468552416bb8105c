"""What a peer holds about another, or about itself, as text."""

from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.api.access import Access, CallerDependency
from app.api.recalling import Few, RecallOptions, ask
from app.api.scoping import ScopeNames, names_of, scope_observer, scope_sessions
from app.api.service import ServiceDependency
from app.api.wire.fields import FreeForm
from graph.errors import Invalid
from graph.names import refuse_scope_peer
from graph.recall.allowlist import read_allowlist
from graph.recall.recipes import REPRESENTATION
from graph.recall.representation import representation


class PeerRepresentationGet(RecallOptions, frozen=True, kw_only=True):
    """Whose representation, about whom, and how to choose; `filters` may only restrict to sessions.

    `scope` is the name of a scope, through whose eyes to see, or a list of names, in whose sessions alone to look.
    """

    session_id: str | None = None
    filters: FreeForm | None = None
    scope: ScopeNames = None
    target: str | None = None
    include_most_frequent: bool | None = None
    max_conclusions: Few | None = REPRESENTATION.max_conclusions


class RepresentationResponse(Struct, frozen=True):
    """A representation; empty when there is nothing to say."""

    representation: str


class RepresentationController(Controller):
    """Representations."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/representation", status_code=200, access=Access.PEER, answers=(404,))
    async def get_representation(
        self,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[PeerRepresentationGet],
    ) -> RepresentationResponse:
        """Get what a peer holds about another, or about itself."""
        if data.scope is not None:
            _check_scope(peer_id, data)
        observer_id, sessions = peer_id, _sessions(data)
        if isinstance(data.scope, str):
            observer_id = await scope_observer(service, caller, workspace_id, data.scope)
        elif data.scope is not None:
            sessions = await scope_sessions(service, caller, workspace_id, names_of(data.scope))
        frequent = data.include_most_frequent
        asked = await ask(
            service,
            REPRESENTATION,
            data,
            observer_id=observer_id,
            observed_id=peer_id if data.target is None else data.target,
            include_most_frequent=REPRESENTATION.include_most_frequent if frequent is None else frequent,
            session_ids=sessions,
            scoped=isinstance(data.scope, str),
        )
        found = await representation(service.database, workspace_id, asked)
        return RepresentationResponse(found.text)


def _check_scope(peer_id: str, data: PeerRepresentationGet) -> None:
    refuse_scope_peer(peer_id)
    for name, value in (("filters", data.filters), ("session_id", data.session_id)):
        if value is not None:
            raise Invalid(f"scope and {name} exclude each other")


def _sessions(data: PeerRepresentationGet) -> list[str] | None:
    allowed = read_allowlist(data.filters)
    if data.session_id is None:
        return allowed
    if allowed is not None and data.session_id not in allowed:
        raise Invalid("session_id must be among the sessions that filters allow")
    return [data.session_id]
