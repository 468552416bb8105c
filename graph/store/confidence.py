"""How sure an inductive conclusion is: by how many messages of how many speakers are under it, not by repetition."""

from collections.abc import Mapping, Sequence
from typing import Literal

from graph.driver import Transaction
from graph.queries import deriving as queries
from graph.queries.deriving import SourceRow

Confidence = Literal["low", "medium", "high"]

#: Sources that are listed of one conclusion: more say no more.
ENOUGH = 100


def confidence(messages: int, speakers: int) -> Confidence:
    """How sure a generalisation is that rests on so many distinct messages, or stated facts, of so many speakers.

    ======  =====================================
    low     2 messages
    medium  3 messages, or 2 speakers
    high    5 messages, or 3 messages by 2 speakers
    ======  =====================================
    """
    if messages >= 5 or (messages >= 3 and speakers >= 2):
        return "high"
    return "medium" if messages >= 3 or speakers >= 2 else "low"


def confidence_in(sources: Sequence[SourceRow]) -> Confidence:
    """As `confidence`, of sources, each listed once."""
    return confidence(len(sources), len({source.speaker_id for source in sources if source.speaker_id}))


async def sources_of(
    tx: Transaction, workspace_id: str, conclusion_ids: Sequence[str], limit: int = ENOUGH
) -> Mapping[str, tuple[SourceRow, ...]]:
    """The distinct sources underneath conclusions, by their ids: messages, and what clients stated."""
    wanted = queries.SourcesOf(workspace_id=workspace_id, conclusion_ids=list(conclusion_ids), limit=limit)
    return {row.id: tuple(row.sources) for row in await tx.many(queries.SOURCES, wanted)}


async def reckon(tx: Transaction, workspace_id: str, conclusion_ids: Sequence[str]) -> None:
    """Write anew how sure the inductive ones are, among some conclusions and what hangs on them."""
    some = queries.SomeOf(workspace_id=workspace_id, conclusion_ids=list(conclusion_ids))
    patterns = [row.id for row in await tx.many(queries.PATTERNS, some)]
    if not patterns:
        return
    found = await sources_of(tx, workspace_id, patterns)
    rows: list[dict[str, object]] = [
        {"id": each, "confidence": confidence_in(sources), "sources": len(sources)}
        for each, sources in sorted(found.items())
    ]
    await tx.run(queries.CONFIDE, queries.Rows(workspace_id=workspace_id, rows=rows))
