"""Queries about peers."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import TotalRow
from graph.query import Parameters, Row, bind


class Upsert(Parameters, frozen=True):
    """A peer to get or to create, and what to replace of it; None stays as it is."""

    workspace_id: str
    workspace_uid: str
    peer_id: str
    uid: str
    metadata: str | None
    metadata_terms: Sequence[str] | None
    configuration: str | None
    observe_me: bool | None
    now: datetime


class Known(Parameters, frozen=True):
    """Names to look up."""

    workspace_id: str
    peer_ids: Sequence[str]


class OfKind(Parameters, frozen=True):
    """A workspace's peers: `peer` (ordinary ones), `scope` or `all`."""

    workspace_id: str
    kind: str


class PageOfKind(OfKind, frozen=True):
    """A part of them."""

    skip: int
    limit: int


class PeerRow(Row, frozen=True):
    """A stored peer; metadata and configuration are JSON."""

    id: str
    uid: str
    workspace_id: str
    metadata: str
    configuration: str
    created_at: datetime


class UpsertedRow(PeerRow, frozen=True):
    """A stored peer, and whether it is new."""

    created: bool


class IdRow(Row, frozen=True):
    """A name."""

    id: str


UPSERT = bind("peers/upsert", Upsert, UpsertedRow)
KNOWN = bind("peers/known", Known, IdRow)
PAGE = bind("peers/page", PageOfKind, PeerRow)
PAGE_NEWEST = bind("peers/page_newest", PageOfKind, PeerRow)
TOTAL = bind("peers/total", OfKind, TotalRow)
