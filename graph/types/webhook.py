"""Addresses that are told of events."""

from datetime import datetime

from msgspec import Struct


class Webhook(Struct, frozen=True, kw_only=True):
    """An address that is told of what happens in a workspace."""

    id: str
    workspace_id: str
    url: str
    created_at: datetime


class Delivery(Struct, frozen=True, kw_only=True):
    """One event for one address: the `detail` of its unit of work.

    Attributes:
        webhook_id: the address; once it is removed nothing more is sent to it.
        url: as it was when the event happened.
        body: what is sent, signed as it stands.
    """

    webhook_id: str
    url: str
    body: str
