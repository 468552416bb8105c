"""Deriving after reasoning: by rules and by a scripted model, for all who hold the premises, without further calls."""

import json
from typing import cast

import pytest

from app.engine.neo4j import Neo4jServer
from graph.store import erasing, members, peers, retraction, work
from graph.types import MemberConfiguration
from tests.graph.looking import miscounted, rows, unsound
from tests.invariants import assert_sound
from tests.models.scripted import Call, Fail, Reply, Say, Script, ScriptedServer
from tests.workers.conftest import Serve, tell
from workers.service import Service
from workers.unit import do

_OBSERVES = MemberConfiguration(observe_others=True)
_DERIVED = """
MATCH (c:Conclusion {workspace_id: $w}) WHERE c.level IN ['deductive', 'inductive', 'contradiction'] AND c:Held
RETURN c.observer_id, c.content, c.level,
       COLLECT { MATCH (c)-[:DERIVED_FROM]->(p:Conclusion) RETURN p.content ORDER BY p.content }
"""
_RUNS = (
    "MATCH (r:Run {workspace_id: $w, step: 'derivation'}) RETURN r.calls, r.outcome, r.dropped ORDER BY r.started_at"
)
_MARKED = "MATCH (c:Held {workspace_id: $w}) WHERE c.unweighed IS NOT NULL RETURN c.content"
_TEA, _CUPS, _FOND = "ann drinks green tea.", "ann collects tea cups.", "ann is fond of tea."


async def settle(service: Service, workspace_id: str) -> None:
    """Do all that waits, whenever it is due, until nothing does."""
    for _ in range(30):
        await service.database.schema_statement(
            "MATCH (w:Work {workspace_id: $w}) WHERE w.due_at IS NOT NULL SET w.due_at = w.created_at",
            {"w": workspace_id},
        )
        waiting = [key for key in await work.due(service.database) if f"/{workspace_id}/" in key]
        if not waiting:
            return
        for key in waiting:
            await do(service, key)
    raise AssertionError("it does not end")


async def join(service: Service, workspace_id: str, *names: str, late: bool = False) -> None:
    """Let peers enter session `s` and hear what others say from now on, or what was said before too."""
    joining = dict.fromkeys(names, _OBSERVES)
    await members.add(service.database, workspace_id, "s", joining, late=names if late else ())


async def derived(server: Neo4jServer, workspace_id: str, observer_id: str = "ann") -> dict[str, tuple[str, str]]:
    """By content, the level and the premises of what an observer holds that was derived."""
    found = cast("list[tuple[str, str, str, list[str]]]", await rows(server, _DERIVED, w=workspace_id))
    return {row[1]: (row[2], " ".join(row[3])) for row in found if row[0] == observer_id}


async def sound(service: Service, server: Neo4jServer, workspace_id: str) -> None:
    assert await rows(server, _MARKED, w=workspace_id) == []
    assert await miscounted(server, workspace_id) == []
    assert await unsound(server, workspace_id) == 0
    await assert_sound(service.database, workspace_id)


