"""Peer cards: a short list of stable facts that one peer keeps about another, or about itself.

A card lies on the edge from the peer that keeps it to the peer it is about, so both exist once it is kept.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.names import check_known_name, check_new_name
from graph.queries import cards as queries
from graph.store import peers

#: Who wrote a card: a caller of the API, or a reasoning step.
Origin = Literal["caller", "reasoning"]


async def get(database: Database, workspace_id: str, observer_id: str, observed_id: str) -> list[str] | None:
    """The card that a peer keeps about another; None when it keeps none.

    Raises:
        NotFound: the peer that would keep it does not exist. The other one need not.
        StoreFault: the database did not do its part.
    """
    return await database.read(lambda tx: read(tx, workspace_id, observer_id, observed_id))


async def read(tx: Transaction, workspace_id: str, observer_id: str, observed_id: str) -> list[str] | None:
    """As `get`, inside a transaction.

    Raises:
        NotFound: the peer that would keep the card does not exist.
    """
    pair = queries.OfPair(workspace_id=workspace_id, observer_id=observer_id, observed_id=observed_id)
    row = await tx.maybe(queries.GET, pair)
    if row is None:
        raise NotFound(f"Peer {observer_id} not found")
    return row.card


async def put(
    database: Database,
    workspace_id: str,
    observer_id: str,
    observed_id: str,
    card: Sequence[str],
    origin: Origin = "caller",
) -> list[str]:
    """Replace the card that a peer keeps about another; the workspace and both peers are created where missing.

    Raises:
        Invalid: a name that would be created breaks the rules.
        StoreFault: the database did not do its part.
    """
    check_new_name("workspace", workspace_id)
    # In the order of names, so that two callers who create the same peers do not wait for each other in a circle.
    names = sorted({observer_id, observed_id})
    for name in names:
        check_known_name("peer", name)
    wanted = queries.Put(
        workspace_id=workspace_id,
        observer_id=observer_id,
        observed_id=observed_id,
        card=list(card),
        origin=origin,
        now=datetime.now(UTC),
    )

    async def work(tx: Transaction) -> list[str]:
        await peers.ensure(tx, workspace_id, names)
        return (await tx.one(queries.PUT, wanted)).card or []

    return await database.write(work)
