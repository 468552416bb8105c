"""Who was there matters: what an observer learns, can catch up with, and can know that another holds."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.engine.neo4j import Neo4jServer
from graph.errors import Invalid
from graph.query import Predicate
from graph.recall.shared import shared
from graph.store import cloning, conclusions, members, messages, retirement, retraction, work
from graph.store.messages import Deployment
from graph.types import Conclusion, MemberConfiguration, NewMessage, PageRequest, Wake
from tests.graph.conftest import NOON
from tests.graph.holding import Held, derive, hold
from tests.graph.looking import rows
from tests.invariants import assert_sound
from tests.workers.conftest import Serve
from workers.service import Service
from workers.steps import scope as step
from workers.unit import do

_OBSERVES = MemberConfiguration(observe_others=True)
_LIVES, _TEA, _CATS = "ann lives in Porto.", "ann likes tea.", "ann has two cats."
_IN_A_YEAR = datetime.now(UTC) + timedelta(days=365)


class Room:
    """A workspace's sessions, with who comes, goes and speaks."""

    def __init__(self, service: Service, workspace_id: str) -> None:
        self.service, self.database, self.workspace_id = service, service.database, workspace_id

    async def join(
        self, peer_id: str, session_id: str = "s", *, late: bool = False, said: MemberConfiguration = _OBSERVES
    ) -> Sequence[Wake]:
        _, wakes = await members.add(
            self.database, self.workspace_id, session_id, {peer_id: said}, late=[peer_id] if late else []
        )
        return wakes

    async def leave(self, peer_id: str, session_id: str = "s") -> None:
        await members.remove(self.database, self.workspace_id, session_id, [peer_id])

    async def say(
        self, content: str, peer_id: str = "ann", session_id: str = "s", *, created_at: datetime | None = None
    ) -> str:
        appended = await messages.append(
            self.database,
            workspace_id=self.workspace_id,
            session_id=session_id,
            messages=[NewMessage(peer_id=peer_id, content=content, token_count=5, metadata={}, created_at=created_at)],
            deployment=Deployment(wait=timedelta(0)),
        )
        return appended.messages[0].id

    async def reason(self, peer_id: str = "ann", session_id: str = "s") -> None:
        await do(self.service, f"reasoning/{self.workspace_id}/{session_id}/{peer_id}")

    async def held(self, observer_id: str) -> list[Conclusion]:
        page = await conclusions.page(self.database, self.workspace_id, Predicate(), PageRequest(size=100))
        return [one for one in page.items if one.observer_id == observer_id]

    async def learnt(self, observer_id: str) -> set[str]:
        return {one.content for one in await self.held(observer_id) if one.observed_id == "ann"}

    async def known(
        self, knower_id: str, holder_id: str = "bob", of_id: str = "ann", as_of: datetime | None = None
    ) -> dict[str, set[str]]:
        found = await shared(self.database, self.workspace_id, knower_id, holder_id, of_id, 100, as_of)
        assert all(one.conclusion.content in found.text for one in found.recalled)
        return {one.conclusion.content: set(one.conclusion.source_message_ids) for one in found.recalled}


async def _moment() -> datetime:
    """A moment after all that was stored and before all that will be."""
    await asyncio.sleep(0.02)
    now = datetime.now(UTC)
    await asyncio.sleep(0.02)
    return now


@pytest.fixture
async def room(serve: Serve, workspace_id: str) -> Room:
    return Room(await serve(), workspace_id)


async def test_an_observer_learns_only_what_is_said_while_it_is_there(room: Room) -> None:
    await room.say("I live in Porto.")
    await room.join("eve")
    await room.say("I like tea.")
    await room.leave("eve")
    await room.say("I have two cats.")
    await room.join("eve")
    await room.say("I work as a nurse.")
    # It leaves before the workers come round: what it heard it learns all the same.
    await room.leave("eve")

    await room.reason()

    assert await room.learnt("eve") == {_TEA, "ann works as a nurse."}
    assert await room.learnt("ann") >= {_LIVES, _TEA, _CATS, "ann works as a nurse."}
    await assert_sound(room.database, room.workspace_id)


