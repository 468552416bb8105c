"""Retracting messages, and restoring them.

A retracted message keeps its place and its words, but is no support: what rests on nothing else leaves recall in the
same transaction, and search, context, chat and reasoning do not find the message. Restoring it brings all that back.
Summaries that cover it go either way, and are made anew.
"""

from datetime import UTC, datetime

from msgspec import Struct

from graph.cause import led_by
from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.queries import messages as queries
from graph.store import messages, passages, summaries, work
from graph.store.revising import meet
from graph.store.support import Settled, settle_messages
from graph.types import Message, Page, PageRequest, Unit, Wake


class RetractedMessage(Struct, frozen=True):
    """A message, and when it was retracted."""

    message: Message
    retracted_at: datetime


async def retract(database: Database, workspace_id: str, session_id: str, message_id: str) -> Settled:
    """Retract a message, and retire what has no other support.

    Raises:
        NotFound: it is not in that session, or retracted already, or the session is being deleted.
    """
    now = datetime.now(UTC)
    wanted = queries.Retract(
        workspace_id=workspace_id,
        session_id=session_id,
        message_id=message_id,
        reasoning_key=f"reasoning/{workspace_id}/{session_id}/",
        now=now,
    )

    async def take(tx: Transaction) -> Settled:
        row = await tx.maybe(queries.RETRACT, wanted)
        if row is None:
            raise NotFound(f"Message {message_id} not found in session {session_id}")
        settled = await meet(tx, workspace_id, await settle_messages(tx, workspace_id, [message_id], now), now)
        wakes = await summaries.forget(tx, workspace_id, session_id, row.seq)
        return Settled(settled.retired, settled.revived, (*settled.wakes, *wakes))

    return await database.write(take)


async def restore(database: Database, workspace_id: str, session_id: str, message_id: str) -> Settled:
    """Restore a retracted message, and revive what has its support again.

    Raises:
        NotFound: the session has no such message that is retracted, or is being deleted.
    """
    now = datetime.now(UTC)
    wanted = queries.Restore(
        workspace_id=workspace_id,
        session_id=session_id,
        message_id=message_id,
        reasoning_key=f"reasoning/{workspace_id}/{session_id}/",
        embedding_key=passages.unit_key(workspace_id, session_id),
        now=now,
        led_by=led_by(),
    )

    async def bring(tx: Transaction) -> Settled:
        row = await tx.maybe(queries.RESTORE, wanted)
        if row is None:
            raise NotFound(f"Retracted message {message_id} not found in session {session_id}")
        settled = await meet(tx, workspace_id, await settle_messages(tx, workspace_id, [message_id], now), now)
        wakes: list[Wake] = [Wake(row.key, now)] if row.key else []
        wakes += await summaries.forget(tx, workspace_id, session_id, row.seq)
        if row.unembedded:
            wakes += await work.request(tx, workspace_id, [_embedding(workspace_id, session_id)])
        return Settled(settled.retired, settled.revived, (*settled.wakes, *wakes))

    return await database.write(bring)


async def page(database: Database, workspace_id: str, session_id: str, request: PageRequest) -> Page[RetractedMessage]:
    """One page of a session's retracted messages, in the order they were stored; an unknown session has none."""
    session = queries.InSession(workspace_id=workspace_id, session_id=session_id)
    wanted = queries.PageOf(workspace_id=workspace_id, session_id=session_id, skip=request.skip, limit=request.size)

    async def read(tx: Transaction) -> Page[RetractedMessage]:
        total = (await tx.one(queries.RETRACTED_TOTAL, session)).total
        rows = await tx.many(queries.RETRACTED, wanted) if request.skip < total else []
        return Page(items=[RetractedMessage(messages.message(row), row.retracted_at) for row in rows], total=total)

    return await database.read(read)


def _embedding(workspace_id: str, session_id: str) -> Unit:
    return Unit(key=passages.unit_key(workspace_id, session_id), kind="embedding", session_id=session_id)
