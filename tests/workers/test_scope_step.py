"""A scope catches up with the sessions that are added to it, and lets go of those that are removed."""

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest

from app.engine.neo4j import Neo4jServer
from graph.errors import NotFound
from graph.query import Predicate
from graph.store import conclusions, deletion, dreams, messages, scope_members, scopes, work
from graph.store.messages import Deployment
from graph.types import Conclusion, NewMessage, PageRequest
from tests.graph.holding import Held as Given
from tests.graph.holding import derive, hold
from tests.graph.looking import unsound
from tests.invariants import assert_sound
from tests.workers.conftest import Serve, key_of, tell
from workers.service import Service
from workers.steps import scope as step
from workers.unit import do


async def _scope(service: Service, workspace_id: str, name: str = "work") -> None:
    await scopes.get_or_create(service.database, workspace_id, name, None)


async def _add(service: Service, workspace_id: str, *session_ids: str) -> None:
    for wake in await scope_members.add(service.database, workspace_id, "work", session_ids):
        await do(service, wake.key)


async def _remove(service: Service, workspace_id: str, session_id: str = "s") -> None:
    for wake in await scope_members.remove(service.database, workspace_id, "work", session_id):
        await do(service, wake.key)


async def _held(service: Service, workspace_id: str, observer_id: str = "scope.work") -> list[Conclusion]:
    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest(size=100, reverse=True))
    return [one for one in page.items if one.observer_id == observer_id]


def _texts(held: Sequence[Conclusion]) -> set[str]:
    return {one.content for one in held}


async def test_what_was_concluded_before_is_copied_with_its_proof(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    for peer_id, text in (("ann", "I live in Porto."), ("bob", "I live in Oslo.")):
        await tell(service, workspace_id, peer_id, text)
        await do(service, key_of(workspace_id, peer_id))

    await _add(service, workspace_id, "s")

    held = await _held(service, workspace_id)
    assert {(one.observed_id, one.content) for one in held} == {
        ("ann", "ann lives in Porto."),
        ("bob", "bob lives in Oslo."),
    }
    for one in held:
        (own,) = await _held(service, workspace_id, one.observed_id)
        assert list(one.source_message_ids) == list(own.source_message_ids) != []
        assert (one.level, one.session_id, one.times_derived) == ("explicit", "s", own.times_derived)
        assert one.observed_at == own.observed_at
    status = await scopes.status(service.database, workspace_id, "work")
    assert (status["s"].state, status["s"].docs_copied) == ("completed", 2)
    assert await unsound(neo4j_server, workspace_id) == 0
    await assert_sound(service.database, workspace_id)


async def test_copying_again_changes_nothing(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "I live in Porto.")
    await do(service, key_of(workspace_id, "ann"))
    await _add(service, workspace_id, "s")
    (before,) = await _held(service, workspace_id)

    unit = dreams.unit(workspace_id, "scope.work", "ann", dreams.Asked(kind="omni"))
    assert unit.key in await work.due(service.database)
    await _add(service, workspace_id, "s")
    await _remove(service, workspace_id)
    assert await _held(service, workspace_id) == []
    await _add(service, workspace_id, "s")

    (after,) = await _held(service, workspace_id)
    assert (after.content, after.source_message_ids) == (before.content, before.source_message_ids)


async def test_what_a_client_stated_in_the_session_is_copied_once(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "hello")
    await do(service, key_of(workspace_id, "ann"))
    await hold(
        service.database,
        Given(content="stated", workspace_id=workspace_id, session_id="s"),
        Given(content="elsewhere", workspace_id=workspace_id, session_id="s2"),
        Given(content="of bob", workspace_id=workspace_id, session_id="s", observer_id="bob"),
        Given(content="derived", workspace_id=workspace_id, session_id="s", level="deductive"),
    )

    await _add(service, workspace_id, "s")

    assert _texts(await _held(service, workspace_id)) == {"stated"}


async def test_more_than_one_part_is_copied_and_let_go(
    serve: Serve, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "CHUNK", 2)
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "hello")
    await do(service, key_of(workspace_id, "ann"))
    many = [
        Given(content=f"fact {place}", workspace_id=workspace_id, session_id="s", minutes=place) for place in range(5)
    ]
    await hold(service.database, *many)

    await _add(service, workspace_id, "s")
    copied = await _held(service, workspace_id)
    assert [one.content for one in copied] == [one.content for one in many]
    assert (await scopes.status(service.database, workspace_id, "work"))["s"].docs_copied == 5
    await _remove(service, workspace_id)

    assert await _held(service, workspace_id) == []
    assert len(await _held(service, workspace_id, "ann")) == 5


async def test_what_is_said_after_joining_is_held_at_once(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "I live in Porto.")
    # Nothing is reasoned over yet: what waits will be held by the scope too, what is left to copy is nothing.
    await _add(service, workspace_id, "s")
    assert await _held(service, workspace_id) == []
    await tell(service, workspace_id, "ann", "I like tea.")

    await do(service, key_of(workspace_id, "ann"))

    assert _texts(await _held(service, workspace_id)) == {"ann lives in Porto.", "ann likes tea."}
    await _remove(service, workspace_id)
    assert await _held(service, workspace_id) == []


