"""Webhooks: addresses that are told of events in a workspace."""

import logging
from datetime import datetime

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.api.access import Access
from app.api.service import Service, ServiceDependency
from app.api.wire.pages import Page, PageQuery, paged, requested
from app.api.wire.problems import Refused, RequestInvalid, broken_rule
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.addresses import is_public, literal, target
from graph.driver import Transaction
from graph.store import webhooks

_log = logging.getLogger(__name__)

MAX_URL = 2048


class WebhookEndpoint(Struct, frozen=True, kw_only=True):
    """A webhook as it goes out."""

    id: str
    workspace_id: str | None
    url: str
    created_at: datetime


class WebhookEndpointCreate(Struct, frozen=True, kw_only=True):
    """A webhook to add: an absolute address, http or https, of at most 2048 characters."""

    url: str


class WebhookController(Controller):
    """Addresses that are told of events in a workspace."""

    path = "/workspaces/{workspace_id:str}/webhooks"
    tags = ["webhooks"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post(status_code=201, access=Access.WORKSPACE, answers=(200, 404, 409))
    async def create(
        self, service: ServiceDependency, workspace_id: FromPath[str], data: JSONBody[WebhookEndpointCreate]
    ) -> Response[WebhookEndpoint]:
        """Get the webhook with an address (200), or add it (201)."""
        try:
            _check_url(data.url, allow_private=service.settings.webhooks.allow_private)
        except Refused as refused:
            raise RequestInvalid([refused.at(("body", "url"), data.url)]) from None
        webhook, created = await webhooks.add(service.database, workspace_id, data.url)
        _can_send(service)
        return Response(_show(webhook), status_code=201 if created else 200)

    @get(operation_class=with_query(PageQuery), access=Access.WORKSPACE)
    async def list_webhooks(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> Page[WebhookEndpoint]:
        """List a workspace's webhooks, oldest first."""
        query = read_query(request, PageQuery)
        return paged(await webhooks.page(service.database, workspace_id, requested(query)), query, _show)

    @delete("/{endpoint_id:str}", status_code=204, access=Access.WORKSPACE, answers=(404,))
    async def remove(self, service: ServiceDependency, workspace_id: FromPath[str], endpoint_id: FromPath[str]) -> None:
        """Remove a webhook; what was still to be sent to it is dropped."""
        await webhooks.remove(service.database, workspace_id, endpoint_id)

    @get("/test", access=Access.WORKSPACE)
    async def test(self, service: ServiceDependency, workspace_id: FromPath[str]) -> object:
        """Send an event of type `test.event` to each of the workspace's webhooks; this answers before it arrives."""
        if _can_send(service):

            async def announce(tx: Transaction) -> list[types.Wake]:
                return await webhooks.announce(tx, workspace_id, "test.event", {"workspace_id": workspace_id})

            service.waker.wake(await service.database.write(announce))
        return Response(None, media_type="application/json")


def _can_send(service: Service) -> bool:
    """Whether anything is sent; says once why not."""
    if service.settings.webhooks.secret:
        return True
    if not service.silent_webhooks:
        service.silent_webhooks = True
        _log.warning("nothing is sent to webhooks: WEBHOOK_SECRET is not set")
    return False


def _check_url(url: str, *, allow_private: bool) -> None:
    """Check an address.

    Raises:
        Refused: it is none, or lies behind somebody's door.
    """
    if len(url) > MAX_URL:
        raise broken_rule(f"url must have at most {MAX_URL} characters")
    try:
        address = literal(target(url).host)
    except ValueError as fault:
        raise broken_rule(f"url is not valid: {fault}") from None
    if address is not None and not allow_private and not is_public(address):
        raise broken_rule("url must not point to a private, loopback, link-local or reserved address")


def _show(webhook: types.Webhook) -> WebhookEndpoint:
    return WebhookEndpoint(
        id=webhook.id, workspace_id=webhook.workspace_id, url=webhook.url, created_at=webhook.created_at
    )
