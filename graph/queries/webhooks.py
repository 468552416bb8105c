"""Queries about webhooks."""

from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import Parameters, Row, bind


class Of(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class Lock(Of, frozen=True):
    """A workspace whose webhooks are to change."""

    now: datetime


class ByUrl(Of, frozen=True):
    """A URL that a webhook may have."""

    url: str


class One(Of, frozen=True):
    """A webhook."""

    id: str


class Add(One, frozen=True):
    """A webhook to add."""

    url: str
    now: datetime


class PageOf(Of, frozen=True):
    """A part of a list."""

    skip: int
    limit: int


class WebhookRow(Row, frozen=True):
    """A stored webhook."""

    id: str
    workspace_id: str
    url: str
    created_at: datetime


LOCK = bind("webhooks/lock", Lock, TotalRow)
BY_URL = bind("webhooks/by_url", ByUrl, WebhookRow)
ADD = bind("webhooks/add", Add, WebhookRow)
KNOWN = bind("webhooks/known", One, WebhookRow)
REMOVE = bind("webhooks/remove", One, WebhookRow)
PAGE = bind("webhooks/page", PageOf, WebhookRow)
TOTAL = bind("webhooks/total", Of, TotalRow)
