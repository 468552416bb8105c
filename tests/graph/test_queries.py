"""Every query file plans well on the real engine, and says of its columns and parameters what is true."""

import importlib
import pkgutil
import re
from datetime import UTC, datetime
from typing import get_origin, get_type_hints

import pytest

import graph.queries
from cypher.loader import names
from graph.driver import Database
from graph.query import Parameters, Query, Row

FORBIDDEN = {"AllNodesScan", "NodeByLabelScan", "CartesianProduct", "DirectedAllRelationshipsScan"}


def _bound() -> dict[str, Query[Parameters, Row]]:
    found: dict[str, Query[Parameters, Row]] = {}
    for module in pkgutil.iter_modules(graph.queries.__path__):
        for value in vars(importlib.import_module(f"graph.queries.{module.name}")).values():
            if isinstance(value, Query):
                found[value.name] = value
    return found


BOUND = _bound()


def test_every_query_file_is_bound_once() -> None:
    assert sorted(BOUND) == names()


@pytest.mark.parametrize("name", sorted(BOUND))
async def test_a_query_plans_with_an_index_and_returns_the_columns_of_its_row(name: str, database: Database) -> None:
    query = BOUND[name]
    hints = get_type_hints(query.parameters)
    samples = {field: _sample(field, hints[field]) for field in query.parameters.__struct_fields__}

    plan = await database.explain(query.statement(), samples)

    scans = [operator for operator in plan.operators if operator[0] in FORBIDDEN]
    assert not scans, f"{name}: {scans}"
    assert not plan.notices, f"{name}: {plan.notices}"
    assert set(plan.columns) == set(query.row.__struct_fields__), name
    if query.scope == "workspace":
        assert re.search(r"workspace_id", query.text), name


def _sample(name: str, hint: object) -> object:
    if hint is datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)
    if hint is int:
        return 1
    if get_origin(hint) is not None and "Sequence" in str(hint):
        return [0.1] * 384 if name == "vector" else []
    return "x"