async def test_nobody_hears_by_way_of_context_what_was_said_before_it_came(room: Room) -> None:
    await room.say("Do you live in Porto?", "bob")
    await room.join("eve")
    await room.say("Yes.")
    await room.say("Do you like tea?", "bob")
    await room.say("Yes!")
    await room.leave("eve")
    await room.say("And coffee?", "bob")
    await room.say("No.")
    held = await work.lease(room.database, f"reasoning/{room.workspace_id}/s/ann", 30)
    assert held is not None

    async def around(*observer_ids: str) -> list[str]:
        return [said.content for said in await work.surroundings(room.database, held, observer_ids, 1, 7, 40)]

    assert await around("ann", "eve") == ["Do you like tea?"]
    everything = ["Do you live in Porto?", "Do you like tea?", "And coffee?"]
    assert await around("ann") == await around("ann", "bob") == await around("ann", "scope.work") == everything
    await work.release(room.database, held)


async def test_one_that_joins_late_catches_up_on_the_same_messages_and_quotes(
    room: Room, neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "CHUNK", 1)
    await room.say("I live in Porto.")
    gone = await room.say("I like tea.")
    await room.reason()
    await retraction.retract(room.database, room.workspace_id, "s", gone)
    await room.say("I have two cats.", session_id="elsewhere")
    await room.reason(session_id="elsewhere")
    await hold(room.database, Held(content="stated", workspace_id=room.workspace_id, session_id="s"))
    # This one waits to be reasoned over when eve comes.
    await room.say("I work as a nurse.")

    assert await room.join("dan") == []
    (wake,) = await room.join("eve", late=True)
    assert await do(room.service, wake.key)
    await room.reason()

    assert await room.learnt("eve") == {_LIVES, "ann works as a nurse."}
    assert await room.learnt("dan") == set()
    proof = (
        "MATCH (c:Held {workspace_id: $w, observer_id: $by, observed_id: 'ann', content: $text})"
        "-[d:DERIVED_FROM]->(m:Message) RETURN m.id, d.quote, c.slot, c.slot_key, c.times_derived"
    )
    asked = {"w": room.workspace_id, "text": _LIVES}
    theirs, own = [await rows(neo4j_server, proof, **asked, by=by) for by in ("eve", "ann")]
    assert theirs == own
    assert len(own) == 1
    assert own[0][1]

    before = sorted(one.id for one in await room.held("eve"))
    (again,) = await room.join("eve", late=True)
    await do(room.service, again.key)
    assert sorted(one.id for one in await room.held("eve")) == before
    assert again.key not in await work.due(room.database)
    await assert_sound(room.database, room.workspace_id)


async def test_what_it_knew_better_is_not_copied_over_and_over(room: Room) -> None:
    await room.say("I live in Porto.")
    await room.reason()
    await room.join("eve", "other")
    await room.say("I live in Oslo.", session_id="other")
    await room.reason(session_id="other")
    # Ann's own view has settled on Oslo; she forgets it, and Porto stands again for her alone.
    (oslo,) = [one for one in await room.held("ann") if one.content == "ann lives in Oslo."]
    await retirement.retire(room.database, room.workspace_id, oslo.id)
    assert await room.learnt("ann") == {_LIVES}

    (wake,) = await room.join("eve", late=True)
    for _ in range(3):
        await do(room.service, wake.key)

    assert await room.learnt("eve") == {"ann lives in Oslo."}
    assert wake.key not in await work.due(room.database)
    await assert_sound(room.database, room.workspace_id)


async def test_one_that_left_again_keeps_what_it_learnt_and_catches_up_no_further(room: Room) -> None:
    await room.say("I live in Porto.")
    await room.reason()
    (wake,) = await room.join("eve", late=True)
    await do(room.service, wake.key)
    await room.leave("eve")
    await room.say("I like tea.")
    await room.reason()
    (wake,) = await room.join("eve", late=True)
    await room.leave("eve")

    await do(room.service, wake.key)

    assert await room.learnt("eve") == {_LIVES}
    assert wake.key not in await work.due(room.database)


