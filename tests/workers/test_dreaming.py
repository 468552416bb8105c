"""A dream goes from area to area: what it thinks of, how far its budget reaches, what becomes of its progress."""

import asyncio
import json
import os
import signal
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.wake import Waker
from graph.driver import Database
from graph.errors import LeaseLost, NotFound
from graph.query import Predicate
from graph.store import conclusions, deriving, dream_reports, dreams, erasing, peers, work, workspaces
from graph.store.dream_reports import Known, Report
from graph.store.dreams import Asked
from graph.store.retirement import retire
from graph.types import Conclusion, NewDerived, PageRequest
from tests.graph.concluding import Fact, fills, run_of
from tests.graph.concluding import tell as conclude
from tests.graph.conftest import NOON, vector
from tests.graph.looking import rows
from tests.invariants import assert_sound
from tests.models.scripted import Call, Hang, Reply, Say, Script, ScriptedServer
from tests.workers.conftest import Serve, key_of, tell
from tests.workers.processes import working
from tests.workers.test_processes import until
from workers.crew import Crew
from workers.dreaming.closing import LEFT
from workers.service import Service
from workers.sweep import sweep_for_ever
from workers.unit import do

OMNI, DRY = Asked(kind="omni"), Asked(kind="omni", dry_run=True)
#: What the model says when it is shown both texts of a key.
THOUGHTS = {
    ("ann plays the violin.", "ann sings in a choir."): "ann makes music.",
    ("ann grows beans.", "ann keeps bees."): "ann keeps a garden.",
}


def thinking(thoughts: Mapping[tuple[str, str], str], prompt_tokens: int = 100) -> Script:
    """A model that concludes from pairs of what it is shown, as a table says."""

    def answer(call: Call) -> Reply:
        if '"known"' not in call.messages[-1][1]:
            return Say({"ready": True})
        shown = {one["text"]: one["id"] for one in json.loads(call.messages[-1][1])["known"]}
        found = [
            {"text": text, "premises": [shown[each] for each in pair]}
            for pair, text in thoughts.items()
            if all(each in shown for each in pair)
        ]
        return Say({"conclusions": found}, prompt_tokens=prompt_tokens)

    return answer


def modelled(scripted: ScriptedServer, **more: str) -> dict[str, str]:
    """The environment in which dreams have a model, and nothing else has."""
    named = {"DOXA_LLM_DREAM_BASE_URL": scripted.url, "DOXA_LLM_DREAM_API_KEY": "k", "DOXA_LLM_DREAM_MODEL": "m"}
    return {**named, **more}


async def plant(
    database: Database, workspace_id: str, observers: Sequence[str] = ("ann",), so: str = "so"
) -> list[str]:
    """Two islands of explicit conclusions, music and garden; on the first of each two others rest: thin ground."""
    ids: list[str] = []
    for island, pair in enumerate(THOUGHTS):
        texts = [*pair, *(f"ann said {so} ({island}, {number})." for number in range(10))]
        facts = [
            Fact(content=text, said_at=NOON, vector=_on(island, 10 + 12 * island + place), observers=observers)
            for place, text in enumerate(texts)
        ]
        await conclude(database, workspace_id, *facts)
        found = {one.content: one.id for one in await _held(database, workspace_id)}
        ids.append(found[pair[0]])
        new = [
            NewDerived(
                level="deductive",
                content=f"ann is known for it ({island}, {number}).",
                premise_ids=[found[pair[0]]],
                embedding=_on(2 + 2 * island + number, 60),
            )
            for number in range(2)
        ]
        now = datetime.now(UTC)
        await database.write(
            lambda tx, new=new, now=now: deriving.derive(tx, workspace_id, run_of(), "ann", "ann", new, now)
        )
    # As if all had been derived from that can be derived at once.
    await database.schema_statement("MATCH (c:Held {workspace_id: $w}) REMOVE c.unweighed", {"w": workspace_id})
    return ids


def _on(island: int, own: int) -> list[float]:
    direction = [0.0] * 80
    direction[island], direction[own] = 2.0, 0.6
    return vector(*direction)


async def _held(database: Database, workspace_id: str, observer_id: str = "ann") -> list[Conclusion]:
    found = await conclusions.page(database, workspace_id, Predicate(), PageRequest(size=100))
    return [one for one in found.items if one.observer_id == observer_id]


async def _concluded(database: Database, workspace_id: str, observer_id: str = "ann") -> dict[str, set[str]]:
    """What dreams have concluded, with the texts of its premises."""
    held = await _held(database, workspace_id, observer_id)
    texts = {one.id: one.content for one in held}
    return {one.content: {texts[each] for each in one.source_ids} for one in held if one.content in THOUGHTS.values()}


