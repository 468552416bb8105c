"""Summaries: at which messages they are made, of what, and when none is stored; on the real database."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.engine.neo4j import Neo4jServer
from app.models import tokens
from graph.recall.context import session_context
from graph.store import deletion, erasing, messages, retraction, sessions, summaries, webhooks, work
from graph.store.messages import Deployment
from graph.store.sessions import SessionChange
from graph.types import Message, NewMessage, Summary, SummaryKind
from tests.graph.looking import rows
from tests.invariants import assert_sound
from tests.models.scripted import Call, Fail, Reply, Say, Script, ScriptedServer
from tests.workers.conftest import Serve
from workers.service import Service
from workers.unit import do


def numbered(service: Service, workspace_id: str, first: int, last: int) -> "asyncio.Future[Sequence[Message]]":
    """Say `Point 7 is apples.` and so on, ann the odd ones and bob the even ones."""
    return asyncio.ensure_future(_say(service, workspace_id, [f"Point {n} is apples." for n in range(first, last + 1)]))


async def _say(
    service: Service, workspace_id: str, texts: Sequence[str], session_id: str = "s", reasoning: bool = False
) -> Sequence[Message]:
    new = [
        NewMessage(
            peer_id="bob" if place % 2 else "ann",
            content=text,
            token_count=tokens.count(text),
            metadata={},
            configuration=None if reasoning else {"reasoning": {"enabled": False}},
        )
        for place, text in enumerate(texts)
    ]
    appended = await messages.append(
        service.database,
        workspace_id=workspace_id,
        session_id=session_id,
        messages=new,
        deployment=Deployment(wait=timedelta(0)),
    )
    return appended.messages


async def _configure(service: Service, workspace_id: str, **block: object) -> None:
    change = SessionChange(configuration={"summary": block})
    await sessions.get_or_create(service.database, workspace_id, "s", change)


async def _work(service: Service, workspace_id: str) -> bool:
    return await do(service, summaries.unit_key(workspace_id, "s"))


async def _read(service: Service, workspace_id: str) -> dict[SummaryKind, Summary]:
    return await summaries.of_session(service.database, workspace_id, "s")


def summing(*answers: object) -> Script:
    """A model that gives these summaries one after the other, and then the last again and again."""
    left = list(answers)

    def answer(call: Call) -> Reply:
        given = left.pop(0) if len(left) > 1 else left[0]
        return given if isinstance(given, Fail) else Say({"summary": given})

    return answer


async def _modelled(serve: Serve, scripted: ScriptedServer, script: Script, **more: str) -> Service:
    """A service whose summaries alone are a model's."""
    scripted.script = script
    return await serve(
        DOXA_LLM_SUMMARY_BASE_URL=scripted.url, DOXA_LLM_SUMMARY_API_KEY="k", DOXA_LLM_SUMMARY_MODEL="m", **more
    )


def _sent(call: Call) -> tuple[object, list[str], int]:
    """What a call was given: the summary before, the messages' texts, and the number of words."""
    material = json.loads(call.messages[1][1])
    return material["previous"], [line["text"] for line in material["messages"]], material["words"]