async def test_catching_up_needs_observing_and_is_refused_whole(room: Room) -> None:
    await room.say("I live in Porto.")
    with pytest.raises(Invalid, match="observe_others, which eve lacks"):
        await room.join("eve", late=True, said=MemberConfiguration())
    page = await members.page(room.database, room.workspace_id, "s", PageRequest(size=10))
    assert [peer.id for peer in page.items] == ["ann"]


async def test_one_can_know_of_another_only_what_both_were_there_for(room: Room) -> None:
    """Bob hears ann in two sessions; eve is in one of them, for a while."""
    for session_id in ("s", "private"):
        await room.join("bob", session_id)
    await room.say("I live in Porto.")
    quiet = MemberConfiguration()
    await room.join("eve", said=quiet)
    tea = await room.say("I like tea.")
    await room.leave("eve")
    await room.say("I have two cats.")
    await room.join("eve", said=quiet)
    nurse = await room.say("I work as a nurse.")
    await room.say("I have a zebra.", session_id="private")
    await room.reason()
    await room.reason(session_id="private")
    held = {one.content: one.id for one in await room.held("bob") if one.observed_id == "ann"}
    assert len(held) >= 5

    both = {_TEA: {tea}, "ann works as a nurse.": {nurse}}
    assert await room.known("eve") == both
    assert await room.known("ann") == await room.known("bob") != both
    assert set(await room.known("ann")) == set(held)
    assert await room.known("stranger") == {}
    assert await room.known("eve", "ann") == both
    assert await room.known("eve", "eve") == {}

    of_bob = {"workspace_id": room.workspace_id, "observer_id": "bob", "session_id": None}
    shown, deeper, mixed, bare = await hold(
        room.database,
        *(
            Held(content=name, level="deductive", **of_bob)  # pyright: ignore[reportArgumentType] -- the three above
            for name in ("shown", "deeper", "mixed", "bare")
        ),
    )
    await derive(room.database, shown, [held[_TEA], held["ann works as a nurse."]])
    await derive(room.database, deeper, [shown])
    await derive(room.database, mixed, [deeper, held["ann has a zebra."]])
    (stated,) = await hold(room.database, Held(content="stated", workspace_id=room.workspace_id, observer_id="bob"))
    await derive(room.database, bare, [held[_TEA], stated])

    derived = {tea, nurse}
    assert await room.known("eve") == {**both, "shown": derived, "deeper": derived}
    assert {"mixed", "bare", "stated"} & set(await room.known("ann")) == {"mixed"}


async def test_what_was_said_again_in_ones_absence_is_not_known_to_it(room: Room) -> None:
    await room.join("bob")
    await room.join("eve")
    await room.say("I like tea.")
    await room.reason()
    assert set(await room.known("eve")) == {_TEA}
    await room.leave("eve")

    await room.say("I like tea.")
    await room.reason()

    assert await room.known("eve") == {}
    assert set(await room.known("ann")) == {_TEA}


async def test_catching_up_is_not_having_been_there(room: Room) -> None:
    await room.join("bob")
    await room.say("I live in Porto.")
    await room.reason()
    await room.say("I like tea.")
    (wake,) = await room.join("eve", late=True)
    await do(room.service, wake.key)
    await room.reason()

    assert await room.learnt("eve") == {_LIVES, _TEA}
    assert await room.known("eve") == {}


async def test_a_copy_of_a_session_tells_who_is_there_from_then_on(room: Room) -> None:
    await room.join("bob")
    await room.say("I live in Porto.")
    await room.join("eve")
    await room.leave("eve")
    await room.say("I have two cats.")
    copy = (await cloning.clone(room.database, room.workspace_id, "s", None)).session
    said = await room.say("I like tea.", session_id=copy.id)
    await room.reason(session_id=copy.id)

    assert await room.known("eve") == {_TEA: {said}}


