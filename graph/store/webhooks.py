"""Webhooks of a workspace, and the events that they are told of."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from graph.driver import Database, Transaction
from graph.errors import Conflict, NotFound
from graph.ids import new_id
from graph.queries import webhooks as queries
from graph.store import work as units_of_work
from graph.store.paging import read_page
from graph.types import Delivery, Page, PageRequest, Unit, Wake, Webhook

MAX_WEBHOOKS = 10


async def add(database: Database, workspace_id: str, url: str) -> tuple[Webhook, bool]:
    """Get the webhook with a URL, or add it.

    Returns:
        the webhook, and whether it is new.

    Raises:
        NotFound: there is no such workspace.
        Conflict: the workspace has as many as it may.
    """
    webhook_id = new_id()

    async def work(tx: Transaction) -> tuple[Webhook, bool]:
        now = datetime.now(UTC)
        # Under the workspace's lock, so that two that come together count each other.
        locked = await tx.maybe(queries.LOCK, queries.Lock(workspace_id=workspace_id, now=now))
        if locked is None:
            raise NotFound(f"Workspace {workspace_id} not found")
        known = await tx.maybe(queries.BY_URL, queries.ByUrl(workspace_id=workspace_id, url=url))
        if known is not None:
            return _webhook(known), False
        if locked.total >= MAX_WEBHOOKS:
            raise Conflict(f"Workspace {workspace_id} has {MAX_WEBHOOKS} webhooks, as many as it may")
        added = queries.Add(workspace_id=workspace_id, id=webhook_id, url=url, now=now)
        return _webhook(await tx.one(queries.ADD, added)), True

    return await database.write(work)


async def page(database: Database, workspace_id: str, request: PageRequest) -> Page[Webhook]:
    """One page of a workspace's webhooks, oldest first; an unknown workspace has none."""
    return await read_page(
        database,
        request,
        None,
        total=(queries.TOTAL, queries.Of(workspace_id=workspace_id)),
        items=(queries.PAGE, queries.PageOf(workspace_id=workspace_id, skip=request.skip, limit=request.size)),
        make=_webhook,
    )


async def remove(database: Database, workspace_id: str, webhook_id: str) -> None:
    """Remove a webhook; what is still to be sent to it is dropped.

    Raises:
        NotFound: the workspace has no such webhook.
    """
    removed = await database.maybe(queries.REMOVE, queries.One(workspace_id=workspace_id, id=webhook_id))
    if removed is None:
        raise NotFound(f"Webhook {webhook_id} not found")


async def is_known(database: Database, workspace_id: str, webhook_id: str) -> bool:
    """Whether a workspace still has a webhook."""
    return await database.maybe(queries.KNOWN, queries.One(workspace_id=workspace_id, id=webhook_id)) is not None


async def announce(tx: Transaction, workspace_id: str, event: str, data: Mapping[str, object]) -> list[Wake]:
    """Ask for an event to be sent to each webhook of its workspace, in the transaction in which it happens.

    Args:
        tx: where the event happens.
        workspace_id: where it belongs.
        event: its type, such as `queue.empty`.
        data: what the webhooks are told of it.

    Returns:
        the units to wake workers for.
    """
    everyone = queries.PageOf(workspace_id=workspace_id, skip=0, limit=MAX_WEBHOOKS)
    told = await tx.many(queries.PAGE, everyone)
    body = payload(event, data, datetime.now(UTC))
    units = [
        Unit(
            key=f"webhook/{workspace_id}/{new_id()}",
            kind="webhook",
            detail=msgspec.json.encode(Delivery(webhook_id=row.id, url=row.url, body=body)).decode(),
        )
        for row in told
    ]
    return await units_of_work.request(tx, workspace_id, units)


def payload(event: str, data: Mapping[str, object], happened_at: datetime) -> str:
    """What is sent of an event: compact JSON, its keys sorted, with the time in whole seconds."""
    said = {"type": event, "data": dict(data), "timestamp": f"{happened_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
    return msgspec.json.encode(said, order="sorted").decode()


def _webhook(row: queries.WebhookRow) -> Webhook:
    return Webhook(id=row.id, workspace_id=row.workspace_id, url=row.url, created_at=row.created_at)
