"""A client that knows better: its words take the place of a conclusion."""

from collections.abc import Sequence
from datetime import UTC, datetime

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.perspective import perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import revisions as queries
from graph.slots import dated, replaced, value_key
from graph.store import cards, support, weighing
from graph.store.conclusions import conclusion
from graph.store.revising import revise
from graph.types import Conclusion


async def correct(
    database: Database, workspace_id: str, conclusion_id: str, content: str, embedding: Sequence[float]
) -> Conclusion:
    """Supersede a living conclusion by what a client states in its place: same perspective, same session.

    What was derived from the old one and has no other support stops holding with it. Where the new text has another
    value in the place of the old one's, and differs in nothing else, it fills the same slot.

    Returns:
        the new conclusion.

    Raises:
        NotFound: the workspace holds no such conclusion, or its session is being deleted.
    """
    new = new_id()

    async def work(tx: Transaction) -> Conclusion:
        now = datetime.now(UTC)
        old = await tx.many(
            conclusion_queries.GET,
            conclusion_queries.SomeOf(workspace_id=workspace_id, conclusion_ids=[conclusion_id]),
        )
        if not old:
            raise NotFound(f"Conclusion {conclusion_id} not found")
        row: dict[str, object] = {
            "id": new,
            "observer_id": old[0].observer_id,
            "observed_id": old[0].observed_id,
            "perspective": perspective(workspace_id, old[0].observer_id, old[0].observed_id),
            "session_id": old[0].session_id,
            "content": content,
            "created_at": now,
            "vector": 0,
            **await _filled(tx, workspace_id, old[0], content),
        }
        created = conclusion_queries.CreateRows(workspace_id=workspace_id, rows=[row], vectors=[embedding], now=now)
        if not await tx.many(conclusion_queries.CREATE, created):
            raise NotFound(f"Conclusion {conclusion_id} not found: its session is being deleted")
        superseded = queries.Supersede(
            workspace_id=workspace_id, rows=[{"old_id": conclusion_id, "new_id": new, "slot": None}], now=now
        )
        if not await tx.many(queries.SUPERSEDE, superseded):
            raise NotFound(f"Conclusion {conclusion_id} not found")
        await support.settle(tx, workspace_id, [conclusion_id], now)
        await revise(tx, workspace_id, [new], now)
        await cards.follow(tx, workspace_id, {(old[0].observer_id, old[0].observed_id)})
        await weighing.ask(tx, workspace_id, [old[0].observed_id])
        stored = conclusion_queries.SomeOf(workspace_id=workspace_id, conclusion_ids=[new])
        return conclusion((await tx.many(conclusion_queries.GET, stored))[0])

    return await database.write(work)


async def _filled(
    tx: Transaction, workspace_id: str, old: conclusion_queries.ConclusionRow, content: str
) -> dict[str, object]:
    """The slot that `content` fills in the place of `old`, as properties; none where that cannot be told."""
    wanted = conclusion_queries.SomeOf(workspace_id=workspace_id, conclusion_ids=[old.id])
    for row in await tx.many(queries.FILLED, wanted):
        value = replaced(row.slot_value, old.content, content)
        if value is not None:
            return {
                "slot": row.slot,
                "slot_value": value,
                "slot_key": value_key(value),
                "exclusive": row.exclusive,
                "negated": row.negated,
                "lasting": row.lasting,
                "about_at": row.about_at if dated(row.slot) else None,
            }
    return {}
