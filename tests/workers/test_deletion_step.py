"""Deleting leaves nothing behind, touches nothing else, and may be interrupted anywhere."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Transaction
from graph.errors import Conflict, LeaseLost, NotFound, StoreUnavailable
from graph.query import Predicate
from graph.store import cloning, conclusions, deletion, members, messages, work
from graph.store.idempotency import Once
from graph.store.messages import Deployment
from graph.types import MemberConfiguration, NewMessage, PageRequest, Unit
from tests.graph.holding import Held, derive, hold
from tests.graph.looking import miscounted, nodes, rows, unsound
from tests.invariants import assert_sound
from tests.workers.conftest import Serve
from workers.service import Service
from workers.unit import do

T = TypeVar("T")

OBSERVES = MemberConfiguration(observe_others=True)
AT_ONCE = Deployment(wait=timedelta(0))


async def _say(service: Service, workspace_id: str, session_id: str, peer_id: str, *contents: str) -> None:
    said = [NewMessage(peer_id=peer_id, content=content, token_count=5, metadata={}) for content in contents]
    await messages.append(
        service.database, workspace_id=workspace_id, session_id=session_id, messages=said, deployment=AT_ONCE
    )


async def _say_once(service: Service, workspace_id: str) -> None:
    """A message whose request may be repeated."""
    said = [NewMessage(peer_id="ann", content="Hm.", token_count=5, metadata={})]
    once = Once(route="messages", key="k", digest="", keep=timedelta(hours=1))
    await messages.append(
        service.database,
        workspace_id=workspace_id,
        session_id="s",
        messages=said,
        deployment=AT_ONCE,
        once=once,
    )


async def _talk(service: Service, workspace_id: str, session_id: str) -> None:
    """A session in which bob observes ann, and all was reasoned over and embedded; some of it for nothing."""
    await _say(service, workspace_id, session_id, "bob", "Hm.")
    await members.configure(service.database, workspace_id, session_id, "bob", OBSERVES)
    await _say(service, workspace_id, session_id, "ann", "I live in Porto.", "I have two cats.", "word " * 400)
    for key in (
        *(f"reasoning/{workspace_id}/{session_id}/{peer}" for peer in ("ann", "bob")),
        _embedding(workspace_id, session_id),
    ):
        await do(service, key)


def _embedding(workspace_id: str, session_id: str) -> str:
    return f"embedding/{workspace_id}/{session_id}"


async def _delete(service: Service, workspace_id: str, session_id: str) -> None:
    await deletion.accept_session(service.database, workspace_id, session_id)
    await do(service, deletion.session_key(workspace_id, session_id))


async def _held(service: Service, workspace_id: str) -> set[str]:
    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest(size=100))
    return {conclusion.id for conclusion in page.items}


async def test_nothing_of_a_session_is_left_and_its_neighbours_are_as_before(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    other = f"{workspace_id}-other"
    for name in (workspace_id, other):
        await _talk(service, name, "s")
        await _talk(service, name, "kept")
    before, theirs = await nodes(neo4j_server, workspace_id), await nodes(neo4j_server, other)
    assert {label for label, session in before if session == "s"} >= {"Session", "Message", "Held", "Work", "Piece"}

    await _delete(service, workspace_id, "s")

    after = await nodes(neo4j_server, workspace_id)
    assert await nodes(neo4j_server, other) == theirs
    assert not [label for label, session in after if session == "s"]
    assert {key: number for key, number in after.items() if key[1]} == {
        key: number for key, number in before.items() if key[1] == "kept"
    }
    assert after["Peer", ""] == 2
    assert after["Run", "kept"] == before["Run", "kept"] > 0
    assert await miscounted(neo4j_server, workspace_id) == []
    assert await unsound(neo4j_server, workspace_id) == 0
    await assert_sound(service.database, workspace_id)
    with pytest.raises(NotFound):
        await deletion.accept_session(service.database, workspace_id, "s")


async def test_what_was_derived_goes_when_nothing_supports_it_any_more(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    for session_id in ("s", "kept"):
        await _say(service, workspace_id, session_id, "ann", "I live in Porto.")
    gone, other_gone, kept, lost, lost_further, either, both, disputed, retired = await hold(
        service.database,
        Held(content="said in s", workspace_id=workspace_id, session_id="s"),
        Held(content="said in s as well", workspace_id=workspace_id, session_id="s"),
        Held(content="said elsewhere", workspace_id=workspace_id, session_id="kept"),
        Held(content="from s", workspace_id=workspace_id, session_id=None, level="inductive"),
        Held(content="from what is from s", workspace_id=workspace_id, session_id=None, level="deductive"),
        Held(content="from either", workspace_id=workspace_id, session_id=None, level="deductive"),
        Held(content="from both", workspace_id=workspace_id, session_id=None, level="inductive"),
        Held(content="both at odds", workspace_id=workspace_id, session_id=None, level="contradiction"),
        Held(content="no longer held", workspace_id=workspace_id, session_id="s"),
    )
    await rows(neo4j_server, "MATCH (c:Conclusion {id: $id}) REMOVE c:Held SET c.retired_at = datetime()", id=retired)
    await rows(
        neo4j_server, "MATCH (v:Peer {workspace_id: $w})-[view:VIEWS]->() SET view.conclusions = 8", w=workspace_id
    )
    await derive(service.database, lost, [gone, other_gone])
    await derive(service.database, lost_further, [lost])
    await derive(service.database, either, [gone], "one run")
    await derive(service.database, either, [kept], "another run")
    await derive(service.database, both, [gone, kept])
    await derive(service.database, disputed, [gone, kept])

    await _delete(service, workspace_id, "s")

    assert await _held(service, workspace_id) == {kept, either}
    left = await rows(neo4j_server, "MATCH (c:Conclusion {workspace_id: $w}) RETURN c.id, c.session_id", w=workspace_id)
    assert sorted(map(str, left)) == sorted(map(str, [[kept, "kept"], [either, None]]))
    assert await miscounted(neo4j_server, workspace_id) == []


async def test_a_deletion_that_is_killed_anywhere_is_ended_by_the_next(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await serve()
    monkeypatch.setattr(deletion, "MESSAGES", 1)
    monkeypatch.setattr(deletion, "PART", 1)
    await _talk(service, workspace_id, "s")
    await deletion.accept_session(service.database, workspace_id, "s")
    write = service.database.write
    left, rounds = 0, 0

    async def failing(effect: Callable[[Transaction], Awaitable[T]]) -> T:
        nonlocal left
        if left == 0:
            raise StoreUnavailable("killed")
        left -= 1
        return await write(effect)

    while await nodes(neo4j_server, workspace_id) and rounds < 100:
        rounds, left = rounds + 1, rounds + 1
        with monkeypatch.context() as killed:
            killed.setattr(service.database, "write", failing)
            try:
                await deletion.delete_session(service.database, workspace_id, "s")
                break
            except StoreUnavailable:
                assert await miscounted(neo4j_server, workspace_id) == []

    assert rounds > 3
    await do(service, deletion.session_key(workspace_id, "s"))
    # What was lost in parts was to be looked at again in between.
    assert {label for label, _ in await nodes(neo4j_server, workspace_id)} - {"Work"} == {"Workspace", "Peer"}
    # Runs that concluded nothing hang on nothing, and go all the same.
    runs = "MATCH (run:Run {workspace_id: $w}) RETURN DISTINCT run.outcome"
    assert await rows(neo4j_server, runs, w=workspace_id) == []


async def test_reasoning_at_the_same_time_leaves_nothing_behind(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    sessions = [f"s{number}" for number in range(8)]
    for session_id in sessions:
        await _say(service, workspace_id, session_id, "ann", *(f"I live in Porto {n}." for n in range(10)))

    async def delete_late(session_id: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await _delete(service, workspace_id, session_id)

    await asyncio.gather(
        *(do(service, f"reasoning/{workspace_id}/{session_id}/ann") for session_id in sessions),
        *(do(service, _embedding(workspace_id, session_id)) for session_id in sessions),
        *(delete_late(session_id, number * 0.05) for number, session_id in enumerate(sessions)),
    )

    assert {label for label, _ in await nodes(neo4j_server, workspace_id)} <= {"Workspace", "Peer", "Run"}
    assert await miscounted(neo4j_server, workspace_id) == []


async def test_a_worker_that_holds_a_unit_of_a_deleted_session_commits_nothing(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    await _say(service, workspace_id, "s", "ann", "I live in Porto.")
    held = await work.lease(service.database, f"reasoning/{workspace_id}/s/ann", 60)
    assert held is not None

    await _delete(service, workspace_id, "s")
    await _say(service, workspace_id, "s", "ann", "I live in Lisbon.")

    nothing = work.Effect(cursor=1, messages=1, tokens=5, run=None, conclusions=())
    with pytest.raises(LeaseLost):
        await work.commit(service.database, held, nothing, 60)
    await deletion.delete_session(service.database, workspace_id, "s")
    await do(service, f"reasoning/{workspace_id}/s/ann")
    assert [message.content for message in (await _page(service, workspace_id)).items] == ["I live in Lisbon."]
    assert (await _page(service, workspace_id)).items[0].seq == 1
    assert len(await _held(service, workspace_id)) == 1


async def _page(service: Service, workspace_id: str):
    return await messages.page(service.database, workspace_id, "s", Predicate(), PageRequest())


async def test_a_workspace_goes_with_everything_in_it_and_its_namesakes_stay(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    other = f"{workspace_id}-other"
    for name in (workspace_id, other):
        await _talk(service, name, "s")
        await _say_once(service, name)
    theirs = await nodes(neo4j_server, other)
    with pytest.raises(Conflict):
        await deletion.accept_workspace(service.database, workspace_id)
    await deletion.accept_session(service.database, workspace_id, "s")
    await deletion.accept_workspace(service.database, workspace_id)
    await _talk(service, workspace_id, "made-later")
    await rows(
        neo4j_server, "CREATE (:Webhook {id: $w, workspace_id: $w, url: 'x', created_at: datetime()})", w=workspace_id
    )

    await do(service, deletion.workspace_key(workspace_id))

    assert await nodes(neo4j_server, workspace_id) == {}
    assert await nodes(neo4j_server, other) == theirs
    with pytest.raises(NotFound):
        await deletion.accept_workspace(service.database, workspace_id)
    await _talk(service, workspace_id, "s")
    await deletion.delete_workspace(service.database, workspace_id)
    assert (await _page(service, workspace_id)).total == 4


async def test_writers_do_not_keep_a_workspace_alive_nor_fail_with_a_defect(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    service = await serve()
    await _talk(service, workspace_id, "s")
    await deletion.accept_session(service.database, workspace_id, "s")
    await deletion.accept_workspace(service.database, workspace_id)
    refused = 0

    async def write(writer: int) -> None:
        nonlocal refused
        for turn in range(10):
            try:
                await _say(service, workspace_id, f"s{turn % 3}", f"p{writer}", "I live in Porto.")
            except NotFound:
                refused += 1

    await asyncio.gather(do(service, deletion.workspace_key(workspace_id)), *(write(writer) for writer in range(3)))

    orphans = """
    MATCH (s:Session {workspace_id: $w}) WHERE NOT EXISTS { (s)-[:IN_WORKSPACE]->(:Workspace {id: $w}) } RETURN s.id
    UNION
    MATCH (m:Message {workspace_id: $w}) WHERE NOT EXISTS { (m)-[:IN_SESSION]->(:Session) } RETURN m.id AS `s.id`
    """
    assert await rows(neo4j_server, orphans, w=workspace_id) == []


async def test_a_copy_that_was_not_completed_is_removed(
    serve: Serve, workspace_id: str, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await serve()
    monkeypatch.setattr(cloning, "PART", 2)
    monkeypatch.setattr(cloning, "ABANDONED_SECONDS", 0.0)
    await _say(service, workspace_id, "s", "ann", *(f"I live in Porto {n}." for n in range(7)))
    before = await nodes(neo4j_server, workspace_id)
    whole = await cloning.clone(service.database, workspace_id, "s", None)
    await do(service, deletion.session_key(workspace_id, whole.session.id))
    assert (await nodes(neo4j_server, workspace_id))["Message", whole.session.id] == 7
    await _delete(service, workspace_id, whole.session.id)
    write, left = service.database.write, 2

    async def failing(effect: Callable[[Transaction], Awaitable[T]]) -> T:
        nonlocal left
        if left == 0:
            raise StoreUnavailable("killed")
        left -= 1
        return await write(effect)

    with monkeypatch.context() as killed:
        killed.setattr(service.database, "write", failing)
        with pytest.raises(StoreUnavailable):
            await cloning.clone(service.database, workspace_id, "s", None)

    ((key,),) = await rows(
        neo4j_server, "MATCH (w:Work {workspace_id: $w, kind: 'deletion'}) RETURN w.key", w=workspace_id
    )
    assert await nodes(neo4j_server, workspace_id) != before
    await do(service, str(key))
    assert await nodes(neo4j_server, workspace_id) == before


async def test_work_that_is_asked_for_while_its_unit_is_forgotten_is_not_lost(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    unit = Unit(key=f"scope/{workspace_id}/x", kind="scope")

    async def ask(tx: Transaction) -> None:
        await work.request(tx, workspace_id, [unit])

    async def linger(tx: Transaction) -> None:
        await asyncio.sleep(0.01)

    for _ in range(20):
        await service.database.write(ask)
        held = await work.lease(service.database, unit.key, 60)
        assert held is not None
        finished = await asyncio.gather(
            work.finish(service.database, held, 60, linger, forget=True), service.database.write(ask)
        )
        (more, _) = finished
        again = await (work.renew(service.database, held, 60) if more else work.lease(service.database, unit.key, 60))
        assert again is not None
        assert not await work.finish(service.database, again, 60, forget=True)