async def test_rules_turn_relations_round_chain_them_and_know_diets_for_all_who_were_there(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    await join(service, workspace_id, "eva", "bea", "cat")
    await tell(service, workspace_id, "ann", "My daughter is called Eva.", "I am vegetarian.")
    await settle(service, workspace_id)
    await members.remove(service.database, workspace_id, "s", ["cat"])
    await tell(service, workspace_id, "ann", "My mother is called Bea.")
    await settle(service, workspace_id)

    eva, bea = "ann's daughter is called Eva.", "ann's mother is called Bea."
    turned = {"eva is a child of ann.": ("deductive", eva)}
    chained = {
        "bea is a parent of ann.": ("deductive", bea),
        "eva is a grandchild of bea.": ("deductive", f"{eva} {bea}"),
        "bea is a grandparent of eva.": ("deductive", f"{eva} {bea}"),
    }
    diet = {f"ann does not eat {food}.": ("deductive", "ann is vegetarian.") for food in ("meat", "fish")}
    for observer_id in ("ann", "eva", "bea"):
        assert await derived(neo4j_server, workspace_id, observer_id) == turned | chained | diet, observer_id
    assert await derived(neo4j_server, workspace_id, "cat") == turned | diet
    await sound(service, neo4j_server, workspace_id)


async def test_who_was_not_there_is_not_meant(serve: Serve, neo4j_server: Neo4jServer, workspace_id: str) -> None:
    service = await serve()
    await peers.get_or_create(service.database, workspace_id, "eva", metadata=None, configuration=None)
    await tell(service, workspace_id, "ann", "My daughter is called Eva.")
    await settle(service, workspace_id)

    assert await derived(neo4j_server, workspace_id) == {}


async def test_eating_what_a_diet_rules_out_supersedes_what_follows_from_the_diet(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "I am vegetarian.")
    await settle(service, workspace_id)
    await tell(service, workspace_id, "ann", "I eat fish.")
    await settle(service, workspace_id)

    assert set(await derived(neo4j_server, workspace_id)) == {"ann does not eat meat."}
    await sound(service, neo4j_server, workspace_id)


async def test_what_somebody_says_of_herself_tells_against_another_but_replaces_nothing_of_his(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    await join(service, workspace_id, "bob")
    await tell(service, workspace_id, "bob", "I am married to Cleo.")
    await settle(service, workspace_id)
    await join(service, workspace_id, "cleo")
    await tell(service, workspace_id, "ann", "I am married to Bob.")
    await settle(service, workspace_id)

    found = await derived(neo4j_server, workspace_id, "bob")
    assert {level for level, _ in found.values()} == {"deductive", "contradiction"}
    held = await rows(
        neo4j_server,
        "MATCH (c:Held {workspace_id: $w, observer_id: 'bob', observed_id: 'bob', slot: 'married_to'}) "
        "RETURN c.slot_value ORDER BY c.slot_value",
        w=workspace_id,
    )
    assert held == [["Cleo"], ["ann"]]
    await sound(service, neo4j_server, workspace_id)


async def test_what_is_said_in_two_sessions_becomes_a_pattern_that_falls_and_returns_with_its_sources(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "I like tea.")
    await settle(service, workspace_id)
    (second,) = await tell(service, workspace_id, "ann", "I like tea.", session_id="t")
    await settle(service, workspace_id)
    pattern = {"ann likes tea.": ("inductive", "ann likes tea. ann likes tea.")}
    assert await derived(neo4j_server, workspace_id) == pattern

    await retraction.retract(service.database, workspace_id, "t", second.id)
    assert await derived(neo4j_server, workspace_id) == {}
    await settle(service, workspace_id)
    assert await derived(neo4j_server, workspace_id) == {}
    await retraction.restore(service.database, workspace_id, "t", second.id)
    assert await derived(neo4j_server, workspace_id) == pattern
    await settle(service, workspace_id)
    await sound(service, neo4j_server, workspace_id)


@pytest.mark.parametrize("where", ["peer", "deployment"])
async def test_where_nothing_is_to_be_concluded_nothing_is_derived(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, where: str
) -> None:
    service = await serve(**({"DOXA_DERIVATION_ENABLED": "false"} if where == "deployment" else {}))
    await tell(service, workspace_id, "ann", "I am vegetarian.")
    await do(service, f"reasoning/{workspace_id}/s/ann")
    if where == "peer":
        off: dict[str, object] = {"reasoning": {"enabled": False}}
        await peers.get_or_create(service.database, workspace_id, "ann", metadata=None, configuration=off)
    await settle(service, workspace_id)

    assert await derived(neo4j_server, workspace_id) == {}
    assert len(await rows(neo4j_server, _MARKED, w=workspace_id)) == 1, "what was not derived from yet still is not"


def _infers(*conclusions: dict[str, object]) -> Script:
    """Notes down the two facts of ann's about tea, and infers the same at each call."""

    def answer(call: Call) -> Reply:
        if not asked(call):
            return Say("yes")
        if asked(call) == "derivations":
            return Say({"conclusions": list(conclusions)})
        material = json.loads(call.messages[-1][1])
        noted = [
            {"text": text, "messages": [message["id"]], "quote": quote, "about": None}
            for message in material["messages"]
            for quote, text in (("drink green tea", _TEA), ("collect tea cups", _CUPS))
            if message["new"] and quote in message["text"] and material["subject"] == "ann"
        ]
        return Say({"propositions": noted})

    return answer


def asked(call: Call) -> str:
    """The name of the question."""
    form = call.body.get("response_format")
    return str(json.loads(json.dumps(form))["json_schema"]["name"]) if form else ""


def _remote(server: ScriptedServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "DOXA_LLM_MODEL": "scripted"}


def _derivations(server: ScriptedServer) -> list[Call]:
    return [call for call in server.calls if asked(call) == "derivations"]


_PATTERN: dict[str, object] = {"text": _FOND, "premises": ["k1", "k2"], "kind": "generalisation"}


async def test_one_call_derives_for_all_who_hold_the_premises_and_for_nobody_else(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = _infers(_PATTERN)
    service = await serve(**_remote(scripted))
    await join(service, workspace_id, "bob", "cid", "dan")
    await tell(service, workspace_id, "ann", "I drink green tea")
    await members.remove(service.database, workspace_id, "s", ["dan"])
    await tell(service, workspace_id, "ann", "I collect tea cups")
    await settle(service, workspace_id)

    for observer_id in ("ann", "bob", "cid"):
        assert await derived(neo4j_server, workspace_id, observer_id) == {_FOND: ("inductive", f"{_CUPS} {_TEA}")}
    assert await derived(neo4j_server, workspace_id, "dan") == {}
    (call,) = _derivations(scripted)
    material = json.loads(call.messages[-1][1])
    assert (material["subject"], [(one["text"], one["new"]) for one in material["known"]]) == (
        "ann",
        [(_TEA, True), (_CUPS, True)],
    )
    assert await rows(neo4j_server, _RUNS, w=workspace_id) == [[1, "concluded", "{}"]]

    await join(service, workspace_id, "eve", late=True)
    await settle(service, workspace_id)
    assert await derived(neo4j_server, workspace_id, "eve") == {_FOND: ("inductive", f"{_CUPS} {_TEA}")}
    assert len(_derivations(scripted)) == 1, "who catches up is given what was thought already"
    await sound(service, neo4j_server, workspace_id)


async def test_a_premise_that_goes_takes_what_the_model_derived_from_every_observer_and_asks_it_for_all_at_once(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = _infers(_PATTERN, {"text": "ann owns cups.", "premises": ["k2"], "kind": "deduction"})
    service = await serve(**_remote(scripted))
    await join(service, workspace_id, "bob", "cid")
    await tell(service, workspace_id, "ann", "I drink green tea")
    (cups,) = await tell(service, workspace_id, "ann", "I collect tea cups")
    await settle(service, workspace_id)
    whole = {_FOND: ("inductive", f"{_CUPS} {_TEA}"), "ann owns cups.": ("deductive", _CUPS)}
    calls = len(_derivations(scripted))

    await retraction.retract(service.database, workspace_id, "s", cups.id)
    for observer_id in ("ann", "bob", "cid"):
        assert await derived(neo4j_server, workspace_id, observer_id) == {}
    await settle(service, workspace_id)
    assert len(_derivations(scripted)) == calls + 1, "three observers cost no more than one"
    await retraction.restore(service.database, workspace_id, "s", cups.id)

    for observer_id in ("ann", "bob", "cid"):
        assert await derived(neo4j_server, workspace_id, observer_id) == whole
    await settle(service, workspace_id)
    assert await derived(neo4j_server, workspace_id) == whole
    await sound(service, neo4j_server, workspace_id)


async def test_what_is_left_of_the_premises_of_what_is_erased_is_derived_from_once_more(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = _infers(_PATTERN, {"text": "ann owns cups.", "premises": ["k2"], "kind": "deduction"})
    service = await serve(**_remote(scripted))
    await join(service, workspace_id, "bob")
    (tea,) = await tell(service, workspace_id, "ann", "I drink green tea")
    (cups,) = await tell(service, workspace_id, "ann", "I collect tea cups")
    await settle(service, workspace_id)
    calls = len(_derivations(scripted))

    await erasing.message(service.database, workspace_id, "s", cups.id, dry_run=False)
    assert sorted(await rows(neo4j_server, _MARKED, w=workspace_id)) == [[_TEA], [_TEA]], "as both hold it"
    await settle(service, workspace_id)

    assert len(_derivations(scripted)) == calls + 1
    for observer_id in ("ann", "bob"):
        assert await derived(neo4j_server, workspace_id, observer_id) == {}
    await erasing.message(service.database, workspace_id, "s", tea.id, dry_run=False)
    await settle(service, workspace_id)
    assert len(_derivations(scripted)) == calls + 1, "nothing is left to derive from"
    await sound(service, neo4j_server, workspace_id)


async def test_what_fails_the_checks_is_counted_in_the_run(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = _infers(
        {"text": "ann owns a teapot from Kyoto.", "premises": ["k1"]},
        {"text": "ann owns 40 cups.", "premises": ["k1"]},
        {"text": "ann owns cups.", "premises": ["k7"]},
        {"text": "She owns cups.", "premises": ["k1"]},
    )
    service = await serve(**_remote(scripted))
    await tell(service, workspace_id, "ann", "I collect tea cups")
    await settle(service, workspace_id)

    ((calls, outcome, dropped),) = await rows(neo4j_server, _RUNS, w=workspace_id)
    assert (calls, outcome) == (1, "empty")
    assert json.loads(str(dropped)) == {
        "name not in the premises": 1,
        "number not in the premises": 1,
        "subject not named": 1,
        "unknown premise": 1,
    }
    assert await derived(neo4j_server, workspace_id) == {}
    await sound(service, neo4j_server, workspace_id)


async def test_a_model_that_is_away_loses_nothing(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = _infers(_PATTERN)
    service = await serve(**_remote(scripted))
    await tell(service, workspace_id, "ann", "I drink green tea", "I collect tea cups")
    await do(service, f"reasoning/{workspace_id}/s/ann")
    derivation = f"derivation/{workspace_id}/ann"
    await service.database.schema_statement(
        "MATCH (w:Work {key: $key}) SET w.due_at = w.created_at", {"key": derivation}
    )
    scripted.script = lambda call: Fail(400, "no")
    await do(service, derivation)
    assert len(await rows(neo4j_server, _MARKED, w=workspace_id)) == 2
    status = await work.status(service.database, workspace_id)
    assert (status.overall.completed, status.overall.failed + status.overall.pending) == (2, 1)

    scripted.script = _infers(_PATTERN)
    await service.database.schema_statement(
        "MATCH (w:Work {key: $key}) SET w.dead_at = null, w.due_at = w.created_at", {"key": derivation}
    )
    await settle(service, workspace_id)

    assert await derived(neo4j_server, workspace_id) == {_FOND: ("inductive", f"{_CUPS} {_TEA}")}
    status = await work.status(service.database, workspace_id)
    assert (status.overall.completed, status.overall.total) == (2, 2)
    await sound(service, neo4j_server, workspace_id)
