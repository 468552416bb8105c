"""Messages."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from litestar import Controller, Response, get, post, put
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from app.api.access import Access
from app.api.service import Service, ServiceDependency
from app.api.wire.configuration import MessageConfiguration, stored
from app.api.wire.fields import FreeForm, Metadata, without_nul
from app.api.wire.pages import ListQuery, Page, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from app.api.wire.repeating import read_once, replay_headers, with_key
from app.models import tokens
from graph import types
from graph.filters import Resource, compile_filter
from graph.store import messages

MAX_CONTENT = 25_000
MAX_BATCH = 100
#: Counting more than this many characters takes longer than other requests should wait on the event loop.
COUNTED_AT_ONCE = 5_000


class Message(Struct, frozen=True, kw_only=True):
    """A message as it goes out."""

    id: str
    content: str
    peer_id: str
    session_id: str
    workspace_id: str
    metadata: dict[str, object]
    created_at: datetime
    token_count: int


class MessageCreate(Struct, frozen=True, kw_only=True):
    """A message to store; without `created_at` it was said now."""

    content: Annotated[str, Meta(min_length=0, max_length=MAX_CONTENT)]
    peer_id: str
    metadata: Metadata | None = None
    configuration: MessageConfiguration | None = None
    created_at: datetime | None = None


class MessageBatchCreate(Struct, frozen=True, kw_only=True):
    """Messages to store in their order."""

    messages: Annotated[list[MessageCreate], Meta(min_length=1, max_length=MAX_BATCH)]


class MessageUpdate(Struct, frozen=True, kw_only=True):
    """What to replace; null and absent leave alone."""

    metadata: Metadata | None = None


class MessageGet(Struct, frozen=True, kw_only=True):
    """Which messages to list."""

    filters: FreeForm | None = None


class MessageController(Controller):
    """Messages of a session."""

    path = "/workspaces/{workspace_id:str}/sessions/{session_id:str}/messages"
    tags = ["messages"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    # Litestar treats a path and the same with a slash at its end as one, so older clients' form is served too.
    @post("/", status_code=201, operation_class=with_key(), access=Access.SESSION, answers=(404, 409))
    async def create(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[MessageBatchCreate],
    ) -> Response[list[Message]]:
        """Store messages; what is answered is kept, and will be reasoned over."""
        appended = await messages.append(
            service.database,
            workspace_id=workspace_id,
            session_id=session_id,
            messages=await _prepared(data.messages),
            deployment=service.deployment,
            once=read_once(request, "messages", service.settings.api.idempotency_keep, session_id, data),
        )
        return answer(service, appended)

    @post("/list", status_code=200, operation_class=with_query(ListQuery), access=Access.MEMBER)
    async def list_messages(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        data: JSONBody[MessageGet | None] = None,
    ) -> Page[Message]:
        """List a session's messages in the order they were stored."""
        query = read_query(request, ListQuery)
        where = compile_filter(Resource.MESSAGE, data.filters if data else None)
        found = await messages.page(service.database, workspace_id, session_id, where, requested(query))
        return paged(found, query, show)

    @get("/{message_id:str}", access=Access.MEMBER, answers=(404,))
    async def get_message(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        message_id: FromPath[str],
    ) -> Message:
        """Get one message."""
        return show(await messages.get(service.database, workspace_id, session_id, message_id))

    @put("/{message_id:str}", access=Access.SESSION, answers=(404,))
    async def update(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        message_id: FromPath[str],
        data: JSONBody[MessageUpdate],
    ) -> Message:
        """Replace a message's metadata; its content never changes."""
        return show(await messages.update(service.database, workspace_id, session_id, message_id, data.metadata))


def answer(service: Service, appended: messages.Appended) -> Response[list[Message]]:
    """What a request gets that has stored messages, after the workers were woken for them."""
    service.waker.wake(appended.wakes)
    if not appended.replayed:
        service.metrics.messages_stored(len(appended.messages))
    return Response([show(message) for message in appended.messages], headers=replay_headers(appended.replayed))


def show(message: types.Message) -> Message:
    """A message as it goes out."""
    return Message(
        id=message.id,
        content=message.content,
        peer_id=message.peer_id,
        session_id=message.session_id,
        workspace_id=message.workspace_id,
        metadata=message.metadata,
        created_at=message.created_at,
        token_count=message.token_count,
    )


async def _prepared(batch: Sequence[MessageCreate]) -> list[types.NewMessage]:
    contents = [without_nul(message.content) for message in batch]
    if sum(map(len, contents)) > COUNTED_AT_ONCE:
        counts = await asyncio.to_thread(lambda: [tokens.count(content) for content in contents])
    else:
        counts = [tokens.count(content) for content in contents]
    return [
        types.NewMessage(
            peer_id=message.peer_id,
            content=content,
            token_count=count,
            metadata=message.metadata or {},
            created_at=message.created_at,
            configuration=None if message.configuration is None else stored(message.configuration) or None,
        )
        for message, content, count in zip(batch, contents, counts, strict=True)
    ]
