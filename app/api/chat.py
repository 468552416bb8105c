"""Chat: questions to what is held and said, answered whole or as the answer is written."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import cast

import msgspec
from litestar import Controller, Response, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from msgspec import UNSET, Struct, UnsetType

from app.api.access import Access, CallerDependency
from app.api.asking import Asked, DialecticOptions, WorkspaceChatOptions, ask_peer, ask_workspace
from app.api.errors import UNEXPECTED, ModelUnavailable, ModelUnusable
from app.api.service import Service, ServiceDependency
from app.chat.evidence import Evidence
from app.models.faults import ModelFault, ModelRefused, ModelTransient
from graph import types
from graph.errors import DoxaError, Invalid

_log = logging.getLogger(__name__)
_JSON = msgspec.json.Encoder()
#: Neither caches nor proxies may hold back what is written bit by bit.
_STREAMED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


class EvidenceConclusion(Struct, frozen=True, kw_only=True):
    """A conclusion that was read for an answer."""

    id: str
    level: types.Level
    content: str
    created_at: datetime
    session_id: str | None
    observer_id: str
    observed_id: str | None
    source_ids: Sequence[str]


class EvidenceMessage(Struct, frozen=True, kw_only=True):
    """A message that was read for an answer."""

    id: str
    session_id: str
    peer_id: str
    created_at: datetime


class EvidenceToolCall(Struct, frozen=True, kw_only=True):
    """A tool that was called for an answer and did its work."""

    tool_name: str
    tool_input: dict[str, object]


class ChatEvidence(Struct, frozen=True, kw_only=True):
    """What was read for an answer; not all of it need have gone into it."""

    conclusions: list[EvidenceConclusion]
    messages: list[EvidenceMessage]
    tool_calls: list[EvidenceToolCall]
    reasoning_trace_id: str | None = None


class ChatResponse(Struct, frozen=True, kw_only=True):
    """An answer; null when the model said nothing. With `response_format` it is JSON text."""

    content: str | None
    evidence: ChatEvidence | None = None


class _Delta(Struct, frozen=True):
    content: str


class _Event(Struct, frozen=True, kw_only=True):
    delta: _Delta | UnsetType = UNSET
    error: str | UnsetType = UNSET
    evidence: ChatEvidence | UnsetType = UNSET
    done: bool


class PeerChatController(Controller):
    """Questions to a peer's memory."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}/chat"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=200, access=Access.PEER, answers=(404,), streams=True)
    async def chat(
        self,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        peer_id: FromPath[str],
        data: JSONBody[DialecticOptions],
    ) -> Response[ChatResponse]:
        """Ask what a peer knows about another, or about itself; with `stream` the answer comes as it is written."""
        asked = await ask_peer(service, caller, workspace_id, peer_id, data)
        return await _answer(service, asked, data)


class WorkspaceChatController(Controller):
    """Questions to all that a workspace holds."""

    path = "/workspaces/{workspace_id:str}/chat"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=200, access=Access.WORKSPACE, answers=(404,), streams=True)
    async def chat(
        self,
        service: ServiceDependency,
        caller: CallerDependency,
        workspace_id: FromPath[str],
        data: JSONBody[WorkspaceChatOptions],
    ) -> Response[ChatResponse]:
        """Ask what is known about anybody; with `stream` the answer comes as it is written."""
        asked = await ask_workspace(service, caller, workspace_id, data)
        return await _answer(service, asked, data)


async def _answer(service: Service, asked: Asked, data: WorkspaceChatOptions) -> Response[ChatResponse]:
    service.metrics.dialectic_called(data.reasoning_level)
    pieces = _translated(service.answerer.answer(asked.question, asked.memory))
    if not data.stream:
        content = "".join([piece async for piece in pieces])
        evidence = _shown(asked.memory.evidence) if data.include_evidence else None
        return Response(ChatResponse(content=content or None, evidence=evidence))
    # The first piece is awaited here: what fails before it is an ordinary error with its own status.
    first = await anext(pieces, None)
    events = _events(first, pieces, asked.memory.evidence if data.include_evidence else None)
    stream = Stream(events, media_type="text/event-stream", headers=_STREAMED)
    return cast("Response[ChatResponse]", stream)


async def _translated(pieces: AsyncGenerator[str]) -> AsyncGenerator[str]:
    """The pieces; what a model does wrong becomes an error that has a status, and tells nothing of the endpoint."""
    try:
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece
    except ModelFault as fault:
        _log.warning("no answer: %s", fault)
        raise _refusal(fault) from fault


def _refusal(fault: ModelFault) -> DoxaError:
    if isinstance(fault, ModelRefused):
        return Invalid("the language model declined to answer this")
    if isinstance(fault, ModelTransient):
        return ModelUnavailable("the language model does not answer now", fault.retry_after)
    return ModelUnusable("the language model cannot be used as it is configured")


async def _events(first: str | None, pieces: AsyncGenerator[str], evidence: Evidence | None) -> AsyncGenerator[bytes]:
    try:
        async with aclosing(pieces):
            if first:
                yield _event(_Event(delta=_Delta(first), done=False))
            async for piece in pieces:
                if piece:
                    yield _event(_Event(delta=_Delta(piece), done=False))
    except DoxaError as fault:
        yield _event(_Event(error=fault.detail, done=True))
    except Exception:
        # The status is out already, so this is the only way left to tell the client.
        _log.exception("an answer broke off")
        yield _event(_Event(error=UNEXPECTED, done=True))
    else:
        yield _event(_Event(evidence=UNSET if evidence is None else _shown(evidence), done=True))


def _event(event: _Event) -> bytes:
    return b"data: " + _JSON.encode(event) + b"\n\n"


def _shown(evidence: Evidence) -> ChatEvidence:
    return ChatEvidence(
        conclusions=[
            EvidenceConclusion(
                id=one.id,
                level=one.level,
                content=one.content,
                created_at=one.created_at,
                session_id=one.session_id,
                observer_id=one.observer_id,
                observed_id=one.observed_id,
                source_ids=one.source_ids,
            )
            for one in evidence.conclusions
        ],
        messages=[
            EvidenceMessage(id=one.id, session_id=one.session_id, peer_id=one.peer_id, created_at=one.created_at)
            for one in evidence.messages
        ],
        tool_calls=[
            EvidenceToolCall(tool_name=one.tool_name, tool_input=dict(one.tool_input)) for one in evidence.tool_uses
        ],
    )
