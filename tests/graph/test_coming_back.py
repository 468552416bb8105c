"""What comes back meets what was learnt while it was away."""

from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.store import retirement, retraction
from tests.graph.concluding import tell
from tests.graph.looking import rows
from tests.graph.test_revising import edges, lives, nodes, sound


async def test_a_value_that_comes_back_is_superseded_by_a_newer_one_learnt_meanwhile(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    (lisbon,) = await tell(database, workspace_id, lives("Lisbon", 1), session_id="t")
    await retraction.retract(database, workspace_id, "t", lisbon.id)
    assert (await nodes(neo4j_server, workspace_id))["ann lives in Porto."] is True
    await tell(database, workspace_id, lives("Rome", 2), session_id="u")

    settled = await retraction.restore(database, workspace_id, "t", lisbon.id)

    assert await nodes(neo4j_server, workspace_id) == {
        "ann lives in Porto.": "superseded",
        "ann lives in Lisbon.": "superseded",
        "ann lives in Rome.": True,
    }
    assert settled.revived == []
    assert ["ann lives in Rome.", "SUPERSEDES", "ann lives in Lisbon."] in await edges(neo4j_server, workspace_id)
    await sound(neo4j_server, workspace_id)


async def test_the_older_value_holds_again_when_a_client_deletes_the_newer(
    neo4j_server: Neo4jServer, database: Database, workspace_id: str
) -> None:
    await tell(database, workspace_id, lives("Porto", 0))
    await tell(database, workspace_id, lives("Lisbon", 1), session_id="t")
    statement = "MATCH (c:Held {workspace_id: $workspace_id}) RETURN c.id"
    ((newer,),) = await rows(neo4j_server, statement, workspace_id=workspace_id)

    await retirement.retire(database, workspace_id, str(newer))

    assert (await nodes(neo4j_server, workspace_id))["ann lives in Porto."] is True
    await sound(neo4j_server, workspace_id)