async def test_each_kind_is_made_at_its_own_messages_and_no_other(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await numbered(service, workspace_id, 1, 19)
    assert await _work(service, workspace_id) is False
    assert (await work.status(service.database, workspace_id)).overall.total == 0

    await numbered(service, workspace_id, 20, 20)
    status = await work.status(service.database, workspace_id)
    assert (status.overall.pending, status.sessions["s"].pending) == (1, 1)
    assert await _work(service, workspace_id)
    found = await _read(service, workspace_id)
    assert set(found) == {"short"}
    assert found["short"].message_seq == 20

    said = await numbered(service, workspace_id, 21, 105)
    assert (await work.status(service.database, workspace_id)).overall.pending == 4, "at 40, 60, 80 and 100"
    assert await _work(service, workspace_id)
    found = await _read(service, workspace_id)
    assert {kind: one.message_seq for kind, one in found.items()} == {"short": 100, "long": 60}
    assert found["short"].message_id == said[100 - 21].id
    overall = (await work.status(service.database, workspace_id)).overall
    assert (overall.completed, overall.total) == (5, 5)
    assert await _work(service, workspace_id) is False


async def test_what_is_configured_when_a_message_comes_says_when_and_whether(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _configure(service, workspace_id, enabled=False)
    await numbered(service, workspace_id, 1, 60)
    assert (await work.status(service.database, workspace_id)).overall.total == 0

    await _configure(service, workspace_id, messages_per_short_summary=10, messages_per_long_summary=35)
    await numbered(service, workspace_id, 61, 70)
    await _configure(service, workspace_id, enabled=False)
    assert await _work(service, workspace_id), "it was asked for when the message came"
    found = await _read(service, workspace_id)
    assert {kind: one.message_seq for kind, one in found.items()} == {"short": 70, "long": 70}


async def test_a_summary_goes_on_from_the_one_before_and_the_messages_since(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer
) -> None:
    script = summing("first short", "second short", "third short", "first long")
    service = await _modelled(serve, scripted, script)
    await _configure(service, workspace_id, custom_instructions="Speak like a pirate.")
    for last in (20, 40, 60):
        await numbered(service, workspace_id, last - 19, last)
        await _work(service, workspace_id)

    sent = [_sent(call) for call in scripted.calls]
    points = [f"Point {n} is apples." for n in range(1, 61)]
    assert [(before, texts) for before, texts, _ in sent] == [
        (None, points[:20]),
        ("first short", points[20:40]),
        ("second short", points[40:]),
        (None, points),
    ]
    count = sum(tokens.count(text) for text in points[:20])
    assert [words for _, _, words in sent][::3] == [round(0.75 * count), 3000]
    assert all("pirate" in call.messages[0][1] and "pirate" not in call.messages[1][1] for call in scripted.calls)
    assert all("Point" not in call.messages[0][1] for call in scripted.calls), "messages are no instructions"

    found = await _read(service, workspace_id)
    assert {kind: one.content for kind, one in found.items()} == {"short": "third short", "long": "first long"}
    statement = (
        "MATCH (s:Session {workspace_id: $workspace_id})-[:SUMMARISED_BY]->(n:Summary)-[:SUMMARISED_BY]->(m:Message), "
        "(r:Run)-[:PRODUCED]->(n) RETURN n.kind, m.seq, r.step, r.model, r.calls, size(r.prompt_hash) ORDER BY n.kind"
    )
    assert await rows(neo4j_server, statement, workspace_id=workspace_id) == [
        ["long", 60, "summary", "m", 1, 64],
        ["short", 60, "summary", "m", 1, 64],
    ]
    await assert_sound(service.database, workspace_id)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (" \n", "ModelGarbage"),
        ("word " * 1100, "ModelGarbage"),
        (Fail(503), "ModelTransient"),
        (Fail(401), "ModelPermanent"),
    ],
)
async def test_what_is_no_summary_is_not_stored_and_the_unit_waits_or_is_given_up(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer, answer: object, fault: str
) -> None:
    service = await _modelled(serve, scripted, summing("good one", answer))
    await numbered(service, workspace_id, 1, 20)
    await _work(service, workspace_id)
    await numbered(service, workspace_id, 21, 40)
    assert await _work(service, workspace_id)

    found = await _read(service, workspace_id)
    assert [(one.content, one.message_seq) for one in found.values()] == [("good one", 20)]
    overall = (await work.status(service.database, workspace_id)).overall
    assert (overall.pending, overall.failed) == ((0, 1) if fault == "ModelPermanent" else (1, 0))
    statement = (
        "MATCH (r:Run {workspace_id: $workspace_id, outcome: 'failed'}) "
        "RETURN r.step, r.fault, EXISTS { (r)-[:PRODUCED]->() }"
    )
    assert await rows(neo4j_server, statement, workspace_id=workspace_id) == [["summary", fault, False]]

    scripted.script = summing("better one")
    await _make_due(service, workspace_id)
    await _work(service, workspace_id)
    assert [one.content for one in (await _read(service, workspace_id)).values()] == ["better one"]


