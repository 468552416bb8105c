"""A unit of work takes effect exactly once, and every kind of failure ends where it should."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.models.faults import ModelTransient
from graph.query import Predicate
from graph.store import conclusions, members, work
from graph.types import Conclusion, MemberConfiguration, PageRequest
from tests.models.noting import noting
from tests.models.scripted import Call, Fail, Raw, Reply, Say, ScriptedServer
from tests.workers.conftest import Serve, key_of, tell, undone
from workers.service import Service
from workers.steps.reasoning import cut
from workers.unit import BACKOFF_LAST_SECONDS, backoff, do

TEA = noting({"tea": "{subject} likes tea.", "jazz": "{subject} plays jazz."})


def _remote(server: ScriptedServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "DOXA_LLM_MODEL": "scripted"}


async def _held(service: Service, workspace_id: str) -> list[Conclusion]:
    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest(size=100))
    return list(page.items)


async def _observe(service: Service, workspace_id: str, *observers: str) -> None:
    for peer_id in observers:
        await tell(service, workspace_id, peer_id, "hello")
        await do(service, key_of(workspace_id, peer_id))
        await members.configure(service.database, workspace_id, "s", peer_id, MemberConfiguration(observe_others=True))


async def test_the_rules_conclude_for_the_author_and_for_each_observer(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _observe(service, workspace_id, "bob")
    (message, _) = await tell(service, workspace_id, "ann", "I live in Porto.", "How are you?")

    await do(service, key_of(workspace_id, "ann"))

    held = await _held(service, workspace_id)
    assert {(one.observer_id, one.observed_id, one.content) for one in held} == {
        ("ann", "ann", "ann lives in Porto."),
        ("bob", "ann", "ann lives in Porto."),
    }
    assert all(list(one.source_message_ids) == [message.id] for one in held)
    assert await undone(service, workspace_id) == 0


async def test_one_call_serves_all_observers(serve: Serve, workspace_id: str, scripted: ScriptedServer) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted))
    await _observe(service, workspace_id, "bob", "cid", "dan")
    before = len(scripted.calls)
    await tell(service, workspace_id, "ann", "I like tea", "and I play jazz")

    await do(service, key_of(workspace_id, "ann"))

    assert len(scripted.calls) - before == 1
    assert len(await _held(service, workspace_id)) == 2 * 4


async def test_words_of_one_peer_never_become_another_s_fact(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _observe(service, workspace_id, "bot")
    await tell(service, workspace_id, "ann", "You are a great cook. I live in Porto.")
    await tell(service, workspace_id, "bot", "I am an assistant.")

    for peer_id in ("ann", "bot"):
        await do(service, key_of(workspace_id, peer_id))

    for one in await _held(service, workspace_id):
        assert one.content.startswith(one.observed_id)
        assert "cook" not in one.content


async def test_a_busy_endpoint_defers_the_work_and_nothing_is_lost(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted))
    scripted.script = lambda call: Fail(429, "slow down", {"retry-after": "120"})
    await tell(service, workspace_id, "ann", "I like tea")
    key = key_of(workspace_id, "ann")

    await do(service, key)

    calls = len(scripted.calls)
    assert await _held(service, workspace_id) == []
    assert await undone(service, workspace_id) == 1
    await do(service, key)
    assert len(scripted.calls) == calls, "a unit that waits is left alone"

    scripted.script = TEA
    await _make_due(service, key)
    await do(service, key)
    assert [one.content for one in await _held(service, workspace_id)] == ["ann likes tea."]
    assert await undone(service, workspace_id) == 0


@pytest.mark.parametrize("reply", [Fail(500), Raw(b"<html>", 200), Say("not json at all"), Say('{"propositions": [')])
async def test_what_is_no_answer_is_never_taken_for_an_empty_one(
    serve: Serve, workspace_id: str, scripted: ScriptedServer, reply: Reply
) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted))
    scripted.script = lambda call: reply
    await tell(service, workspace_id, "ann", "I like tea")

    await do(service, key_of(workspace_id, "ann"))

    assert await undone(service, workspace_id) == 1
    scripted.script = TEA
    await _make_due(service, key_of(workspace_id, "ann"))
    await do(service, key_of(workspace_id, "ann"))
    assert len(await _held(service, workspace_id)) == 1


async def test_garbage_without_end_goes_to_the_dead_letters_and_stays_pending(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted), DOXA_WORK_MAX_ATTEMPTS="2")
    scripted.script = lambda call: Say("never json")
    await tell(service, workspace_id, "ann", "I like tea")
    key = key_of(workspace_id, "ann")

    for _ in range(2):
        await _make_due(service, key)
        await do(service, key)

    assert key not in await work.due(service.database, 100_000)
    assert await undone(service, workspace_id) == 1
    assert await work.lease(service.database, key, 1) is None


async def test_a_refused_key_goes_to_the_dead_letters_at_once(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted))
    scripted.script = lambda call: Fail(401, "no such key")
    await tell(service, workspace_id, "ann", "I like tea")
    key = key_of(workspace_id, "ann")

    await do(service, key)
    assert await work.lease(service.database, key, 1) is None
    assert await undone(service, workspace_id) == 1

    scripted.script = TEA
    await tell(service, workspace_id, "ann", "I play jazz")
    await do(service, key)
    assert {one.content for one in await _held(service, workspace_id)} == {"ann likes tea.", "ann plays jazz."}


async def test_an_empty_answer_is_success(serve: Serve, workspace_id: str, scripted: ScriptedServer) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted))
    await tell(service, workspace_id, "ann", "hello there")

    await do(service, key_of(workspace_id, "ann"))

    assert await _held(service, workspace_id) == []
    assert await undone(service, workspace_id) == 0


async def test_a_worker_that_lost_its_lease_while_the_model_thought_writes_nothing(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = TEA
    slow = await serve(**_remote(scripted))
    quick = await serve()
    key = key_of(workspace_id, "ann")
    await tell(slow, workspace_id, "ann", "I like tea")

    asked, done = threading.Event(), threading.Event()

    def dawdle(call: Call) -> Reply:
        asked.set()
        assert done.wait(60)
        return TEA(call)

    scripted.script = dawdle
    doing = asyncio.create_task(do(slow, key))
    assert await asyncio.to_thread(asked.wait, 60)
    await _expire(slow, key)
    await do(quick, key)
    done.set()
    await doing

    held = await _held(quick, workspace_id)
    assert [one.content for one in held] == ["ann likes tea."]
    assert [one.times_derived for one in held] == [1]


async def test_a_lease_is_kept_alive_while_the_model_thinks(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = TEA
    service = await serve(**_remote(scripted), DOXA_LEASE_SECONDS="3")
    key = key_of(workspace_id, "ann")
    await tell(service, workspace_id, "ann", "I like tea")
    asked, done = threading.Event(), threading.Event()

    def dawdle(call: Call) -> Reply:
        asked.set()
        assert done.wait(60)
        return TEA(call)

    scripted.script = dawdle
    doing = asyncio.create_task(do(service, key))
    assert await asyncio.to_thread(asked.wait, 60)
    await asyncio.sleep(4)
    assert await work.lease(service.database, key, 60) is None
    done.set()
    await doing
    assert len(await _held(service, workspace_id)) == 1


async def test_what_was_configured_when_a_message_was_written_holds_for_it(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "bob", "hello")
    await tell(service, workspace_id, "ann", "I live in Porto.")
    await members.configure(service.database, workspace_id, "s", "bob", MemberConfiguration(observe_others=True))
    await tell(service, workspace_id, "ann", "I have two cats.")

    await do(service, key_of(workspace_id, "ann"))

    of_bob = {one.content for one in await _held(service, workspace_id) if one.observer_id == "bob"}
    assert of_bob == {"ann has two cats."}


def test_a_batch_ends_at_the_token_cap_and_where_the_frozen_configuration_changes() -> None:
    def waiting(seq: int, tokens: int, *observers: str, instructions: str | None = None) -> work.PendingMessage:
        return work.PendingMessage(
            id=str(seq),
            seq=seq,
            peer_id="ann",
            content="x",
            token_count=tokens,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
            observer_ids=observers,
            instructions=instructions,
        )

    def seqs(*batch: work.PendingMessage, tokens: int = 100) -> list[int]:
        return [one.seq for one in cut(batch, tokens)]

    assert seqs() == []
    assert seqs(waiting(1, 60, "a"), waiting(2, 40, "a"), waiting(3, 1, "a")) == [1, 2]
    assert seqs(waiting(1, 9999, "a"), waiting(2, 1, "a")) == [1]
    assert seqs(waiting(1, 1, "a"), waiting(2, 1, "a", "b"), waiting(3, 1, "a")) == [1]
    assert seqs(waiting(1, 1, "a"), waiting(2, 1, "a", instructions="x")) == [1]


def test_back_off_grows_to_its_cap_and_respects_the_endpoint() -> None:
    spread = [[backoff(attempt) for _ in range(50)] for attempt in range(30)]
    assert all(0 < seconds <= BACKOFF_LAST_SECONDS for attempt in spread for seconds in attempt)
    assert max(spread[0]) <= 1 < min(spread[3]) < min(spread[8])
    assert len(set(spread[5])) > 1
    asked = [backoff(0, 1000.0) for _ in range(50)]
    assert all(1000 <= seconds <= 1250 for seconds in asked)
    assert len(set(asked)) > 1
    assert ModelTransient("x").retry_after is None


async def _make_due(service: Service, key: str) -> None:
    now = datetime.now(UTC) - timedelta(seconds=1)
    await service.database.schema_statement("MATCH (w:Work {key: $key}) SET w.due_at = $now", {"key": key, "now": now})


async def _expire(service: Service, key: str) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    await service.database.schema_statement(
        "MATCH (w:Work {key: $key}) SET w.lease_until = $past", {"key": key, "past": past}
    )