async def test_what_one_could_know_then_is_told_by_what_was_said_and_held_by_then(room: Room) -> None:
    """Eve comes and goes; what is said again or retracted since does not change what she could know."""
    await room.join("bob")
    await room.say("I live in Porto.")
    await room.join("eve")
    early = await _moment()
    tea = await room.say("I like tea.")
    unheard = await _moment()
    await room.reason()
    first = await _moment()
    await room.leave("eve")
    await room.say("I like tea.")
    await room.say("I have two cats.")
    await room.reason()
    apart = await _moment()
    await room.join("eve")
    nurse = await room.say("I work as a nurse.")
    await room.reason()
    back = await _moment()
    await retraction.retract(room.database, room.workspace_id, "s", nurse)
    gone = await _moment()

    assert await room.known("eve", as_of=early) == await room.known("eve", as_of=unheard) == {}
    assert await room.known("eve", as_of=first) == {_TEA: {tea}}
    assert set(await room.known("ann", as_of=first)) == {_LIVES, _TEA}
    # What was said again in her absence is not known to her any more.
    assert await room.known("eve", as_of=apart) == {}
    assert set(await room.known("ann", as_of=apart)) == {_LIVES, _TEA, _CATS}
    # What was retracted since was known, and is not named.
    assert await room.known("eve", as_of=back) == {"ann works as a nurse.": set()}
    assert await room.known("eve", as_of=gone) == await room.known("eve") == {}
    assert await room.known("stranger", as_of=back) == {}
    for knower in ("ann", "bob", "eve"):
        now = await room.known(knower)
        assert await room.known(knower, as_of=gone) == await room.known(knower, as_of=_IN_A_YEAR) == now


async def test_a_derived_one_could_be_known_only_once_all_it_rested_on_then_was(room: Room) -> None:
    await room.join("bob")
    await room.join("eve")
    tea = await room.say("I like tea.")
    await room.reason()
    await room.leave("eve")
    await room.say("I have two cats.")
    await room.reason()
    held = {one.content: one.id for one in await room.held("bob") if one.observed_id == "ann"}
    before = await _moment()
    by_bob = {"workspace_id": room.workspace_id, "observer_id": "bob", "level": "deductive", "session_id": None}
    minutes = (datetime.now(UTC) - NOON).total_seconds() / 60
    shown, mixed = await hold(
        room.database,
        *(
            Held(content=name, minutes=minutes, **by_bob)  # pyright: ignore[reportArgumentType] -- the four above
            for name in ("shown", "mixed")
        ),
    )
    await derive(room.database, shown, [held[_TEA]])
    await derive(room.database, mixed, [held[_TEA], held[_CATS]])
    after = await _moment()

    assert await room.known("eve", as_of=before) == {_TEA: {tea}}
    assert await room.known("eve", as_of=after) == await room.known("eve") == {_TEA: {tea}, "shown": {tea}}
    assert await room.known("ann", as_of=after) == await room.known("ann")
    # A premise more that she was not there for hides it from then on, and not before.
    await room.database.schema_statement(
        "MATCH (c:Conclusion {id: $c}) MATCH (p:Conclusion {id: $p}) "
        "CREATE (c)-[:DERIVED_FROM {support: 'x', at: $at}]->(p)",
        {"c": shown, "p": held[_CATS], "at": datetime.now(UTC)},
    )
    assert await room.known("eve", as_of=after) == {_TEA: {tea}, "shown": {tea}}
    assert await room.known("eve", as_of=await _moment()) == await room.known("eve") == {_TEA: {tea}}


async def test_what_was_not_sent_by_then_could_not_be_known(room: Room) -> None:
    """A client may say when a message was sent; what is concluded from it is held all the same."""
    await room.join("bob")
    tea = await room.say("I like tea.", created_at=_IN_A_YEAR)
    await room.reason()

    assert await room.known("ann", as_of=await _moment()) == {}
    assert await room.known("ann") == {_TEA: {tea}}
