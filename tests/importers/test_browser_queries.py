"""The saved queries for the Browser fit the graph: they plan with an index and stay inside their workspace."""

from collections.abc import AsyncGenerator
from importlib.resources import files

import pytest

from app.engine.neo4j import Neo4jServer
from cypher.loader import load
from graph import schema
from graph.driver import Database, connect

SAVED = sorted(
    f"browser/{entry.name.removesuffix('.cypher')}"
    for entry in files("cypher").joinpath("browser").iterdir()
    if entry.name.endswith(".cypher")
)
FORBIDDEN = {"AllNodesScan", "NodeByLabelScan", "CartesianProduct", "DirectedAllRelationshipsScan"}

#: Warnings that the empty database of a test has no node, relationship or property of a name yet.
NOT_STORED_YET = ("01N50", "01N51", "01N52")


@pytest.fixture(scope="module")
async def migrated(neo4j_server: Neo4jServer) -> AsyncGenerator[Database]:
    database = connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    await schema.migrate(database)
    yield database
    await database.close()


def test_the_saved_queries_are_those_that_are_documented() -> None:
    assert SAVED == ["browser/perspective", "browser/proof", "browser/session", "browser/social"]


@pytest.mark.parametrize("name", SAVED)
async def test_a_saved_query_plans_with_an_index(name: str, migrated: Database) -> None:
    query = load(name)
    plan = await migrated.explain(query.text, dict.fromkeys(query.parameters, "x"))
    assert not [operator for operator in plan.operators if operator[0] in FORBIDDEN]
    assert not [notice for notice in plan.notices if not notice.startswith(NOT_STORED_YET)]


@pytest.mark.parametrize("name", SAVED)
def test_a_saved_query_reads_one_workspace(name: str) -> None:
    query = load(name)
    assert (query.access, query.scope) == ("read", "workspace")
