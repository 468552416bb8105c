"""Taking a merge back."""

from datetime import UTC, datetime

from graph.driver import Database, Transaction
from graph.errors import Conflict, NotFound
from graph.queries import conclusions as conclusion_queries
from graph.queries import merging as queries
from graph.store import cards, weighing
from graph.store.conclusions import conclusion
from graph.store.revising import revise
from graph.types import Conclusion


async def unmerge(database: Database, workspace_id: str, conclusion_id: str) -> Conclusion:
    """Let a conclusion that was merged into another hold by itself again; the other loses just what the merge gave it.

    It is judged by its slot like one that is new, so it may be superseded at once.

    Returns:
        the conclusion that was merged, as it is now.

    Raises:
        NotFound: the workspace has no such conclusion.
        Conflict: it is not merged into another, or its very text is held by now.
    """

    async def work(tx: Transaction) -> Conclusion:
        now = datetime.now(UTC)
        wanted = queries.Unmerge(workspace_id=workspace_id, conclusion_id=conclusion_id, now=now)
        undone = await tx.maybe(queries.UNMERGE, wanted)
        some = conclusion_queries.SomeOf(workspace_id=workspace_id, conclusion_ids=[conclusion_id])
        found = await tx.many(conclusion_queries.ANY, some)
        if not found:
            raise NotFound(f"Conclusion {conclusion_id} not found")
        if undone is None:
            raise Conflict(f"Conclusion {conclusion_id} is not merged into another, or its text is held again")
        await revise(tx, workspace_id, [conclusion_id], now)
        await weighing.ask(tx, workspace_id, [found[0].observed_id])
        await cards.follow(tx, workspace_id, [(found[0].observer_id, found[0].observed_id)])
        return conclusion(found[0])

    return await database.write(work)


async def workspace_of(database: Database, conclusion_id: str) -> str:
    """The workspace of a conclusion, living or retired.

    Raises:
        NotFound: there is no such conclusion.
    """
    row = await database.maybe(queries.WORKSPACE, queries.OneOf(conclusion_id=conclusion_id))
    if row is None:
        raise NotFound(f"Conclusion {conclusion_id} not found")
    return row.workspace_id