PROOFS = {text: set(pair) for pair, text in THOUGHTS.items()}


async def dream(service: Service, workspace_id: str, asked: Asked = OMNI, turns: int = 1) -> Known:
    await workspaces.get_or_create(service.database, workspace_id, metadata={}, configuration={})
    (wake,) = await dreams.schedule(service.database, workspace_id, "ann", "ann", asked)
    for _ in range(turns):
        await do(service, wake.key)
    return await dream_reports.last(service.database, workspace_id, "ann", "ann", asked)


async def test_a_dream_thinks_in_each_area_once_and_what_follows_rests_on_its_premises(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer
) -> None:
    scripted.script = thinking(THOUGHTS)
    service = await serve(**modelled(scripted))
    await plant(service.database, workspace_id)
    before = len(scripted.calls)

    known = await dream(service, workspace_id)

    assert known.state == "idle" and known.report is not None
    assert await _concluded(service.database, workspace_id) == PROOFS
    assert [(area.reason, area.state, area.tokens) for area in known.report.areas] == [("thin", "looked", 120)] * 2
    assert {change.content: {each.content for each in change.related} for change in known.report.changes} == PROOFS
    assert (known.report.tokens, len(scripted.calls) - before) == (240, 2)
    recorded = (
        "MATCH (r:Run {workspace_id: $w, step: 'dream'}) RETURN r.model, r.calls, r.prompt_tokens ORDER BY r.calls"
    )
    assert [row for row in await rows(neo4j_server, recorded, w=workspace_id) if row[1]] == [["m", 1, 100]] * 2
    # Nothing has changed since: there is nowhere to look.
    again = await dream(service, workspace_id)
    assert again.report is not None and (again.report.areas, again.report.changes) == ([], [])
    assert len(scripted.calls) - before == 2
    await assert_sound(service.database, workspace_id)


