"""Copying a session: its messages up to one of them, its settings and its members, under a new name.

A long session is copied in several transactions. Until the last, the copy is a session out of use, whose name nobody
has, and its deletion is asked for already: should this process end before the copy is complete, a worker removes it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.errors import NotFound, StoreUnavailable
from graph.ids import new_id
from graph.queries import clones as queries
from graph.search_terms import scope_terms
from graph.store import deletion, passages, work
from graph.store.members import MAX_OBSERVERS
from graph.store.session_lock import as_session, missing
from graph.types import Session, Unit, Wake

#: Messages of one transaction.
PART = 1000
#: Messages up to which vectors are copied with them: a client waits for it, and it takes four times as long as without
#: (10,000 messages: 12 s against 3 s). The messages of a longer session are embedded anew by the workers.
MOST_WITH_VECTORS = 10_000
#: After which an unfinished copy is removed.
ABANDONED_SECONDS = 600.0


class Cloned(Struct, frozen=True):
    """A copy, and the units of work to wake workers for."""

    session: Session
    wakes: Sequence[Wake]


class _Copying(Struct, frozen=True, kw_only=True):
    workspace_id: str
    session_id: str
    clone_id: str
    uid: str
    now: datetime

    @property
    def create(self) -> queries.Create:
        return queries.Create(
            workspace_id=self.workspace_id,
            session_id=self.session_id,
            clone_id=self.clone_id,
            uid=self.uid,
            now=self.now,
        )

    @property
    def finish(self) -> queries.Finish:
        return queries.Finish(
            workspace_id=self.workspace_id,
            session_id=self.session_id,
            clone_id=self.clone_id,
            most_observers=MAX_OBSERVERS,
            now=self.now,
        )

    def copy(self, after: int, until: int, last: int, peer_ids: Sequence[str]) -> queries.Copy:
        return queries.Copy(
            workspace_id=self.workspace_id,
            session_id=self.session_id,
            clone_id=self.clone_id,
            after=after,
            until=until,
            last=last,
            with_vectors=last <= MOST_WITH_VECTORS,
            ids=[new_id() for _ in range(until - after)],
            search_scopes={peer_id: scope_terms(self.workspace_id, self.clone_id, peer_id) for peer_id in peer_ids},
            now=self.now,
        )


async def clone(database: Database, workspace_id: str, session_id: str, message_id: str | None) -> Cloned:
    """Copy a session, up to and including a message if one is given.

    Messages keep their authors, texts, metadata and numbers; they get new ids, and count as said now. Peers that are or
    were in the session are in the copy, with their configuration. Nothing is concluded from what was copied.

    Raises:
        NotFound: there is no such session, it is being deleted, or the message is not in it.
        StoreUnavailable: the copy took so long that it was given up; nothing is left of it.
    """
    copying = _Copying(
        workspace_id=workspace_id, session_id=session_id, clone_id=new_id(), uid=new_id(), now=datetime.now(UTC)
    )
    last: int | None = None
    after = 0
    while True:
        found = await database.write(lambda tx, after=after, last=last: _part(tx, copying, message_id, after, last))
        if isinstance(found, Cloned):
            return found
        after, last = found


async def _part(
    tx: Transaction, copying: _Copying, message_id: str | None, after: int, last: int | None
) -> Cloned | tuple[int, int]:
    """Copy the messages after `after`; the copy if it is complete, else how far it is and how far it goes."""
    workspace_id, session_id, clone_id = copying.workspace_id, copying.session_id, copying.clone_id
    wanted = queries.Source(workspace_id=workspace_id, session_id=session_id, message_id=message_id, now=copying.now)
    source = await tx.maybe(queries.SOURCE, wanted)
    if source is None:
        raise missing(session_id)
    if last is None:
        if source.until is None:
            raise NotFound(f"Message {message_id} not found in session {session_id}")
        last = source.until
        await tx.run(queries.CREATE, copying.create)
    until = min(after + PART, last)
    copied = await tx.maybe(queries.COPY, copying.copy(after, until, last, source.peer_ids))
    if copied is None:
        raise StoreUnavailable(f"the copy of session {session_id} took too long")
    if until < last:
        if after == 0:
            key = deletion.session_key(workspace_id, clone_id)
            removal = Unit(key=key, kind="deletion", session_id=clone_id, wait_seconds=ABANDONED_SECONDS)
            await work.request(tx, workspace_id, [removal])
        return until, last
    stored = await tx.one(queries.FINISH, copying.finish)
    if last == 0:
        return Cloned(as_session(stored), ())
    key = passages.unit_key(workspace_id, clone_id)
    return Cloned(
        as_session(stored),
        await work.request(tx, workspace_id, [Unit(key=key, kind="embedding", session_id=clone_id)]),
    )
