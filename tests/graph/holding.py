"""Puts conclusions with chosen levels, times and vectors straight into the graph, as reasoning over weeks would."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from msgspec import Struct, structs

from graph.driver import Database
from graph.perspective import perspective
from graph.types import Level
from tests.graph.conftest import NOON, vector

_numbers = count()

_WRITE = """
UNWIND range(0, size($rows) - 1) AS place
WITH $rows[place] AS row, $vectors[place] AS embedding
MERGE (observer:Peer {workspace_id: row.workspace_id, id: row.observer_id})
MERGE (observed:Peer {workspace_id: row.workspace_id, id: row.observed_id})
CREATE (c:Conclusion:Held) SET c = row
CREATE (observer)-[:HOLDS]->(c)-[:ABOUT]->(observed)
MERGE (observer)-[view:VIEWS]->(observed)
ON CREATE SET view.conclusions = 0
SET view.conclusions = view.conclusions + 1
WITH c, embedding
CALL (c, embedding) { CALL db.create.setNodeVectorProperty(c, 'embedding', embedding) }
"""
_DERIVE = """
MATCH (c:Conclusion {id: $id})
UNWIND $premise_ids AS premise_id
MATCH (premise:Conclusion {id: premise_id})
CREATE (c)-[proof:DERIVED_FROM]->(premise)
SET proof.support = $support
"""


class Held(Struct, frozen=True, kw_only=True):
    """A conclusion to put in; `minutes` after noon is when it was said and concluded."""

    content: str
    workspace_id: str
    observer_id: str = "ann"
    observed_id: str = "ann"
    session_id: str | None = "s1"
    level: Level = "explicit"
    minutes: float = 0
    times_derived: int = 1
    vector: Sequence[float] = ()
    id: str = ""

    @property
    def at(self) -> datetime:
        return NOON + timedelta(minutes=self.minutes)


async def hold(database: Database, *held: Held) -> list[str]:
    """Store conclusions; their ids."""
    ids = [each.id or f"{each.workspace_id}-{next(_numbers)}" for each in held]
    rows: list[dict[str, object]] = []
    for each, conclusion_id in zip(held, ids, strict=True):
        row = structs.asdict(each)
        del row["minutes"], row["vector"]
        pair = perspective(each.workspace_id, each.observer_id, each.observed_id)
        times = {"created_at": each.at, "observed_at": each.at}
        rows.append({**row, **times, "id": conclusion_id, "perspective": pair, "content_key": conclusion_id})
    vectors = [list(each.vector or vector(1.0)) for each in held]
    await database.schema_statement(_WRITE, {"rows": rows, "vectors": vectors})
    return ids


async def derive(
    database: Database, conclusion_id: str, premise_ids: Sequence[str], support: str | None = None
) -> None:
    """Rest a conclusion on others, together; without `support` as it was stored before derivations were told apart."""
    wanted = {"id": conclusion_id, "premise_ids": list(premise_ids), "support": support}
    await database.schema_statement(_DERIVE, wanted)
