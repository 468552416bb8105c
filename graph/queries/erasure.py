"""Queries that erase messages, conclusions and peers, and what then rests on nothing."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.messages import OneOf, TotalRow
from graph.queries.sessions import IdRow
from graph.queries.support import StandingRow
from graph.query import Nothing, Parameters, Row, bind


class Read(Parameters, frozen=True):
    """Conclusions to read, and the messages that are to be erased."""

    workspace_id: str
    conclusion_ids: Sequence[str]
    message_ids: Sequence[str]


class Part(Parameters, frozen=True):
    """Things of a workspace by their ids."""

    workspace_id: str
    ids: Sequence[str]


class PartOf(Part, frozen=True):
    """Some of what is to be erased, and all the conclusions that are."""

    conclusion_ids: Sequence[str]


class PartNow(Part, frozen=True):
    """Things of a workspace, and the time."""

    now: datetime


class HoldMessage(OneOf, frozen=True):
    """A message to lock."""

    now: datetime


class OfWorkspace(Parameters, frozen=True):
    """A workspace."""

    workspace_id: str


class PageOf(OfWorkspace, frozen=True):
    """A part of a workspace's receipts."""

    skip: int
    limit: int


class OfPeer(OfWorkspace, frozen=True):
    """A peer."""

    peer_id: str


class OfPeerNow(OfPeer, frozen=True):
    """A peer, and the time."""

    now: datetime


class PartOfPeer(OfPeer, frozen=True):
    """So many things of a peer."""

    limit: int


class Record(OfWorkspace, frozen=True):
    """Counts to add to a receipt; `subject_hash` is the SHA-256 of what was erased, by its kind and its id."""

    receipt_id: str
    kind: str
    subject_hash: str
    messages: int
    conclusions: int
    summaries: int
    pieces: int
    runs: int
    cards: int
    finished: bool
    now: datetime


class GoneConclusionsRow(Row, frozen=True):
    """What was deleted of one perspective, conclusions and runs, and how many conclusions it still holds."""

    observer_id: str
    observed_id: str
    conclusions: int
    runs: int
    left: int


class GoneMessagesRow(Row, frozen=True):
    """How much was deleted, and the sessions in use that lost their summaries."""

    messages: int
    pieces: int
    summaries: int
    session_ids: Sequence[str]


class ReceiptRow(Row, frozen=True):
    """What a receipt says."""

    id: str
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


READ = bind("erasure/read", Read, StandingRow)
LOOSEN = bind("erasure/loosen", PartOf, IdRow)
UNMERGE = bind("erasure/unmerge", PartOf, IdRow)
BRIDGE = bind("erasure/bridge", PartOf, IdRow)
CONCLUSIONS = bind("erasure/conclusions", PartNow, GoneConclusionsRow)
MESSAGES = bind("erasure/messages", Part, GoneMessagesRow)
HOLD_MESSAGE = bind("erasure/hold_message", HoldMessage, IdRow)
FIND_MESSAGE = bind("erasure/find_message", OneOf, IdRow)
RECORD = bind("erasure/record", Record, Nothing)
RECEIPTS = bind("erasure/receipts", PageOf, ReceiptRow)
RECEIPTS_TOTAL = bind("erasure/receipts_total", OfWorkspace, TotalRow)
PEER_CLOSE = bind("erasure/peer_close", OfPeerNow, IdRow)
PEER_HOLD = bind("erasure/peer_hold", OfPeerNow, IdRow)
PEER_FIND = bind("erasure/peer_find", OfPeer, IdRow)
PEER_CONCLUSIONS = bind("erasure/peer_conclusions", PartOfPeer, IdRow)
PEER_MESSAGES = bind("erasure/peer_messages", PartOfPeer, IdRow)
PEER_WORK = bind("erasure/peer_work", PartOfPeer, TotalRow)
PEER_TIES = bind("erasure/peer_ties", PartOfPeer, TotalRow)
PEER = bind("erasure/peer", OfPeer, Nothing)
