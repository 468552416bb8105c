"""Every query file plans well on the real engine, and says of its columns and parameters what is true."""

import importlib
import pkgutil
import re
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime
from typing import get_origin, get_type_hints

import pytest

import graph.queries
from cypher.loader import names
from graph.driver import Database
from graph.query import Parameters, Query, Row

FORBIDDEN = {"AllNodesScan", "NodeByLabelScan", "CartesianProduct", "DirectedAllRelationshipsScan"}

#: Labels, relationship types and property keys that nothing in this database has yet: no fault of the query.
NOT_STORED_YET = ("01N50", "01N51", "01N52")


def _bound() -> dict[str, Query[Parameters, Row]]:
    found: dict[str, Query[Parameters, Row]] = {}
    for module in pkgutil.iter_modules(graph.queries.__path__):
        for value in vars(importlib.import_module(f"graph.queries.{module.name}")).values():
            if isinstance(value, Query):
                found[value.name] = value
    return found


BOUND = _bound()


@pytest.fixture(scope="module")
async def grown(watching: Database) -> AsyncGenerator[None]:
    """A store that has grown: among a handful of peers and sessions the planner looks up both ends of an edge alone."""
    await watching.schema_statement(
        "UNWIND range(1, 400) AS n WITH n, 'grown-' + (n % 40) AS w "
        "CREATE (:Peer {workspace_id: w, id: 'p' + n})-[:MEMBER_OF]->(:Session {workspace_id: w, id: 's' + n})",
        {},
    )
    yield
    await watching.schema_statement(
        "MATCH (p:Peer)-[:MEMBER_OF]->(s:Session) WHERE p.workspace_id STARTS WITH 'grown-' DETACH DELETE p, s", {}
    )


def test_every_query_file_is_bound_once() -> None:
    assert sorted(BOUND) == names()


@pytest.mark.usefixtures("grown")
@pytest.mark.parametrize("name", sorted(BOUND))
async def test_a_query_plans_with_an_index_and_returns_the_columns_of_its_row(name: str, database: Database) -> None:
    query = BOUND[name]
    hints = get_type_hints(query.parameters)
    samples = {field: _sample(field, hints[field]) for field in query.parameters.__struct_fields__}

    plan = await database.explain(query.statement(), samples)

    scans = [operator for operator in plan.operators if operator[0] in FORBIDDEN]
    assert not scans, f"{name}: {scans}"
    notices = [notice for notice in plan.notices if not notice.startswith(NOT_STORED_YET)]
    assert not notices, f"{name}: {notices}"
    assert set(plan.columns) == set(query.row.__struct_fields__), name
    if query.scope == "workspace":
        assert re.search(r"workspace_id", query.text), name


async def test_a_deprecated_statement_would_be_noticed(database: Database) -> None:
    plan = await database.explain("MATCH (w:Workspace {id: 'x'}) RETURN id(w) AS id", {})
    assert [notice[:5] for notice in plan.notices if not notice.startswith(NOT_STORED_YET)] == ["01N01"]


async def test_a_scan_would_be_noticed(database: Database) -> None:
    plan = await database.explain("MATCH (w:Workspace) WHERE w.metadata = 'x' RETURN w.id AS id", {})
    assert FORBIDDEN & {operator for operator, _ in plan.operators}


def _sample(name: str, hint: object) -> object:
    if hint is datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)
    if hint is bool:
        return True
    if hint is int:
        return 1
    if get_origin(hint) is Mapping:
        return {}
    if get_origin(hint) is not None and "Sequence" in str(hint):
        return [0.1] * 384 if name == "vector" else []
    return "x"
