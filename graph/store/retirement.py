"""Taking conclusions out of recall without losing them."""

from datetime import UTC, datetime

from graph.driver import Database
from graph.errors import NotFound
from graph.queries import retirement as queries


async def retire(database: Database, workspace_id: str, conclusion_id: str) -> None:
    """Retire one living conclusion; what was derived from it stays.

    Raises:
        NotFound: the workspace holds no such conclusion, or it is retired already.
    """
    wanted = queries.Retire(workspace_id=workspace_id, conclusion_id=conclusion_id, now=datetime.now(UTC))
    if await database.maybe(queries.RETIRE, wanted) is None:
        raise NotFound(f"Conclusion {conclusion_id} not found")