async def test_what_a_dream_concludes_is_shared_with_all_who_hold_the_premises_for_no_further_call(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = thinking(THOUGHTS)
    service = await serve(**modelled(scripted))
    for observer_id in ("bob", "cat"):
        await peers.get_or_create(service.database, workspace_id, observer_id, metadata=None, configuration=None)
    await plant(service.database, workspace_id, ("ann", "bob", "cat"))
    # One premise is no longer held by one of them.
    (lost,) = [one for one in await _held(service.database, workspace_id, "cat") if one.content == "ann keeps bees."]
    await retire(service.database, workspace_id, lost.id)
    before = len(scripted.calls)

    report = (await dream(service, workspace_id)).report

    assert report is not None and (len(scripted.calls) - before, report.shared) == (2, 3)
    assert await _concluded(service.database, workspace_id) == PROOFS
    assert await _concluded(service.database, workspace_id, "bob") == PROOFS
    assert list(await _concluded(service.database, workspace_id, "cat")) == ["ann makes music."]
    await assert_sound(service.database, workspace_id)


async def test_a_dry_run_changes_nothing_and_tells_what_the_dream_then_does(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer
) -> None:
    scripted.script = thinking(THOUGHTS)
    service = await serve(**modelled(scripted))
    await plant(service.database, workspace_id)
    await _contradict(service.database, workspace_id)
    before = await _graph(neo4j_server, workspace_id)

    told = (await dream(service, workspace_id, DRY)).report

    assert told is not None and told.dry_run
    assert await _graph(neo4j_server, workspace_id) == before
    paid = "MATCH (r:Run {workspace_id: $w, step: 'dream'}) RETURN r.outcome, sum(r.calls)"
    assert await rows(neo4j_server, paid, w=workspace_id) == [["answered", 3]]
    assert all(change.id is None for change in told.changes if change.kind == "concluded")
    done = (await dream(service, workspace_id)).report
    assert done is not None and not done.dry_run
    assert _told(told) == _told(done)
    kinds = {change.kind for change in done.changes}
    assert kinds == {"concluded", "superseded", "retired"}, (
        "the model's thoughts, the older side, and the contradiction"
    )
    assert [area.reason for area in told.areas] == ["contradiction", "thin", "thin"]
    assert told.card == done.card


def _told(report: Report) -> list[tuple[object, ...]]:
    return sorted(
        (change.kind, change.content, change.level, tuple(sorted(each.content for each in change.related)))
        for change in report.changes
    )


async def _graph(server: Neo4jServer, workspace_id: str) -> list[object]:
    """All of a workspace but the units of work and what models were asked: nodes, relationships, all properties."""
    nodes = (
        "MATCH (n) WHERE n.workspace_id = $w AND NOT n:Work AND NOT (n:Run AND n.step = 'dream') "
        "RETURN labels(n), properties(n) ORDER BY elementId(n)"
    )
    edges = (
        "MATCH (n)-[r]->(m) WHERE n.workspace_id = $w AND NOT (n:Run AND n.step = 'dream') "
        "RETURN elementId(n), type(r), properties(r), elementId(m) ORDER BY elementId(r)"
    )
    return [await rows(server, nodes, w=workspace_id), await rows(server, edges, w=workspace_id)]


async def _contradict(database: Database, workspace_id: str) -> None:
    """Two towns, said at the same moment in two sessions; later it shows that one was said after the other."""
    for number, town in enumerate(("Hull", "Leeds")):
        fact = Fact(
            content=f"ann lives in {town}.", said_at=NOON, filled=fills("lives_in", town), vector=_on(8, 70 + number)
        )
        await conclude(database, workspace_id, fact, session_id=f"town-{number}")
    later = (
        "MATCH (c:Held {workspace_id: $w}) WHERE c.content ENDS WITH 'Leeds.' SET c.observed_at = $at "
        "WITH 1 AS one MATCH (c:Held {workspace_id: $w}) REMOVE c.unweighed"
    )
    await database.schema_statement(later, {"w": workspace_id, "at": NOON + timedelta(hours=1)})


async def test_an_open_contradiction_that_can_be_ordered_by_now_is_settled(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _contradict(service.database, workspace_id)
    assert len([one for one in await _held(service.database, workspace_id) if one.level == "contradiction"]) == 1

    report = (await dream(service, workspace_id)).report

    assert report is not None
    assert [(area.reason, area.state) for area in report.areas] == [("contradiction", "looked")]
    assert [(change.kind, change.content) for change in report.changes if change.kind == "superseded"] == [
        ("superseded", "ann lives in Hull.")
    ]
    assert [one.content for one in await _held(service.database, workspace_id)] == ["ann lives in Leeds."]
    await assert_sound(service.database, workspace_id)


async def test_a_budget_that_is_spent_leaves_the_rest_to_the_next_dream(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer
) -> None:
    scripted.script = thinking(THOUGHTS, prompt_tokens=2000)
    service = await serve(**modelled(scripted, DOXA_DREAM_TOKENS="4000"))
    ids = await plant(service.database, workspace_id)
    before = len(scripted.calls)

    report = (await dream(service, workspace_id)).report

    assert report is not None and (report.tokens, report.budget) == (2020, 4000)
    assert [area.state for area in report.areas] == ["looked", "left"]
    assert list(await _concluded(service.database, workspace_id)) == ["ann makes music."]
    said = "MATCH (r:Run {workspace_id: $w, step: 'dream'}) WHERE r.dropped CONTAINS $left RETURN r.dropped"
    ((dropped,),) = await rows(neo4j_server, said, w=workspace_id, left=LEFT)
    assert json.loads(str(dropped))[LEFT] == 1
    left = "MATCH (:Peer {workspace_id: $w})-[v:VIEWS]->() RETURN v.dream_left_ids"
    assert await rows(neo4j_server, left, w=workspace_id) == [[[ids[1]]]]

    following = (await dream(service, workspace_id)).report

    assert following is not None and [list(area.focus_ids) for area in following.areas] == [[ids[1]]]
    assert await _concluded(service.database, workspace_id) == PROOFS
    assert (len(scripted.calls) - before, await rows(neo4j_server, left, w=workspace_id)) == (2, [[None]])


async def test_a_budget_of_nothing_asks_no_model_and_leaves_all(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = thinking(THOUGHTS)
    service = await serve(**modelled(scripted, DOXA_DREAM_TOKENS="0"))
    await plant(service.database, workspace_id)
    before = len(scripted.calls)

    report = (await dream(service, workspace_id)).report

    assert report is not None and [area.state for area in report.areas] == ["left", "left"]
    assert len(scripted.calls) == before


@pytest.mark.engine
async def test_a_dream_whose_worker_is_killed_goes_on_at_the_next_area(
    serve: Serve,
    workspace_id: str,
    scripted: ScriptedServer,
    neo4j_server: Neo4jServer,
    redis_server: RedisServer,
    tmp_path: Path,
) -> None:
    service = await serve()
    # A worker also does what other tests have left in the store: what is asked for this one's sake tells its workspace.
    await plant(service.database, workspace_id, so=workspace_id)
    await service.database.schema_statement(
        "MATCH (w:Work {workspace_id: $w}) SET w.due_at = null", {"w": workspace_id}
    )
    asked: list[tuple[str, ...]] = []

    def hanging(call: Call) -> Reply:
        reply = think(call)
        if isinstance(reply, Say) and workspace_id in call.messages[-1][1]:
            asked.append(tuple(str(one) for one in cast("dict[str, list[object]]", reply.content)["conclusions"]))
            return reply if len(asked) == 1 else Hang()
        return reply

    think = thinking(THOUGHTS)
    scripted.script = hanging
    settings = modelled(scripted, DOXA_REDIS_NAMESPACE=workspace_id, DOXA_LEASE_SECONDS="3", DOXA_SWEEP_SECONDS="0.5")
    (wake,) = await dreams.schedule(service.database, workspace_id, "ann", "ann", OMNI)
    with working(neo4j_server, redis_server.url, tmp_path / "first.log", **settings) as first:
        await until(lambda: _is(len(asked) == 2), "the second area is thought about")
        os.kill(first.child, signal.SIGKILL)
    assert list(await _concluded(service.database, workspace_id)) == ["ann makes music."]
    scripted.script = think
    before = len(scripted.calls)

    with working(neo4j_server, redis_server.url, tmp_path / "second.log", **settings):
        await until(lambda: _over(service, workspace_id), "the dream is over")

    report = (await dream_reports.last(service.database, workspace_id, "ann", "ann", OMNI)).report
    assert report is not None and [area.state for area in report.areas] == ["looked", "looked"]
    assert await _concluded(service.database, workspace_id) == PROOFS
    thought = [call for call in scripted.calls[before:] if workspace_id in call.messages[-1][1]]
    assert len(thought) == 1 and "ann grows beans." in thought[0].messages[-1][1], "the first area is not thought again"
    assert wake.key not in await work.due(service.database)
    await assert_sound(service.database, workspace_id)


async def _is(value: bool) -> bool:
    return value


async def test_an_erasure_takes_reports_away_and_lets_a_dream_under_way_begin_anew(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve()
    said = await conclude(service.database, workspace_id, Fact(content="ann sings.", said_at=NOON))
    assert (await dream(service, workspace_id)).report is not None
    (wake,) = await dreams.schedule(service.database, workspace_id, "ann", "ann", DRY)
    held = await work.lease(service.database, wake.key, 600)
    assert held is not None
    await service.database.write(lambda tx: dream_reports.note(tx, held, progress="{}"))

    await erasing.message(service.database, workspace_id, "s", said[0].id, dry_run=False)

    assert (await dream_reports.last(service.database, workspace_id, "ann", "ann", OMNI)).report is None
    with pytest.raises(LeaseLost):
        await work.finish(service.database, held, 60)
    assert await dream_reports.progress(service.database, held) is None
    assert await work.lease(service.database, wake.key, 600) is not None


async def test_a_dream_that_may_not_be_dreamt_says_why(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await conclude(service.database, workspace_id, Fact(content="ann sings.", said_at=NOON))
    off: dict[str, object] = {"dream": {"enabled": False}}
    await workspaces.upsert(service.database, workspace_id, metadata=None, configuration=off)

    report = (await dream(service, workspace_id)).report

    assert report is not None and report.skipped == "the configuration forbids dreams here"


async def test_a_timer_that_has_run_out_is_dreamt_by_whoever_sweeps(serve: Serve, workspace_id: str) -> None:
    at_once = {"DOXA_DREAM_CONCLUSIONS": "1", "DOXA_DREAM_HOURS": "0", "DOXA_DREAM_IDLE_SECONDS": "0"}
    service = await serve(**at_once)
    await service.database.schema_statement("MATCH (w:Work) WHERE w.due_at IS NOT NULL SET w.due_at = null")
    await tell(service, workspace_id, "ann", "I like tea.")
    await do(service, key_of(workspace_id, "ann"))
    crew = Crew(service, 1, Waker(service.settings.redis), after=workspace_id[:-1])

    sweeping = asyncio.create_task(sweep_for_ever(service, crew))
    try:
        await until(lambda: _over(service, workspace_id), "it has dreamt")
    finally:
        sweeping.cancel()
        await crew.stop(10)

    report = (await dream_reports.last(service.database, workspace_id, "ann", "ann", OMNI)).report
    assert report is not None and not report.dry_run


async def _over(service: Service, workspace_id: str) -> bool:
    try:
        known = await dream_reports.last(service.database, workspace_id, "ann", "ann", OMNI)
    except NotFound:
        return False
    return known.report is not None
