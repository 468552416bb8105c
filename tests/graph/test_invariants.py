"""Whatever breaks a rule of the graph is found, and named."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from app.cli.engine import doctor
from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.store.invariants import RULES, check
from tests.graph.looking import rows
from tests.graph.proving import Proof, write
from tests.invariants import assert_sound

_C = "MATCH (c:Conclusion {id: $w + '-c'}) "
#: A way to break each rule, past all our code.
BREAKS = {
    "derived_without_premises": "MATCH (:Conclusion {id: $w + '-d'})-[proof:DERIVED_FROM]->() DELETE proof",
    "explicit_without_source": _C + "MATCH (c)-[proof:DERIVED_FROM]->() DELETE proof",
    "thin_induction": "MATCH (:Conclusion {id: $w + '-i'})-[p:DERIVED_FROM]->(:Conclusion {id: $w + '-c2'}) DELETE p",
    "circular": _C + "MATCH (d:Conclusion {id: $w + '-d'}) CREATE (c)-[:DERIVED_FROM {support: 'x'}]->(d)",
    "replaced_yet_living": _C + "MATCH (d:Conclusion {id: $w + '-d'}) CREATE (d)-[:SUPERSEDES]->(c)",
    "supported_yet_retired": (
        "MATCH (d:Conclusion {id: $w + '-d'}) REMOVE d:Held "
        "SET d.retired_at = datetime(), d.retired_because = 'unsupported'"
    ),
    "incomplete": _C + "MATCH (c)-[about:ABOUT]->() DELETE about",
    "half_retired": _C + "SET c.retired_at = datetime()",
    "across_workspaces": _C + "MERGE (p:Peer {workspace_id: 'elsewhere', id: 'x'}) CREATE (p)-[:HOLDS]->(c)",
    "message_across_workspaces": "MATCH (:Peer)-[sent:SENT]->(:Message {id: $w + '-m'}) DELETE sent",
    "miscounted_view": "MATCH (:Peer {workspace_id: $w, id: 'ann'})-[view:VIEWS]->() SET view.conclusions = 17",
    "card_line_without_conclusion": (
        "MATCH (:Peer {workspace_id: $w, id: 'ann'})-[view:VIEWS]->() SET view.card_origin = 'reasoning', "
        "view.card = ['ATTRIBUTE: c', 'ATTRIBUTE: gone'], view.card_rests = [$w + '-c', $w + '-gone']"
    ),
    "orphan_piece": "CREATE (:Piece {workspace_id: $w, session_id: 's', place: 0})",
    "miscounted_session": "MATCH (s:Session {workspace_id: $w, id: 's'}) SET s.hidden = 3",
}


def test_there_is_a_break_for_every_rule() -> None:
    assert list(BREAKS) == [rule.name for rule in RULES]


@pytest.mark.parametrize("name", BREAKS)
async def test_a_break_is_found(database: Database, workspace_id: str, name: str) -> None:
    await write(
        database,
        workspace_id,
        ["m", "m2"],
        [
            Proof(name="c", derivations=[["m"]]),
            Proof(name="c2", derivations=[["m2"]]),
            Proof(name="stated"),
            Proof(name="d", level="deductive", derivations=[["c"]]),
            Proof(name="i", level="inductive", derivations=[["c", "c2"]]),
        ],
    )
    await database.schema_statement(
        "MATCH (s:Session {workspace_id: $w, id: 's'}) SET s.created_at = datetime() "
        "WITH s MATCH (p:Peer {workspace_id: $w, id: 'ann'}) SET p.created_at = datetime()",
        {"w": workspace_id},
    )
    await assert_sound(database, workspace_id)

    await database.schema_statement(BREAKS[name], {"w": workspace_id})

    broken = {finding.rule: list(finding.ids) for finding in await check(database, workspace_id) if finding.ids}
    assert broken[name]
    assert all(each.startswith(workspace_id) for ids in broken.values() for each in ids)
    everywhere = {finding.rule: finding.ids for finding in await check(database)}
    assert everywhere[name]
    # Others of this database are not to find what was broken here.
    await database.schema_statement(
        "MATCH (n) WHERE n.workspace_id IN [$w, 'elsewhere'] DETACH DELETE n", {"w": workspace_id}
    )


@pytest.mark.parametrize("broken", [False, True])
def test_the_doctor_prints_every_rule_and_exits_with_1_on_a_break(
    neo4j_server: Neo4jServer, workspace_id: str, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    if broken:
        asyncio.run(rows(neo4j_server, BREAKS["orphan_piece"], w=workspace_id))
    monkeypatch.setenv("NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)

    printed = CliRunner().invoke(doctor, ["--graph", "--workspace", workspace_id])
    structured = CliRunner().invoke(doctor, ["--graph", "--workspace", workspace_id, "--json"])
    asyncio.run(rows(neo4j_server, "MATCH (p:Piece {workspace_id: $w}) DELETE p", w=workspace_id))

    assert (printed.exit_code, structured.exit_code) == (int(broken), int(broken))
    assert printed.output.count("\u2713") == len(RULES) - broken
    findings = {finding["rule"]: finding["ids"] for finding in json.loads(structured.output)}
    assert list(findings) == [rule.name for rule in RULES]
    assert findings["orphan_piece"] == ([f"{workspace_id}/s"] if broken else [])