async def test_what_waits_when_a_session_leaves_is_not_held(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "I live in Porto.")
    await _add(service, workspace_id, "s")
    await _remove(service, workspace_id)

    await do(service, key_of(workspace_id, "ann"))

    assert await _held(service, workspace_id) == []
    assert _texts(await _held(service, workspace_id, "ann")) == {"ann lives in Porto."}


async def test_the_step_waits_while_messages_from_before_are_reasoned_over(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "I live in Porto.")
    reasoning = await work.lease(service.database, key_of(workspace_id, "ann"), 30)
    assert reasoning is not None
    (wake,) = await scope_members.add(service.database, workspace_id, "work", ["s"])

    await do(service, wake.key)

    assert (await scopes.status(service.database, workspace_id, "work"))["s"].state == "pending"
    await work.release(service.database, reasoning)


async def test_what_rests_on_a_removed_session_goes_with_it_and_the_rest_stays(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    other = f"{workspace_id}-2"
    for each in (workspace_id, other):
        await _scope(service, each)
        for session_id in ("s", "s2"):
            await messages.append(
                service.database,
                workspace_id=each,
                session_id=session_id,
                messages=[NewMessage(peer_id="ann", content="hello", token_count=1, metadata={})],
                deployment=Deployment(),
            )
        await scope_members.add(service.database, each, "work", ["s", "s2"])
    scoped = partial(Given, observer_id="scope.work")
    first, second, middle, top, apart = await hold(
        service.database,
        scoped(content="from s", workspace_id=workspace_id, session_id="s"),
        scoped(content="from s2", workspace_id=workspace_id, session_id="s2"),
        scoped(content="middle", workspace_id=workspace_id, session_id=None, level="deductive"),
        scoped(content="top", workspace_id=workspace_id, session_id=None, level="inductive"),
        scoped(content="apart", workspace_id=workspace_id, session_id=None, level="deductive"),
    )
    await hold(service.database, scoped(content="other", workspace_id=other, session_id="s"))
    await derive(service.database, middle, [first, second])
    await derive(service.database, top, [middle])
    await derive(service.database, apart, [second])

    await _remove(service, workspace_id)

    assert _texts(await _held(service, workspace_id)) == {"from s2", "apart"}
    assert _texts(await _held(service, other)) == {"other"}
    card = dreams.unit(workspace_id, "scope.work", "ann", dreams.Asked(kind="card_refresh"))
    assert card.key in await work.due(service.database)
    assert list(await scopes.status(service.database, workspace_id, "work")) == ["s2"]


async def test_equal_names_in_two_workspaces_are_two_scopes(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    other = f"{workspace_id}-2"
    for each in (workspace_id, other):
        await _scope(service, each)
        await tell(service, each, "ann", "I live in Porto." if each == workspace_id else "I live in Oslo.")
        await do(service, key_of(each, "ann"))

    await _add(service, workspace_id, "s")

    assert _texts(await _held(service, workspace_id)) == {"ann lives in Porto."}
    assert await _held(service, other) == []


async def test_a_deleted_session_takes_with_it_what_the_scope_holds_from_it(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await _scope(service, workspace_id)
    await tell(service, workspace_id, "ann", "I live in Porto.")
    await do(service, key_of(workspace_id, "ann"))
    await hold(service.database, Given(content="stated", workspace_id=workspace_id, session_id="s"))
    await _add(service, workspace_id, "s")
    assert _texts(await _held(service, workspace_id)) == {"ann lives in Porto.", "stated"}

    for wake in await deletion.accept_session(service.database, workspace_id, "s"):
        await do(service, wake.key)

    assert await _held(service, workspace_id) == []
    assert await scopes.status(service.database, workspace_id, "work") == {}
    with pytest.raises(NotFound):
        await scope_members.add(service.database, workspace_id, "work", ["s"])


async def test_messages_and_scopes_may_change_at_once(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    for name in ("work", "home"):
        await _scope(service, workspace_id, name)
    await tell(service, workspace_id, "ann", "hello")

    async def talk() -> None:
        for place in range(6):
            await tell(service, workspace_id, "ann", f"I live in Porto {place}.")
            await do(service, key_of(workspace_id, "ann"))

    async def change(name: str) -> None:
        for _ in range(4):
            await scope_members.add(service.database, workspace_id, name, ["s"])
            await do(service, scopes.work_key(workspace_id, name, "s"))
            await scope_members.remove(service.database, workspace_id, name, "s")
        await scope_members.add(service.database, workspace_id, name, ["s"])

    await asyncio.gather(talk(), change("work"), change("home"))
    await do(service, key_of(workspace_id, "ann"))
    own = _texts(await _held(service, workspace_id, "ann"))
    assert own
    for name in ("work", "home"):
        await do(service, scopes.work_key(workspace_id, name, "s"))
        assert _texts(await _held(service, workspace_id, f"scope.{name}")) == own
        await scope_members.remove(service.database, workspace_id, name, "s")
        await do(service, scopes.work_key(workspace_id, name, "s"))
        assert await _held(service, workspace_id, f"scope.{name}") == []
