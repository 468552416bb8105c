"""Taking conclusions out of recall without losing them."""

from datetime import UTC, datetime

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.queries import retirement as queries
from graph.store.revising import meet
from graph.store.support import Settled, settle


async def retire(database: Database, workspace_id: str, conclusion_id: str) -> Settled:
    """Retire one living conclusion for good, and with it what was derived from it and has no other support.

    Raises:
        NotFound: the workspace holds no such conclusion, or it is retired already.
    """
    now = datetime.now(UTC)

    async def take(tx: Transaction) -> Settled:
        wanted = queries.Retire(workspace_id=workspace_id, conclusion_id=conclusion_id, now=now)
        if await tx.maybe(queries.RETIRE, wanted) is None:
            raise NotFound(f"Conclusion {conclusion_id} not found")
        return await meet(tx, workspace_id, await settle(tx, workspace_id, [conclusion_id], now), now)

    return await database.write(take)