async def test_a_summary_that_is_too_long_is_written_again_once(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    service = await _modelled(serve, scripted, summing("word " * 1100, "short enough"))
    await numbered(service, workspace_id, 1, 20)
    await _work(service, workspace_id)
    assert [one.content for one in (await _read(service, workspace_id)).values()] == ["short enough"]
    assert len(scripted.calls) == 2


async def test_two_workers_at_once_make_one_summary(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, neo4j_server: Neo4jServer
) -> None:
    one = await _modelled(serve, scripted, summing("the only one"))
    two = await _modelled(serve, scripted, scripted.script)
    await numbered(one, workspace_id, 1, 20)
    turns = await asyncio.gather(*(_work(service, workspace_id) for service in (one, two, one, two)))
    assert sorted(turns) == [False, False, False, True]
    statement = "MATCH (n:Summary {workspace_id: $workspace_id}) RETURN count(n)"
    assert await rows(neo4j_server, statement, workspace_id=workspace_id) == [[1]]
    assert len(scripted.calls) == 1
    overall = (await work.status(one.database, workspace_id)).overall
    assert (overall.completed, overall.total) == (1, 1)


async def test_summaries_lose_the_words_of_a_retracted_message_and_get_them_back(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve()
    said = await _say(service, workspace_id, ["Zanzibar holds Quixotic treasure.", *["Nothing."] * 19, "Later."])
    await _work(service, workspace_id)
    assert "Zanzibar" in (await _read(service, workspace_id))["short"].content

    await retraction.retract(service.database, workspace_id, "s", said[-1].id)
    assert set(await _read(service, workspace_id)) == {"short"}, "it does not cover that message"
    settled = await retraction.retract(service.database, workspace_id, "s", said[0].id)
    assert summaries.unit_key(workspace_id, "s") in {wake.key for wake in settled.wakes}
    assert await _read(service, workspace_id) == {}
    await _work(service, workspace_id)
    anew = (await _read(service, workspace_id))["short"]
    assert "Zanzibar" not in anew.content
    assert (anew.message_seq, anew.content) == (20, "bob: Nothing.\nann: Nothing.")

    await retraction.restore(service.database, workspace_id, "s", said[0].id)
    assert await _read(service, workspace_id) == {}
    await _work(service, workspace_id)
    assert "Zanzibar" in (await _read(service, workspace_id))["short"].content


async def test_what_is_retracted_while_a_model_writes_is_in_no_summary(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    service = await _modelled(serve, scripted, summing("good one"))
    said = await _say(service, workspace_id, ["Zanzibar.", *["Nothing."] * 19])
    loop = asyncio.get_running_loop()

    def retract_first(call: Call) -> Reply:
        taken = retraction.retract(service.database, workspace_id, "s", said[0].id)
        asyncio.run_coroutine_threadsafe(taken, loop).result(10)
        return Say({"summary": "Zanzibar was named"})

    scripted.script = retract_first
    await _work(service, workspace_id)
    assert await _read(service, workspace_id) == {}
    assert (await work.status(service.database, workspace_id)).overall.pending == 1

    scripted.script = summing("nothing was said")
    await _make_due(service, workspace_id)
    await _work(service, workspace_id)
    assert [one.content for one in (await _read(service, workspace_id)).values()] == ["nothing was said"]
    assert "Zanzibar." not in _sent(scripted.calls[-1])[1]


async def test_summaries_go_with_an_erased_message_and_with_their_session(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    said = await _say(service, workspace_id, ["Zanzibar holds Quixotic treasure.", *["Nothing."] * 19])
    await _work(service, workspace_id)
    planned = await erasing.message(service.database, workspace_id, "s", said[0].id, dry_run=False)
    assert planned.receipt.counts.summaries == 1
    assert summaries.unit_key(workspace_id, "s") in {wake.key for wake in planned.wakes}
    await _work(service, workspace_id)
    assert "Zanzibar" not in (await _read(service, workspace_id))["short"].content

    await deletion.accept_session(service.database, workspace_id, "s")
    assert await _read(service, workspace_id) == {}
    await do(service, deletion.session_key(workspace_id, "s"))
    statement = (
        "MATCH (n) WHERE (n:Summary OR n:Run OR n:Work) AND n.workspace_id = $workspace_id "
        "AND coalesce(n.session_id, 's') = 's' AND coalesce(n.kind, '') <> 'deletion' RETURN count(n)"
    )
    assert await rows(neo4j_server, statement, workspace_id=workspace_id) == [[0]]


async def test_a_context_has_the_summary_that_fits_and_the_messages_from_its_last_on(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    short, long = "few words", "many more words " * 10
    service = await _modelled(serve, scripted, summing(short, long.strip()))
    said = await numbered(service, workspace_id, 1, 65)
    await _work(service, workspace_id)
    found = await _read(service, workspace_id)
    sizes = {kind: one.token_count for kind, one in found.items()}
    assert sizes == {"short": tokens.count(short), "long": tokens.count(long.strip())}
    each = said[0].token_count

    async def context(budget: int, summary: bool = True) -> tuple[str | None, list[int]]:
        got = await session_context(
            service.database, workspace_id, "s", tokens=budget, about=None, count=tokens.count, summary=summary
        )
        return got.summary.kind if got.summary else None, [message.seq for message in got.messages]

    assert await context(100_000) == ("long", [60, 61, 62, 63, 64, 65]), "the last that it covers is there again"
    assert await context(100_000, summary=False) == (None, list(range(1, 66)))
    least = -(-sizes["long"] * 100 // 40)
    assert (await context(least))[0] == "long"
    assert (await context(least - 1))[0] == "short"
    most = -(-sizes["short"] * 100 // 40)
    assert await context(most) == ("short", list(range(66 - (most - sizes["short"]) // each, 66)))
    assert (await context(most - 1))[0] is None
    past = await session_context(
        service.database, workspace_id, "s", tokens=1000, about=None, count=tokens.count,
        as_of=datetime.now(UTC) - timedelta(hours=1),
    )  # fmt: skip
    assert past.summary is None, "it was not written then"


async def test_webhooks_are_told_when_a_session_s_summaries_are_made(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve(WEBHOOK_SECRET="s" * 32)
    await numbered(service, workspace_id, 1, 20)
    await webhooks.add(service.database, workspace_id, "https://example.org/told")
    await _work(service, workspace_id)
    statement = "MATCH (w:Work {workspace_id: $workspace_id, kind: 'webhook'}) RETURN w.detail"
    ((detail,),) = await rows(neo4j_server, statement, workspace_id=workspace_id)
    told = msgspec.json.decode(str(detail), type=dict[str, object])
    assert '"queue_type":"summary"' in json.dumps(told, separators=(",", ":")).replace("\\", "")


async def _make_due(service: Service, workspace_id: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    await service.database.schema_statement(
        "MATCH (w:Work {key: $key}) SET w.due_at = $past, w.dead_at = null",
        {"key": summaries.unit_key(workspace_id, "s"), "past": past},
    )
