"""What one peer can know that another holds about a third: what both were there for."""

from datetime import UTC, datetime

from msgspec.structs import asdict

from graph.driver import Database
from graph.perspective import perspective
from graph.queries import history
from graph.queries import recall as queries
from graph.recall.recalled import merge
from graph.recall.rendering import render
from graph.recall.representation import Representation


async def shared(
    database: Database,
    workspace_id: str,
    knower_id: str,
    holder_id: str,
    observed_id: str,
    max_conclusions: int,
    as_of: datetime | None = None,
) -> Representation:
    """The newest of what a peer holds about another and a third can know that it holds; an unknown peer knows nothing.

    That is what rests only on messages sent while both were in their session, or by one of them; a derived conclusion
    only if all that it rests on does. What clients stated rests on no message, so nobody can know it.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        knower_id: who can know.
        holder_id: who holds.
        observed_id: about whom.
        max_conclusions: how many at most.
        as_of: what was held then, and could be known from what had been sent by then; None for now.

    Returns:
        the text, and the conclusions, each with the ids of all messages that its proof leads to, or then led to: of
        these without those that were retracted since.

    Raises:
        StoreFault: the database did not do its part.
    """
    wanted = queries.Shared(
        workspace_id=workspace_id,
        perspective=perspective(workspace_id, holder_id, observed_id),
        present_ids=sorted({knower_id, holder_id}),
        limit=max_conclusions,
    )
    if as_of is None or as_of >= datetime.now(UTC):
        row = await database.one(queries.SHARED, wanted)
    else:
        row = await database.one(history.SHARED, history.SharedThen(**asdict(wanted), as_of=as_of))
    recalled = merge(row.found)
    return Representation(render(recalled), recalled)
