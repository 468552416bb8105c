"""Looks at the graph past all our code: what is there of a workspace, and whether its conclusions are sound."""

# The driver leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

from typing import cast

import neo4j

from app.engine.neo4j import Neo4jServer
from graph.queries.conclusions import UNSOUND

_NODES = """
MATCH (n)
WHERE n.workspace_id = $workspace_id OR (n:Workspace AND n.id = $workspace_id)
UNWIND labels(n) AS label
RETURN label, CASE WHEN n:Session THEN n.id ELSE coalesce(n.session_id, '') END AS session_id, count(*) AS number
"""
_VIEWS = """
MATCH (o:Peer {workspace_id: $workspace_id})-[view:VIEWS]->(p:Peer)
RETURN o.id, p.id, view.conclusions, COUNT { (o)-[:HOLDS]->(c:Held)-[:ABOUT]->(p) }
"""


async def rows(server: Neo4jServer, statement: str, **parameters: object) -> list[list[object]]:
    key = (server.user, server.password)
    async with neo4j.AsyncGraphDatabase.driver(server.uri, auth=key, notifications_min_severity="OFF") as driver:
        result = await driver.execute_query(cast("neo4j.Query", statement), parameters)
        return [list(record.values()) for record in result.records]


async def nodes(server: Neo4jServer, workspace_id: str) -> dict[tuple[str, str], int]:
    """How many nodes there are of each label and session; none of a session stands under the empty name."""
    found = await rows(server, _NODES, workspace_id=workspace_id)
    return {(str(label), str(session_id)): cast("int", number) for label, session_id, number in found}


async def miscounted(server: Neo4jServer, workspace_id: str) -> list[list[object]]:
    """Views whose count is not the number of living conclusions: observer, observed, count, number."""
    return [row for row in await rows(server, _VIEWS, workspace_id=workspace_id) if row[2] != row[3]]


async def unsound(server: Neo4jServer, workspace_id: str) -> int:
    """Living conclusions of a workspace that lack a holder, a subject, a source, a run or a vector."""
    statement = UNSOUND.text.replace("c.workspace_id > ''", "c.workspace_id = $workspace_id")
    assert statement != UNSOUND.text
    ((_, *lacking),) = await rows(server, statement, workspace_id=workspace_id)
    return sum(cast("list[int]", lacking))
