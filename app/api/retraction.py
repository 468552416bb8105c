"""Retracting messages, restoring them, and erasing messages and peers for good."""

from datetime import datetime

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath
from msgspec import Struct

from app.api.access import Access
from app.api.messages import Message
from app.api.messages import show as show_message
from app.api.service import ServiceDependency
from app.api.wire.pages import Page, PageQuery, paged, requested
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph.store import erasing, retraction
from graph.store.support import Settled


class Settlement(Struct, frozen=True, kw_only=True):
    """Which conclusions left recall, and which came back to it."""

    retired_conclusion_ids: list[str]
    revived_conclusion_ids: list[str]


class RetractedMessage(Message, frozen=True, kw_only=True):
    """A message that was retracted, and when."""

    retracted_at: datetime


class EraseQuery(Struct, frozen=True, kw_only=True):
    """Whether to tell only what would go."""

    dry_run: bool = False


class Receipt(Struct, frozen=True, kw_only=True):
    """What was erased, or would be: counts, and nothing of what it said.

    `subject_hash` is the SHA-256 of `message/<workspace>/<id>` or `peer/<workspace>/<id>`; `pieces` are parts
    of long messages; `cards` were written of what is erased. `finished_at` is null while workers are at it, and for a
    dry run, which has no `id` either.
    """

    id: str | None
    kind: str
    subject_hash: str
    created_at: datetime
    finished_at: datetime | None
    messages: int
    conclusions: int
    summaries: int
    pieces: int
    runs: int
    cards: int


class Erasure(Struct, frozen=True, kw_only=True):
    """A receipt, with ids of what is erased: at most 1,000 of each kind, and none when a peer really is."""

    dry_run: bool
    receipt: Receipt
    message_ids: list[str]
    conclusion_ids: list[str]


class RetractionController(Controller):
    """Taking back what was said."""

    path = "/workspaces/{workspace_id:str}/sessions/{session_id:str}/messages"
    tags = ["messages"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/{message_id:str}/retract", status_code=200, access=Access.SESSION, answers=(404,))
    async def retract(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        message_id: FromPath[str],
    ) -> Settlement:
        """Take a message out of lists, search, context and chat, with what was concluded and has no other support.

        It keeps its words and its place, and can be restored.
        """
        return _settlement(service, await retraction.retract(service.database, workspace_id, session_id, message_id))

    @post("/{message_id:str}/restore", status_code=200, access=Access.SESSION, answers=(404,))
    async def restore(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        message_id: FromPath[str],
    ) -> Settlement:
        """Make a retracted message what it was, with what was concluded from it."""
        return _settlement(service, await retraction.restore(service.database, workspace_id, session_id, message_id))

    @get("/retracted", operation_class=with_query(PageQuery), access=Access.SESSION)
    async def list_retracted(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], session_id: FromPath[str]
    ) -> Page[RetractedMessage]:
        """List a session's retracted messages in the order they were stored."""
        query = read_query(request, PageQuery)
        return paged(await retraction.page(service.database, workspace_id, session_id, requested(query)), query, _show)

    @delete(
        "/{message_id:str}",
        status_code=200,
        operation_class=with_query(EraseQuery),
        access=Access.SESSION,
        answers=(404,),
    )
    async def erase(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        session_id: FromPath[str],
        message_id: FromPath[str],
    ) -> Erasure:
        """Erase a message for good, retracted or not, with whatever then rests on nothing.

        Summaries of the session are made anew.
        """
        dry_run = read_query(request, EraseQuery).dry_run
        planned = await erasing.message(service.database, workspace_id, session_id, message_id, dry_run=dry_run)
        service.waker.wake(planned.wakes)
        return _erasure(planned, dry_run)


class ErasureController(Controller):
    """Erasing peers, and the receipts of what was erased."""

    path = "/workspaces/{workspace_id:str}"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @delete(
        "/peers/{peer_id:str}",
        status_code=202,
        operation_class=with_query(EraseQuery),
        access=Access.WORKSPACE,
        answers=(200, 404),
    )
    async def erase_peer(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], peer_id: FromPath[str]
    ) -> Response[Erasure]:
        """Erase a peer for good: what it said, what it holds, what is held about it, and what then rests on nothing.

        It is closed at once (202) and gone soon after; its name is free again then. A dry run answers 200.
        """
        dry_run = read_query(request, EraseQuery).dry_run
        planned = await erasing.peer(service.database, workspace_id, peer_id, dry_run=dry_run)
        service.waker.wake(planned.wakes)
        return Response(_erasure(planned, dry_run), status_code=200 if dry_run else 202)

    @get("/erasures", operation_class=with_query(PageQuery), access=Access.WORKSPACE)
    async def list_receipts(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> Page[Receipt]:
        """List the receipts of what was erased in a workspace, the newest first."""
        query = read_query(request, PageQuery)
        return paged(await erasing.receipts(service.database, workspace_id, requested(query)), query, _receipt)


def _settlement(service: ServiceDependency, settled: Settled) -> Settlement:
    service.waker.wake(settled.wakes)
    return Settlement(retired_conclusion_ids=sorted(settled.retired), revived_conclusion_ids=sorted(settled.revived))


def _show(found: retraction.RetractedMessage) -> RetractedMessage:
    shown = show_message(found.message)
    return RetractedMessage(
        id=shown.id,
        content=shown.content,
        peer_id=shown.peer_id,
        session_id=shown.session_id,
        workspace_id=shown.workspace_id,
        metadata=shown.metadata,
        created_at=shown.created_at,
        token_count=shown.token_count,
        retracted_at=found.retracted_at,
    )


def _erasure(planned: erasing.Planned, dry_run: bool) -> Erasure:
    return Erasure(
        dry_run=dry_run,
        receipt=_receipt(planned.receipt),
        message_ids=list(planned.message_ids),
        conclusion_ids=list(planned.conclusion_ids),
    )


def _receipt(receipt: erasing.Receipt) -> Receipt:
    counts = receipt.counts
    return Receipt(
        id=receipt.id,
        kind=receipt.kind,
        subject_hash=receipt.subject_hash,
        created_at=receipt.created_at,
        finished_at=receipt.finished_at,
        messages=counts.messages,
        conclusions=counts.conclusions,
        summaries=counts.summaries,
        pieces=counts.pieces,
        runs=counts.runs,
        cards=counts.cards,
    )
