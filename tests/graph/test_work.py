"""Leases fence stale workers off, and a commit writes conclusions and cursor together."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from graph.driver import Database
from graph.errors import LeaseLost
from graph.ids import new_id
from graph.query import Predicate
from graph.store import conclusions, messages, work
from graph.store.messages import Deployment
from graph.types import Lease, Message, NewConclusion, PageRequest, Run
from tests.graph.conftest import said, vector

DUE_AT_ONCE = Deployment(wait=timedelta(0))


async def _write(database: Database, workspace_id: str, *contents: str, peer_id: str = "ann") -> Sequence[Message]:
    appended = await messages.append(
        database,
        workspace_id=workspace_id,
        session_id="s",
        messages=[said(peer_id, content) for content in contents],
        deployment=DUE_AT_ONCE,
    )
    return appended.messages


async def _leased(database: Database, workspace_id: str, seconds: float = 60, peer_id: str = "ann") -> Lease:
    held = await work.lease(database, f"reasoning/{workspace_id}/s/{peer_id}", seconds)
    assert held is not None
    return held


def _run() -> Run:
    now = datetime.now(UTC)
    return Run(
        id=new_id(),
        step="reasoning",
        model="test",
        prompt_hash="0",
        prompt_tokens=0,
        completion_tokens=0,
        started_at=now,
        finished_at=now,
        outcome="concluded",
        dropped={},
    )


def _effect(message: Message, content: str, *observers: str, cursor: int | None = None, count: int = 1) -> work.Effect:
    embedding = vector(1.0, 0.5)
    return work.Effect(
        cursor=cursor or message.seq,
        messages=count,
        tokens=message.token_count,
        run=_run(),
        conclusions=[
            NewConclusion(
                content=content,
                observer_id=observer,
                observed_id=message.peer_id,
                session_id="s",
                message_ids=[message.id],
                quotes=[message.content],
                observed_at=message.created_at,
                embedding=embedding,
            )
            for observer in observers
        ],
    )


async def test_only_one_of_many_workers_gets_the_lease(database: Database, workspace_id: str) -> None:
    await _write(database, workspace_id, "x")
    key = f"reasoning/{workspace_id}/s/ann"

    taken = await asyncio.gather(*(work.lease(database, key, 60) for _ in range(20)))

    assert len([held for held in taken if held is not None]) == 1


async def test_a_stale_worker_writes_nothing(database: Database, workspace_id: str) -> None:
    (message,) = await _write(database, workspace_id, "x")
    stale = await _leased(database, workspace_id, seconds=0)
    await asyncio.sleep(0.01)
    current = await _leased(database, workspace_id)

    with pytest.raises(LeaseLost):
        await work.commit(database, stale, _effect(message, "Ann says x.", "ann"), 60)
    assert (await conclusions.page(database, workspace_id, Predicate(), PageRequest())).total == 0
    for late in (work.renew(database, stale, 60), work.defer(database, stale, "r", 1), work.bury(database, stale, "r")):
        with pytest.raises(LeaseLost):
            await late

    assert not await work.commit(database, current, _effect(message, "Ann says x.", "ann"), 60)
    assert (await conclusions.page(database, workspace_id, Predicate(), PageRequest())).total == 1


async def test_a_commit_moves_the_cursor_and_ends_the_unit_when_nothing_is_left(
    database: Database, workspace_id: str
) -> None:
    first, second = await _write(database, workspace_id, "one", "two")
    held = await _leased(database, workspace_id)
    assert [waiting.content for waiting in await work.pending(database, held, 10)] == ["one", "two"]

    assert await work.commit(database, held, _effect(first, "Ann says one.", "ann"), 60)
    held = await work.renew(database, held, 60)
    assert [waiting.content for waiting in await work.pending(database, held, 10)] == ["two"]
    assert not await work.commit(database, held, _effect(second, "Ann says two.", "ann"), 60)

    assert await work.lease(database, held.key, 60) is None
    assert held.key not in await work.due(database)
    status = await work.status(database, workspace_id)
    counts = status.sessions["s"]
    assert (counts.pending, counts.in_progress, counts.completed) == (0, 0, 2)


async def test_messages_written_while_a_worker_reasons_are_not_lost(database: Database, workspace_id: str) -> None:
    (first,) = await _write(database, workspace_id, "one")
    held = await _leased(database, workspace_id)
    await _write(database, workspace_id, "two")

    assert await work.commit(database, held, _effect(first, "Ann says one.", "ann"), 60)

    held = await work.renew(database, held, 60)
    assert [waiting.content for waiting in await work.pending(database, held, 10)] == ["two"]


async def test_a_conclusion_is_linked_to_every_observer_its_subject_its_source_and_its_run(
    database: Database, workspace_id: str
) -> None:
    await _write(database, workspace_id, "hello", peer_id="bob")
    (message,) = await _write(database, workspace_id, "I like tea")
    held = await _leased(database, workspace_id)

    await work.commit(database, held, _effect(message, "Ann likes tea.", "ann", "bob"), 60)

    page = await conclusions.page(database, workspace_id, Predicate(), PageRequest())
    assert {(held.observer_id, held.observed_id) for held in page.items} == {("ann", "ann"), ("bob", "ann")}
    for conclusion in page.items:
        assert list(conclusion.source_message_ids) == [message.id]
        assert conclusion.observed_at == message.created_at
    for observer in ("ann", "bob"):
        (near,) = await conclusions.nearest(database, workspace_id, observer, "ann", vector(1.0, 0.5), top_k=5)
        assert near.conclusion.content == "Ann likes tea."
        assert near.distance < 0.001
    assert await conclusions.nearest(database, workspace_id, "bob", "bob", vector(1.0, 0.5), top_k=5) == []


async def test_the_same_text_again_reinforces_and_adds_its_source(database: Database, workspace_id: str) -> None:
    first, second = await _write(database, workspace_id, "I like tea", "I like  TEA")
    held = await _leased(database, workspace_id)

    await work.commit(database, held, _effect(first, "Ann likes tea.", "ann"), 60)
    held = await work.renew(database, held, 60)
    await work.commit(database, held, _effect(second, "Ann  likes TEA.", "ann"), 60)

    (conclusion,) = (await conclusions.page(database, workspace_id, Predicate(), PageRequest())).items
    assert conclusion.times_derived == 2
    assert set(conclusion.source_message_ids) == {first.id, second.id}
    assert conclusion.content == "Ann likes tea."


async def test_a_failed_unit_waits_and_a_buried_one_keeps_what_is_pending(
    database: Database, workspace_id: str
) -> None:
    await _write(database, workspace_id, "one")
    held = await _leased(database, workspace_id)

    assert await work.defer(database, held, "busy", 3600) == 1
    assert await work.lease(database, held.key, 60) is None

    await _write(database, workspace_id, "two", peer_id="bob")
    other = await _leased(database, workspace_id, peer_id="bob")
    await work.bury(database, other, "no such model")
    assert await work.lease(database, other.key, 60) is None
    overall = (await work.status(database, workspace_id)).overall
    assert (overall.pending, overall.failed, overall.total) == (1, 1, 2)


async def test_due_lists_what_waits_and_leaves_out_what_is_held(database: Database, workspace_id: str) -> None:
    await _write(database, workspace_id, "one")
    await _write(database, workspace_id, "two", peer_id="bob")
    held = await _leased(database, workspace_id)

    keys = [key for key in await work.due(database, 100_000) if workspace_id in key]

    assert sorted(keys) == [f"embedding/{workspace_id}/s", f"reasoning/{workspace_id}/s/bob"]
    await work.release(database, held)
    assert held.key in await work.due(database, 100_000)
