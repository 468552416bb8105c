"""The compiled filter selects what the language says, on the real engine, whatever the rows and the filter."""

import os
from collections.abc import Generator

import neo4j
import pytest
from hypothesis import event, given, settings

from app.engine.neo4j import Neo4jServer
from graph.filters import Resource, compile_filter
from tests.graph.filter_cases import cases, sweeps
from tests.graph.filter_engine import HOME, nodes, open_session
from tests.graph.filter_reading import Object, Row, reads

EXAMPLES = int(os.environ.get("DOXA_TEST_FILTER_EXAMPLES", "40"))


@pytest.fixture(scope="module")
def session(neo4j_server: Neo4jServer) -> Generator[neo4j.Session]:
    with open_session(neo4j_server) as session:
        yield session


@settings(max_examples=EXAMPLES // 4, deadline=None)  # some seventy filters at a time
@given(case=sweeps(HOME))
def test_every_operator_on_every_column_holds_where_the_language_says(
    session: neo4j.Session, case: tuple[Resource, list[Row], list[Object]]
) -> None:
    resource, rows, forms = case
    asked: list[Object] = [*forms, *({"NOT": [form]} for form in forms)]
    with nodes(session, rows) as stored:
        held = stored.held([compile_filter(resource, filters) for filters in asked])
    for filters, found in zip(asked, held, strict=True):
        assert found == {place for place, row in enumerate(rows) if reads(row, filters) is True}, filters


@pytest.mark.timeout(900)  # a failure is shrunk with many more filters
@settings(max_examples=EXAMPLES, deadline=None)
@given(case=cases(HOME))
def test_the_engine_selects_what_the_language_says(
    session: neo4j.Session, case: tuple[Resource, list[Row], list[Object]]
) -> None:
    resource, rows, asked = case
    at_home = {place for place, row in enumerate(rows) if row["workspace_id"] == HOME}
    with nodes(session, rows) as stored:
        for filters in asked:
            compiled = compile_filter(resource, filters)
            found = stored.selected(compiled)
            wanted = {place for place in at_home if reads(rows[place], filters) is True}
            event("all rows" if found == at_home else "some rows" if found else "no row")
            assert found == wanted, f"{compiled.text} with {compiled.parameters}"
