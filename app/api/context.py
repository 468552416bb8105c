"""Prompt-ready context of a peer and of a session."""

from collections.abc import Sequence
from datetime import UTC
from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.api.access import Access, CallerDependency, require_membership, require_wide
from app.api.messages import Message
from app.api.messages import show as show_message
from app.api.recalling import RecallOptions, ask
from app.api.scoping import scope_observer
from app.api.service import Service, ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from app.keys import Caller
from app.models import tokens
from graph import types
from graph.errors import Invalid, Unauthorised
from graph.recall.allowlist import check_allowlist
from graph.recall.context import MOST_TOKENS, peer_context, session_context
from graph.recall.recipes import PEER_CONTEXT, SESSION_CONTEXT
from graph.recall.representation import Asked
from graph.store import summaries


class PeerContextQuery(RecallOptions, frozen=True, kw_only=True):
    """About whom (the peer itself by default), and how to choose."""

    target: str | None = None
    include_most_frequent: bool = PEER_CONTEXT.include_most_frequent


class PeerContext(Struct, frozen=True, kw_only=True):
    """What a peer holds about another; the card is null when there is none."""

    peer_id: str
    target_id: str
    representation: str | None = None
    peer_card: list[str] | None = None


class SessionContextQuery(RecallOptions, frozen=True, kw_only=True):
    """How many tokens, and what to recall about a peer beside the messages."""

    tokens: Annotated[int, Meta(le=MOST_TOKENS)] | None = None
    summary: bool = True
    peer_target: str | None = None
    peer_perspective: str | None = None
    scope: str | None = None
    sessions: list[str] | None = None
    limit_to_session: bool = False
    include_most_frequent: bool = SESSION_CONTEXT.include_most_frequent


class Summary(Struct, frozen=True, kw_only=True):
    """A summary of a session up to a message; `created_at` is text, in whole seconds."""

    content: str
    message_id: str
    summary_type: str
    created_at: str
    token_count: int


class SessionContext(Struct, frozen=True, kw_only=True):
    """The context of a session, messages oldest first; what was not asked for, or does not exist, is null."""

    id: str
    messages: list[Message]
    summary: Summary | None = None
    peer_representation: str | None = None
    peer_card: list[str] | None = None


class SessionSummaries(Struct, frozen=True, kw_only=True):
    """The summaries of a session."""

    id: str
    short_summary: Summary | None = None
    long_summary: Summary | None = None


class PeerContextController(Controller):
    """The context of a peer."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/context", operation_class=with_query(PeerContextQuery), access=Access.PEER, answers=(404,))
    async def get_context(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], peer_id: FromPath[str]
    ) -> PeerContext:
        """Get what a peer holds about another, or about itself."""
        query = read_query(request, PeerContextQuery)
        asked = await ask(
            service,
            PEER_CONTEXT,
            query,
            observer_id=peer_id,
            observed_id=peer_id if query.target is None else query.target,
            include_most_frequent=query.include_most_frequent,
        )
        held = await peer_context(service.database, workspace_id, asked)
        return PeerContext(
            peer_id=peer_id,
            target_id=asked.observed_id,
            representation=held.representation,
            peer_card=held.card,
        )


class SessionContextController(Controller):
    """The context of a session, and its summaries."""

    path = "/workspaces/{workspace_id:str}/sessions/{session_id:str}"
    tags = ["sessions"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/context", operation_class=with_query(SessionContextQuery), access=Access.MEMBER, answers=(404,))
    async def get_context(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
    ) -> SessionContext:
        """Get the newest messages of a session that fit a budget, and what is held about a peer."""
        query = read_query(request, SessionContextQuery)
        await _check_reach(service, caller, workspace_id, query)
        found = await session_context(
            service.database,
            workspace_id,
            session_id,
            tokens=MOST_TOKENS if query.tokens is None else query.tokens,
            about=await _about(service, caller, workspace_id, session_id, query),
            count=tokens.count,
            summary=query.summary,
            as_of=query.as_of,
        )
        return SessionContext(
            id=session_id,
            messages=[show_message(message) for message in found.messages],
            summary=_show(found.summary),
            peer_representation=found.representation,
            peer_card=found.card,
        )

    @get("/summaries", access=Access.MEMBER)
    async def get_summaries(
        self, service: ServiceDependency, workspace_id: FromPath[str], session_id: FromPath[str]
    ) -> SessionSummaries:
        """Get the summaries of a session; null where there is none."""
        found = await summaries.of_session(service.database, workspace_id, session_id)
        return SessionSummaries(
            id=session_id, short_summary=_show(found.get("short")), long_summary=_show(found.get("long"))
        )


def _show(stored: types.Summary | None) -> Summary | None:
    if stored is None:
        return None
    return Summary(
        content=stored.content,
        message_id=stored.message_id,
        summary_type=f"honcho_chat_summary_{stored.kind}",
        created_at=f"{stored.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        token_count=stored.token_count,
    )


async def _check_reach(service: Service, caller: Caller, workspace_id: str, query: SessionContextQuery) -> None:
    """Let a peer's key see through the eyes of that peer alone, and into the sessions that it is in."""
    if query.scope is not None:
        require_wide(caller)
    observer_id = query.peer_target if query.peer_perspective is None else query.peer_perspective
    if caller.peer_id is not None and observer_id not in {None, caller.peer_id}:
        raise Unauthorised("The key is another peer's")
    if caller.peer_id is not None:
        await require_membership(service, caller, workspace_id, query.sessions or ())


async def _about(
    service: Service, caller: Caller, workspace_id: str, session_id: str, query: SessionContextQuery
) -> Asked | None:
    allowed = _sessions(session_id, query)
    if query.peer_target is None:
        _refuse_given(query, ("peer_perspective", "sessions", "scope"), "{} needs peer_target")
        return None
    observer_id = query.peer_target if query.peer_perspective is None else query.peer_perspective
    if query.scope is not None:
        _refuse_given(query, ("peer_perspective", "sessions"), "scope and {} exclude each other")
        observer_id = await scope_observer(service, caller, workspace_id, query.scope)
    return await ask(
        service,
        SESSION_CONTEXT,
        query,
        observer_id=observer_id,
        observed_id=query.peer_target,
        include_most_frequent=query.include_most_frequent,
        session_ids=allowed,
        scoped=query.scope is not None,
    )


def _refuse_given(query: SessionContextQuery, names: Sequence[str], sentence: str) -> None:
    for name in names:
        if getattr(query, name) is not None:
            raise Invalid(sentence.format(name))


def _sessions(session_id: str, query: SessionContextQuery) -> list[str] | None:
    if query.sessions is None:
        return [session_id] if query.limit_to_session else None
    if query.limit_to_session:
        raise Invalid("sessions and limit_to_session exclude each other")
    allowed = check_allowlist(query.sessions, "sessions")
    if session_id not in allowed:
        raise Invalid(f"sessions must include {session_id}, the session itself")
    return allowed
