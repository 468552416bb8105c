"""Keys that make a write safe to repeat: recorded in the transaction of the write itself.

So there is never a write without its key or a key without its write, and of two that come together the second waits for
the first and then finds what it stored.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.errors import Invalid, NotFound
from graph.queries import idempotency as queries

#: Keys that one transaction removes at most.
EXPIRED_AT_ONCE = 1_000


class Once(Struct, frozen=True, kw_only=True):
    """What a client repeats a request with.

    Attributes:
        route: which kind of write; the same key may be used for each kind.
        key: the client's own.
        digest: of all that decides what is stored.
        keep: how long the key is remembered.
    """

    route: str
    key: str
    digest: str
    keep: timedelta


async def claim(
    tx: Transaction, workspace_id: str, once: Once, ids: Sequence[str], now: datetime
) -> Sequence[str] | None:
    """Take a key for what is stored under `ids` in this transaction.

    Returns:
        None if the key is this write's now, else the ids of what was stored under it before.

    Raises:
        Invalid: it was used for a request with another content.
    """
    claimed = await tx.one(
        queries.CLAIM,
        queries.Claim(
            workspace_id=workspace_id,
            route=once.route,
            key=once.key,
            digest=once.digest,
            ids=ids,
            now=now,
            expires_at=now + once.keep,
        ),
    )
    if claimed.digest != once.digest:
        raise Invalid("Idempotency-Key was used for another request: a new request needs a new key")
    return None if list(claimed.ids) == list(ids) else claimed.ids


def gone(once: Once) -> NotFound:
    """What a repetition gets when all or a part of what was stored has been deleted since."""
    return NotFound(f"What was stored by {once.route} under this Idempotency-Key has been deleted")


async def forget_expired(database: Database) -> int:
    """Remove keys that have expired, a bounded number.

    Returns:
        how many were removed.
    """
    wanted = queries.Expire(now=datetime.now(UTC), limit=EXPIRED_AT_ONCE)
    return (await database.one(queries.EXPIRE, wanted)).total
