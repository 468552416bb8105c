"""What was not derived from yet: what begins to hold is marked, and a unit of work takes the marks away.

A mark is a token of its own. Who has derived from a conclusion takes away just the mark that was read, so what was
marked again meanwhile is derived from once more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.queries import deriving as queries
from graph.store.requesting import request
from graph.types import Unit, Wake

#: How long derivation waits for company: what is concluded in one go is derived from in one go.
WAIT_SECONDS = 2.0


class Unweighed(Struct, frozen=True):
    """A conclusion that was not derived from yet.

    Attributes:
        token: its mark.
        kind: whether it was said, stated by a client, or derived.
    """

    id: str
    observer_id: str
    token: str
    kind: Literal["said", "stated", "derived"]


def unit(workspace_id: str, observed_id: str, wait_seconds: float = WAIT_SECONDS) -> Unit:
    """The unit of work that derives from what is held about a peer, whoever holds it."""
    return Unit(
        key=f"derivation/{workspace_id}/{observed_id}",
        kind="derivation",
        peer_id=observed_id,
        wait_seconds=wait_seconds,
    )


async def ask(tx: Transaction, workspace_id: str, observed_ids: Iterable[str]) -> list[Wake]:
    """Ask for derivation about peers of whom something new is held, in the transaction that wrote it."""
    units = [unit(workspace_id, observed_id) for observed_id in sorted(set(observed_ids))]
    return await request(tx, workspace_id, units)


async def anew(
    tx: Transaction, workspace_id: str, fallen_ids: Sequence[str], now: datetime, erased_ids: Sequence[str] = ()
) -> set[str]:
    """Mark what is left of the premises of conclusions that fall: something else may follow from it.

    Args:
        tx: the transaction, which has retired them, or is about to erase them.
        workspace_id: name of the workspace.
        fallen_ids: those that fall; what did not hold before counts for nothing.
        now: when they fall.
        erased_ids: all that is about to be erased: no premise is left there.

    Returns:
        the peers of whom what is left is held.
    """
    if not fallen_ids:
        return set()
    wanted = queries.Fallen(
        workspace_id=workspace_id, conclusion_ids=list(fallen_ids), erased_ids=list(erased_ids), now=now
    )
    return {row.id for row in await tx.many(queries.REMAINING, wanted)}


async def unweighed(database: Database, workspace_id: str, observed_id: str, limit: int) -> list[Unweighed]:
    """What is held about a peer that was not derived from yet: what the peer itself holds first, the oldest first."""
    wanted = queries.About(workspace_id=workspace_id, observed_id=observed_id, limit=limit)
    return [
        Unweighed(
            row.id,
            row.observer_id,
            row.token,
            "derived" if row.level != "explicit" else "stated" if row.stated else "said",
        )
        for row in await database.many(queries.UNWEIGHED, wanted)
    ]


async def weighed(tx: Transaction, workspace_id: str, tokens: Mapping[str, str]) -> None:
    """Take away marks, by the ids of what bears them."""
    rows: list[dict[str, object]] = [{"id": each, "token": token} for each, token in sorted(tokens.items())]
    if rows:
        await tx.run(queries.WEIGHED, queries.Rows(workspace_id=workspace_id, rows=rows))
