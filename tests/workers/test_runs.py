"""Every call of a model is recorded, those in vain too, and summed up by step and model for each workspace."""

from datetime import UTC, datetime, timedelta

import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.ids import new_id
from graph.queries import runs as queries
from graph.store import runs
from graph.types import Run
from tests.graph.looking import rows
from tests.models.noting import noting
from tests.models.scripted import Fail, Reply, Say, Script, ScriptedServer
from tests.workers.conftest import Serve, key_of, tell
from workers.unit import do

TEA = noting({"tea": "{subject} likes tea."})


def fixed(reply: Reply) -> Script:
    return lambda call: reply


EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


async def test_what_a_batch_took_is_recorded_with_its_price_whether_it_worked_or_not(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer
) -> None:
    scripted.script = fixed(Say({"ready": True}))
    service = await serve(
        OPENAI_BASE_URL=scripted.url, DOXA_LLM_MODEL="m", DOXA_LLM_PRICES="m=2/10", DOXA_WORK_MAX_ATTEMPTS="9"
    )
    key = key_of(workspace_id, "ann")
    await tell(service, workspace_id, "ann", "I like tea, privately")
    answers: list[Reply] = [Say("never json", prompt_tokens=70, completion_tokens=5), Fail(429)]
    for answer in answers:
        scripted.script = fixed(answer)
        await do(service, key)
        await _make_due(service.database, key)
    scripted.script = TEA
    await do(service, key)

    statement = (
        "MATCH (r:Run {workspace_id: $workspace_id}) "
        "RETURN r.outcome, r.fault, r.calls, r.prompt_tokens, r.completion_tokens, r.cost, size(r.prompt_hash), "
        "any(key IN keys(r) WHERE toString(r[key]) CONTAINS 'privately') ORDER BY r.started_at"
    )
    found = await rows(neo4j_server, statement, workspace_id=workspace_id)
    assert found == [
        ["failed", "ModelGarbage", 2, 140, 10, (140 * 2 + 10 * 10) / 1e6, 64, False],
        ["failed", "ModelTransient", 1, 0, 0, 0.0, 64, False],
        ["concluded", None, 1, 100, 20, (100 * 2 + 20 * 10) / 1e6, 64, False],
    ]
    (used,) = await runs.usage(service.database, workspace_id, *EVER)
    assert (used.step, used.model, used.runs, used.calls, used.failed) == ("reasoning", "m", 3, 4, 2)
    assert (used.prompt_tokens, used.completion_tokens) == (240, 30)
    assert used.cost == pytest.approx((240 * 2 + 30 * 10) / 1e6)


async def test_an_endpoint_that_is_left_alone_leaves_no_runs_behind(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = fixed(Say({"ready": True}))
    service = await serve(OPENAI_BASE_URL=scripted.url, DOXA_LLM_MODEL="m", DOXA_MODEL_CIRCUIT_FAILURES="2")
    key = key_of(workspace_id, "ann")
    await tell(service, workspace_id, "ann", "I like tea")
    scripted.script = lambda call: Fail(503)
    for _ in range(5):
        await do(service, key)
        await _make_due(service.database, key)
    (used,) = await runs.usage(service.database, workspace_id, *EVER)
    assert (used.runs, used.calls, used.failed, used.cost) == (2, 2, 2, None)


async def test_usage_is_of_one_workspace_and_of_the_time_asked_for(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    start = datetime(2024, 1, 1, tzinfo=UTC)

    def run(hours: int, step: str, model: str, cost: float | None) -> Run:
        at = start + timedelta(hours=hours)
        return Run(
            id=new_id(), step=step, model=model, prompt_hash="", prompt_tokens=10, completion_tokens=1, started_at=at,
            finished_at=at, outcome="answered", dropped={}, calls=1, cost=cost,
        )  # fmt: skip

    await runs.record(
        service.database,
        workspace_id,
        [run(0, "chat", "m", 0.5), run(1, "chat", "m", 0.25), run(2, "chat", "n", None), run(3, "reasoning", "m", 1.0)],
    )
    await runs.record(service.database, f"{workspace_id}-other", [run(1, "chat", "m", 9.0)])

    used = await runs.usage(service.database, workspace_id, start, start + timedelta(hours=3))
    assert [(one.step, one.model, one.runs, one.prompt_tokens, one.cost) for one in used] == [
        ("chat", "m", 2, 20, 0.75),
        ("chat", "n", 1, 10, None),
    ]


async def test_usage_costs_no_more_where_there_are_other_times_and_workspaces(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    start = datetime(2024, 1, 1, tzinfo=UTC)
    wanted = queries.UsageOf(workspace_id=workspace_id, since=start, until=start + timedelta(hours=1))

    async def add(number: int, workspace: str, at: datetime) -> None:
        await service.database.schema_statement(
            "UNWIND range(1, $number) AS n CREATE (:Run {id: randomUUID(), workspace_id: $workspace, step: 'chat', "
            "model: 'm', prompt_tokens: 1, completion_tokens: 1, calls: 1, outcome: 'answered', started_at: $at})",
            {"number": number, "workspace": workspace, "at": at},
        )

    await add(20, workspace_id, start)
    few = await service.database.profile(queries.USAGE, wanted)
    await add(2000, workspace_id, start - timedelta(days=1))
    await add(2000, f"{workspace_id}-other", start)
    assert await service.database.profile(queries.USAGE, wanted) <= few * 1.2


async def _make_due(database: Database, key: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    await database.schema_statement("MATCH (w:Work {key: $key}) SET w.due_at = $past", {"key": key, "past": past})
