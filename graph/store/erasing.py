"""Erasing a message or a peer at somebody's request, with a receipt that holds nothing of it.

A message goes at once. A peer is closed at once and erased by a worker in bounded steps: what it said, what it holds,
what is held about it, and whatever then rests on nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct, structs

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.names import check_known_name, refuse_scope_peer
from graph.queries import erasure as queries
from graph.store import work
from graph.store.erasure import Counts, Erased, erase, resting
from graph.types import Page, PageRequest, Unit, Wake

#: Messages of one transaction, and conclusions or other things of one.
MESSAGES, PART = 100, 500
#: Ids that a dry run names at most.
NAMED = 1000


class Receipt(Struct, frozen=True, kw_only=True):
    """What was erased, or would be.

    Attributes:
        id: of the receipt that is kept; None for a dry run.
        kind: `message` or `peer`.
        subject_hash: SHA-256 of the kind, the workspace and the id of what is erased, in hex, parted by slashes.
        finished_at: None while a worker is at it, and for a dry run.
    """

    id: str | None
    kind: str
    subject_hash: str
    created_at: datetime
    finished_at: datetime | None
    counts: Counts


class Planned(Struct, frozen=True, kw_only=True):
    """A receipt, the ids it is about (a dry run: of what would go; never more than `NAMED`), and whom to wake."""

    receipt: Receipt
    message_ids: Sequence[str]
    conclusion_ids: Sequence[str]
    wakes: Sequence[Wake] = ()


class _Detail(Struct, frozen=True):
    receipt_id: str = ""


async def message(database: Database, workspace_id: str, session_id: str, message_id: str, *, dry_run: bool) -> Planned:
    """Erase a message, retracted or not, with whatever then rests on nothing; a dry run only tells what would go.

    Raises:
        NotFound: it is not in that session, or the session is being deleted.
    """
    now = datetime.now(UTC)
    subject = subject_hash("message", workspace_id, message_id)
    absent = NotFound(f"Message {message_id} not found in session {session_id}")

    async def look(tx: Transaction) -> Planned:
        wanted = queries.OneOf(workspace_id=workspace_id, session_id=session_id, message_id=message_id)
        if await tx.maybe(queries.FIND_MESSAGE, wanted) is None:
            raise absent
        gone = await resting(tx, workspace_id, [message_id])
        receipt = Receipt(
            id=None,
            kind="message",
            subject_hash=subject,
            created_at=now,
            finished_at=None,
            counts=Counts(messages=1, conclusions=len(gone)),
        )
        return Planned(receipt=receipt, message_ids=[message_id], conclusion_ids=gone[:NAMED])

    async def take(tx: Transaction) -> Planned:
        held = queries.HoldMessage(workspace_id=workspace_id, session_id=session_id, message_id=message_id, now=now)
        if await tx.maybe(queries.HOLD_MESSAGE, held) is None:
            raise absent
        erased = await erase(tx, workspace_id, [message_id], now)
        receipt = Receipt(
            id=new_id(), kind="message", subject_hash=subject, created_at=now, finished_at=now, counts=erased.counts
        )
        await _record(tx, workspace_id, receipt, erased.counts, now, finished=True)
        return Planned(
            receipt=receipt,
            message_ids=[message_id],
            conclusion_ids=erased.conclusion_ids[:NAMED],
            wakes=erased.wakes,
        )

    return await (database.read(look) if dry_run else database.write(take))


async def peer(database: Database, workspace_id: str, peer_id: str, *, dry_run: bool) -> Planned:
    """Close a peer and ask for its erasure; a dry run only tells what would go, of no more than `NAMED` of each kind.

    Raises:
        NotFound: there is no such peer, or it is being erased already.
        Invalid: the name is a scope's.
    """
    check_known_name("peer", peer_id)
    refuse_scope_peer(peer_id)
    now = datetime.now(UTC)
    subject = subject_hash("peer", workspace_id, peer_id)
    absent = NotFound(f"Peer {peer_id} not found")

    async def look(tx: Transaction) -> Planned:
        if await tx.maybe(queries.PEER_FIND, queries.OfPeer(workspace_id=workspace_id, peer_id=peer_id)) is None:
            raise absent
        wanted = queries.PartOfPeer(workspace_id=workspace_id, peer_id=peer_id, limit=NAMED)
        said = [row.id for row in await tx.many(queries.PEER_MESSAGES, wanted)]
        own = [row.id for row in await tx.many(queries.PEER_CONCLUSIONS, wanted)]
        gone = await resting(tx, workspace_id, said, set(own))
        receipt = Receipt(
            id=None,
            kind="peer",
            subject_hash=subject,
            created_at=now,
            finished_at=None,
            counts=Counts(messages=len(said), conclusions=len(gone)),
        )
        return Planned(receipt=receipt, message_ids=said, conclusion_ids=gone[:NAMED])

    async def close(tx: Transaction) -> Planned:
        closing = queries.OfPeerNow(workspace_id=workspace_id, peer_id=peer_id, now=now)
        if await tx.maybe(queries.PEER_CLOSE, closing) is None:
            raise absent
        receipt = Receipt(
            id=new_id(), kind="peer", subject_hash=subject, created_at=now, finished_at=None, counts=Counts()
        )
        await _record(tx, workspace_id, receipt, Counts(), now, finished=False)
        unit = Unit(
            key=peer_key(workspace_id, peer_id),
            kind="deletion",
            peer_id=peer_id,
            detail=msgspec.json.encode(_Detail(str(receipt.id))).decode(),
        )
        wakes = await work.request(tx, workspace_id, [unit])
        return Planned(receipt=receipt, message_ids=(), conclusion_ids=(), wakes=wakes)

    return await (database.read(look) if dry_run else database.write(close))


def peer_key(workspace_id: str, peer_id: str) -> str:
    """The key of the unit of work that erases a peer."""
    return f"deletion/{workspace_id}/peer/{peer_id}"


def subject_hash(kind: str, workspace_id: str, subject_id: str) -> str:
    """What a receipt calls the thing that was erased: whoever knows its name can tell, nobody else can."""
    return hashlib.sha256(f"{kind}/{workspace_id}/{subject_id}".encode()).hexdigest()


async def erase_peer(database: Database, workspace_id: str, peer_id: str, detail: str) -> None:
    """Erase a peer that was closed, a bounded part per transaction; any other is left alone.

    Args:
        database: where to write.
        workspace_id: name of the workspace.
        peer_id: name of the peer.
        detail: of the unit of work: it names the receipt.
    """
    receipt_id = msgspec.json.decode(detail, type=_Detail).receipt_id
    blank = Receipt(
        id=receipt_id,
        kind="peer",
        subject_hash=subject_hash("peer", workspace_id, peer_id),
        created_at=datetime.now(UTC),
        finished_at=None,
        counts=Counts(),
    )

    async def some(tx: Transaction) -> bool:
        """Erase a part; whether there may be more."""
        now = datetime.now(UTC)
        held = queries.OfPeerNow(workspace_id=workspace_id, peer_id=peer_id, now=now)
        if await tx.maybe(queries.PEER_HOLD, held) is None:
            return False
        wanted = queries.PartOfPeer(workspace_id=workspace_id, peer_id=peer_id, limit=PART)
        if (await tx.one(queries.PEER_WORK, wanted)).total:
            return True
        erased = await _some_of_peer(tx, workspace_id, wanted, now)
        if erased is not None:
            await _record(tx, workspace_id, blank, erased.counts, now, finished=False)
            return True
        if (await tx.one(queries.PEER_TIES, wanted)).total:
            return True
        # Second looks at what it held were asked for in between: there is nothing left to look at.
        if (await tx.one(queries.PEER_WORK, wanted)).total:
            return True
        await tx.run(queries.PEER, queries.OfPeer(workspace_id=workspace_id, peer_id=peer_id))
        await _record(tx, workspace_id, blank, Counts(), now, finished=True)
        return False

    while await database.write(some):
        pass


async def receipts(database: Database, workspace_id: str, request: PageRequest) -> Page[Receipt]:
    """One page of a workspace's receipts, the newest first."""
    wanted = queries.PageOf(workspace_id=workspace_id, skip=request.skip, limit=request.size)

    async def read(tx: Transaction) -> Page[Receipt]:
        total = (await tx.one(queries.RECEIPTS_TOTAL, queries.OfWorkspace(workspace_id=workspace_id))).total
        rows = await tx.many(queries.RECEIPTS, wanted) if request.skip < total else []
        return Page(items=[_receipt(row) for row in rows], total=total)

    return await database.read(read)


async def _some_of_peer(tx: Transaction, workspace_id: str, wanted: queries.PartOfPeer, now: datetime) -> Erased | None:
    own = [row.id for row in await tx.many(queries.PEER_CONCLUSIONS, wanted)]
    if own:
        return await erase(tx, workspace_id, (), now, set(own))
    said = [row.id for row in await tx.many(queries.PEER_MESSAGES, structs.replace(wanted, limit=MESSAGES))]
    return await erase(tx, workspace_id, said, now) if said else None


async def _record(
    tx: Transaction, workspace_id: str, receipt: Receipt, more: Counts, now: datetime, *, finished: bool
) -> None:
    await tx.run(
        queries.RECORD,
        queries.Record(
            workspace_id=workspace_id,
            receipt_id=str(receipt.id),
            kind=receipt.kind,
            subject_hash=receipt.subject_hash,
            finished=finished,
            now=now,
            **structs.asdict(more),
        ),
    )


def _receipt(row: queries.ReceiptRow) -> Receipt:
    return Receipt(
        id=row.id,
        kind=row.kind,
        subject_hash=row.subject_hash,
        created_at=row.created_at,
        finished_at=row.finished_at,
        counts=msgspec.convert(row, Counts, from_attributes=True),
    )
