"""A session under its write lock: whatever depends on who is in it, or merges into it, reads it through here first."""

from datetime import UTC, datetime

from graph.driver import Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.names import check_new_name
from graph.queries import sessions as queries
from graph.store.json_text import decode
from graph.types import Session


def ensuring(workspace_id: str, session_id: str) -> queries.Ensure:
    """What gets a session or creates it.

    Raises:
        Invalid: a name breaks the rules.
    """
    check_new_name("workspace", workspace_id)
    check_new_name("session", session_id)
    return queries.Ensure(
        workspace_id=workspace_id,
        workspace_uid=new_id(),
        session_id=session_id,
        uid=new_id(),
        now=datetime.now(UTC),
    )


async def lock(tx: Transaction, workspace_id: str, session_id: str, now: datetime) -> queries.LockedRow:
    """Lock a session until the transaction ends.

    Raises:
        NotFound: there is none, or it is being deleted.
    """
    locked = await tx.maybe(queries.LOCK, queries.Lock(workspace_id=workspace_id, session_id=session_id, now=now))
    if locked is None or not locked.is_active:
        raise missing(session_id)
    return locked


def missing(session_id: str) -> NotFound:
    """The error for a session that is not there or is being deleted."""
    return NotFound(f"Session {session_id} not found")


def as_session(row: queries.SessionRow) -> Session:
    """A row as a session."""
    return Session(
        id=row.id,
        uid=row.uid,
        workspace_id=row.workspace_id,
        is_active=row.is_active,
        metadata=decode(row.metadata),
        configuration=decode(row.configuration),
        created_at=row.created_at,
    )
