"""What changed in what a peer holds about another."""

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import Controller, get
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.api.access import Access
from app.api.recalling import refuse_reserved
from app.api.service import ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph import types
from graph.errors import Invalid
from graph.names import check_known_name, refuse_scope_peer
from graph.store import changes
from graph.store.changes import Mark


class ChangesQuery(Struct, frozen=True, kw_only=True):
    """About whom (the peer itself by default), from when on, before when, after which part, and how many."""

    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: str | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class Change(Struct, frozen=True, kw_only=True):
    """One change of one conclusion, and the messages that brought it about.

    `other_ids` are the conclusions it concerns besides: what superseded it, what it was merged into, or the two that
    contradict each other. `because` is why it was retired, where that is known.
    """

    at: datetime
    kind: Literal["learnt", "reinforced", "superseded", "contradicted", "merged", "retired", "revived"]
    because: str | None = None
    conclusion_id: str
    content: str
    level: types.Level
    message_ids: list[str]
    other_ids: list[str]


class Changes(Struct, frozen=True, kw_only=True):
    """Changes, the newest last; `next` is what to send as `after` for those that follow, null when there are none."""

    peer_id: str
    target_id: str
    changes: list[Change]
    next: str | None = None


class ChangesController(Controller):
    """Changes; additive to the v3 API."""

    path = "/workspaces/{workspace_id:str}/peers/{peer_id:str}"
    tags = ["peers"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/changes", operation_class=with_query(ChangesQuery), access=Access.PEER)
    async def get_changes(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str], peer_id: FromPath[str]
    ) -> Changes:
        """Get what changed in what a peer holds about another, or about itself: learnt, replaced, gone, come back."""
        query = read_query(request, ChangesQuery)
        target_id = peer_id if query.target is None else query.target
        for name in (peer_id, target_id):
            check_known_name("peer", name)
        refuse_scope_peer(peer_id)
        refuse_reserved(target_id)
        found, following = await changes.between(
            service.database,
            workspace_id,
            peer_id,
            target_id,
            since=query.since,
            until=query.until,
            after=None if query.after is None else _mark(query.after),
            limit=query.limit,
        )
        return Changes(
            peer_id=peer_id,
            target_id=target_id,
            changes=[_show(one) for one in found],
            next=None if following is None else _text(following),
        )


def _show(one: changes.Change) -> Change:
    return Change(
        at=one.at,
        kind=one.kind,
        because=one.because,
        conclusion_id=one.id,
        content=one.content,
        level=one.level,
        message_ids=list(one.message_ids),
        other_ids=list(one.other_ids),
    )


def _text(mark: Mark) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(mark)).decode().rstrip("=")


def _mark(text: str) -> Mark:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        mark = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=Mark)
    except (UnicodeEncodeError, binascii.Error, msgspec.DecodeError) as fault:
        raise Invalid("after must be what `next` was in an earlier answer") from fault
    if mark.at.tzinfo is None:
        raise Invalid("after must be what `next` was in an earlier answer")
    return mark
