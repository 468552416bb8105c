"""Puts rows into the engine as nodes, filters them there, and leaves nothing behind."""

# The driver's synchronous constructors leave their options without types.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import LiteralString, cast

import neo4j

from app.engine.neo4j import Neo4jServer
from graph.filters import Compiled
from graph.metadata_terms import terms
from tests.graph.filter_reading import Row

HOME = "home"


class Nodes:
    """Rows as nodes of one uncommitted transaction."""

    def __init__(self, transaction: neo4j.Transaction, rows: Sequence[Row]) -> None:
        self._transaction = transaction
        stored = [_properties(place, row) for place, row in enumerate(rows)]
        transaction.run("UNWIND $rows AS row CREATE (n:FilterTest) SET n = row", {"rows": stored}).consume()
        proofs = [{"place": place, "ids": row.get("source_ids", [])} for place, row in enumerate(rows)]
        transaction.run(
            "UNWIND $proofs AS proof MATCH (n:FilterTest {place: proof.place}) UNWIND proof.ids AS id "
            "MERGE (premise:Conclusion {id: id}) CREATE (n)-[:DERIVED_FROM]->(premise)",
            {"proofs": proofs},
        ).consume()

    def selected(self, compiled: Compiled) -> set[int]:
        """Places of the rows of workspace `HOME` that the filter selects."""
        statement = f"MATCH (n:FilterTest) WHERE n.workspace_id = $home AND {compiled.text} RETURN n.place AS place"
        found = self._transaction.run(cast("LiteralString", statement), {"home": HOME, **compiled.parameters})
        return {cast("int", record["place"]) for record in found}

    def held(self, filters: Sequence[Compiled]) -> list[set[int]]:
        """Places of the rows, of whatever workspace, that each filter holds for; all are asked in one query."""
        texts, values = list[str](), dict[str, object]()
        for index, compiled in enumerate(filters):
            texts.append(f"coalesce({compiled.text.replace('$f_', f'$f{index}_')}, false)")
            values |= {name.replace("f_", f"f{index}_"): value for name, value in compiled.parameters.items()}
        statement = f"MATCH (n:FilterTest) RETURN n.place AS place, [{', '.join(texts)}] AS held"
        found: list[set[int]] = [set() for _ in filters]
        for record in self._transaction.run(cast("LiteralString", statement), values):
            for index, holds in enumerate(cast("list[bool]", record["held"])):
                found[index] |= {cast("int", record["place"])} if holds else set()
        return found


@contextmanager
def open_session(server: Neo4jServer) -> Generator[neo4j.Session]:
    auth = (server.user, server.password) if server.password else None
    with (
        neo4j.GraphDatabase.driver(server.uri, auth=auth, notifications_min_severity="OFF") as driver,
        driver.session() as session,
    ):
        yield session


@contextmanager
def nodes(session: neo4j.Session, rows: Sequence[Row]) -> Generator[Nodes]:
    with session.begin_transaction() as transaction:
        yield Nodes(transaction, rows)
        transaction.rollback()


def _properties(place: int, row: Row) -> Mapping[str, object]:
    metadata = row.get("metadata", {})
    assert isinstance(metadata, dict)
    plain = {key: value for key, value in row.items() if value is not None and key != "source_ids"}
    return {**plain, "place": place, "metadata": json.dumps(metadata), "metadata_terms": terms(metadata)}
