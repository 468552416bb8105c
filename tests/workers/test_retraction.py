"""What was concluded from a message goes, comes back and is erased with it, whatever the workers are at meanwhile."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.engine.neo4j import Neo4jServer
from graph.errors import Conflict, NotFound
from graph.query import Predicate
from graph.recall.context import session_context
from graph.store import cards, cloning, conclusions, dreams, erasing, members, messages, passages, retraction, support
from graph.store.messages import Deployment
from graph.store.retirement import retire
from graph.store.support import second_look
from graph.types import MemberConfiguration, Message, NewMessage, PageRequest
from tests.graph.holding import Held, derive, hold
from tests.graph.looking import nodes, rows
from tests.invariants import assert_sound
from tests.workers.conftest import Serve, key_of, undone
from workers.service import Service
from workers.unit import do

_ALL = PageRequest(size=100)
_EVERY_ONE = "MATCH (c:Conclusion {workspace_id: $w}) RETURN c.id"
_PORTO, _CATS = "I live in Porto.", "I have two cats."


async def _say(service: Service, workspace_id: str, session_id: str, *contents: str) -> Sequence[Message]:
    """Ann says something in a session in which bob observes."""
    said = [NewMessage(peer_id="ann", content=content, token_count=5, metadata={}) for content in ("Hm.", *contents)]
    said[0] = NewMessage(peer_id="bob", content="Hm.", token_count=1, metadata={})
    at_once = Deployment(wait=timedelta(0))
    for some in (said[:1], said[1:]):
        appended = await messages.append(
            service.database, workspace_id=workspace_id, session_id=session_id, messages=some, deployment=at_once
        )
        await members.configure(
            service.database, workspace_id, session_id, "bob", MemberConfiguration(observe_others=True)
        )
    return appended.messages


async def _reason(service: Service, workspace_id: str, *session_ids: str) -> None:
    for session_id in session_ids:
        await do(service, f"reasoning/{workspace_id}/{session_id}/ann")
        await do(service, passages.unit_key(workspace_id, session_id))


async def _dream(service: Service, workspace_id: str) -> None:
    for observer_id in ("ann", "bob"):
        asked = dreams.Asked(kind="omni")
        for wake in await dreams.schedule(service.database, workspace_id, observer_id, "ann", asked):
            await do(service, wake.key)


async def _held(service: Service, workspace_id: str) -> set[tuple[str, str, str]]:
    page = await conclusions.page(service.database, workspace_id, Predicate(), _ALL)
    return {(each.observer_id, each.level, each.content) for each in page.items}


async def _context(service: Service, workspace_id: str, session_id: str = "s") -> list[str]:
    found = await session_context(
        service.database, workspace_id, session_id, tokens=1000, about=None, count=lambda text: len(text.split())
    )
    return [message.content for message in found.messages]


async def test_what_was_concluded_goes_with_a_message_and_comes_back_with_it(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    (home, _) = await _say(service, workspace_id, "s", _PORTO, _CATS)
    await _say(service, workspace_id, "s2", _PORTO)
    await _reason(service, workspace_id, "s", "s2")
    await _dream(service, workspace_id)
    before, vectors = await _held(service, workspace_id), await nodes(neo4j_server, workspace_id)
    assert ("bob", "inductive", "ann lives in Porto.") in before

    gone = await retraction.retract(service.database, workspace_id, "s", home.id)

    # The pattern needs two sources; each of the two who hold it also holds what was said in the other session.
    after = await _held(service, workspace_id)
    assert before - after == {(observer, "inductive", "ann lives in Porto.") for observer in ("ann", "bob")}
    assert len(gone.retired) == 4
    assert {wake.key for wake in gone.wakes} == {
        *(second_look(workspace_id, each, "ann").key for each in ("ann", "bob")),
        f"derivation/{workspace_id}/ann",
    }
    assert _PORTO not in await _context(service, workspace_id)
    (kept,) = (await retraction.page(service.database, workspace_id, "s", _ALL)).items
    assert kept.message == home
    await assert_sound(service.database, workspace_id)
    with pytest.raises(NotFound):
        await retraction.retract(service.database, workspace_id, "s", home.id)

    back = await retraction.restore(service.database, workspace_id, "s", home.id)

    assert sorted(back.revived) == sorted(gone.retired)
    assert await _held(service, workspace_id) == before
    assert _PORTO in await _context(service, workspace_id)
    found = await nodes(neo4j_server, workspace_id)
    assert {key: found[key] for key in vectors if key[0] != "Work"} == {
        key: number for key, number in vectors.items() if key[0] != "Work"
    }
    await assert_sound(service.database, workspace_id)
    with pytest.raises(NotFound):
        await retraction.restore(service.database, workspace_id, "s", home.id)


async def test_a_second_look_finds_what_is_still_a_pattern(
    serve: Serve, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "SECOND_LOOK_SECONDS", 0.0)
    service = await serve()
    said = [await _say(service, workspace_id, f"s{place}", _PORTO) for place in range(3)]
    await _reason(service, workspace_id, "s0", "s1", "s2")
    await _dream(service, workspace_id)
    pattern = ("ann", "inductive", "ann lives in Porto.")
    assert pattern in await _held(service, workspace_id)

    settled = await retraction.retract(service.database, workspace_id, "s0", said[0][0].id)
    assert pattern not in await _held(service, workspace_id)
    for wake in settled.wakes:
        await do(service, wake.key)
    assert pattern in await _held(service, workspace_id)

    await retraction.restore(service.database, workspace_id, "s0", said[0][0].id)
    assert pattern in await _held(service, workspace_id)
    await assert_sound(service.database, workspace_id)


async def test_a_message_retracted_before_it_was_reasoned_over_is_reasoned_over_when_it_is_back(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve()
    (home, _) = await _say(service, workspace_id, "s", _PORTO, _CATS)
    await retraction.retract(service.database, workspace_id, "s", home.id)
    await _reason(service, workspace_id, "s")
    held = await _held(service, workspace_id)
    assert held and not any("Porto" in content for _, _, content in held)
    assert await undone(service, workspace_id) == 1  # bob's "Hm."

    back = await retraction.restore(service.database, workspace_id, "s", home.id)
    for wake in back.wakes:
        await do(service, wake.key)

    held = await _held(service, workspace_id)
    assert {observer for observer, _, content in held if "Porto" in content} == {"ann", "bob"}
    await do(service, passages.unit_key(workspace_id, "s"))
    await assert_sound(service.database, workspace_id)


async def test_a_message_whose_vectors_went_with_their_embedder_is_embedded_anew_when_it_is_back(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    (home, long) = await _say(service, workspace_id, "s", _PORTO, "word " * 400)
    await _reason(service, workspace_id, "s")
    before = await nodes(neo4j_server, workspace_id)
    for message in (home, long):
        await retraction.retract(service.database, workspace_id, "s", message.id)
    await passages.forget_retracted(service.database, 1)
    assert ("Piece", "s") not in await nodes(neo4j_server, workspace_id)

    for message in (home, long):
        await retraction.restore(service.database, workspace_id, "s", message.id)
    await do(service, passages.unit_key(workspace_id, "s"))

    after = await nodes(neo4j_server, workspace_id)
    assert [after[label, "s"] for label in ("Passage", "Piece")] == [
        before[label, "s"] for label in ("Passage", "Piece")
    ]


@pytest.mark.parametrize("erased", [False, True])
async def test_what_is_concluded_of_a_message_that_goes_meanwhile_is_not_stored(
    serve: Serve, workspace_id: str, monkeypatch: pytest.MonkeyPatch, erased: bool
) -> None:
    service = await serve()
    (home, _) = await _say(service, workspace_id, "s", _PORTO, _CATS)
    extract = service.reasoner.extract

    async def late(batch: object) -> object:
        found = await extract(batch)  # pyright: ignore[reportArgumentType]
        if erased:
            await erasing.message(service.database, workspace_id, "s", home.id, dry_run=False)
        else:
            await retraction.retract(service.database, workspace_id, "s", home.id)
        return found

    monkeypatch.setattr(service.reasoner, "extract", late)
    await do(service, key_of(workspace_id, "ann"))

    held = await _held(service, workspace_id)
    assert held and not any("Porto" in content for _, _, content in held)
    await assert_sound(service.database, workspace_id)


async def test_an_erased_message_takes_with_it_what_rests_on_nothing_else(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await serve()
    (home, cats) = await _say(service, workspace_id, "s", _PORTO, _CATS)
    (again,) = await _say(service, workspace_id, "s2", _PORTO)
    await _reason(service, workspace_id, "s", "s2")
    await _dream(service, workspace_id)
    before = await rows(neo4j_server, _EVERY_ONE, w=workspace_id)
    assert await cards.get(service.database, workspace_id, "ann", "ann")

    plan = await erasing.message(service.database, workspace_id, "s", home.id, dry_run=True)
    assert await rows(neo4j_server, _EVERY_ONE, w=workspace_id) == before
    done = await erasing.message(service.database, workspace_id, "s", home.id, dry_run=False)

    assert list(plan.conclusion_ids) == list(done.conclusion_ids)
    assert (done.receipt.counts.messages, done.receipt.counts.conclusions) == (1, 4)
    left = {str(each) for (each,) in await rows(neo4j_server, _EVERY_ONE, w=workspace_id)}
    assert left == {str(each) for (each,) in before} - set(done.conclusion_ids)
    assert {(level, content) for _, level, content in await _held(service, workspace_id)} == {
        ("explicit", "ann has two cats."),
        ("explicit", "ann lives in Porto."),
    }
    # The card says what is left, and rests on that alone.
    assert done.receipt.counts.cards == 2
    lines = await cards.proven(service.database, workspace_id, "ann", "ann")
    assert [line.text for line in lines or ()] == ["IDENTITY: ann lives in Porto.", "ATTRIBUTE: ann has two cats."]
    assert not {each for line in lines or () for each in line.conclusion_ids} & set(done.conclusion_ids)
    assert await _context(service, workspace_id) == ["Hm.", _CATS]
    page = await messages.page(service.database, workspace_id, "s", Predicate(), _ALL)
    assert [each.seq for each in page.items] == [1, cats.seq]
    with pytest.raises(NotFound):
        await erasing.message(service.database, workspace_id, "s", home.id, dry_run=False)
    (receipt,) = (await erasing.receipts(service.database, workspace_id, _ALL)).items
    assert receipt == done.receipt
    assert home.id not in str(receipt) and again.id not in str(done)
    await assert_sound(service.database, workspace_id)


async def test_pages_of_a_session_with_gaps_are_full_and_so_are_those_of_its_copy(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve()
    said = await _say(service, workspace_id, "s", *(f"I have {place} cats." for place in range(2, 12)))
    for place in (1, 4):
        await erasing.message(service.database, workspace_id, "s", said[place].id, dry_run=False)
    await retraction.retract(service.database, workspace_id, "s", said[7].id)
    kept = ["Hm.", *(said[place].content for place in (0, 2, 3, 5, 6, 8, 9))]
    clone = (await cloning.clone(service.database, workspace_id, "s", None)).session.id

    for session_id in ("s", clone):
        for reverse in (False, True):
            seen: list[str] = []
            for number in (1, 2, 3):
                request = PageRequest(page=number, size=3, reverse=reverse)
                page = await messages.page(service.database, workspace_id, session_id, Predicate(), request)
                assert page.total == len(kept)
                assert len(page.items) == (2 if number == 3 else 3)
                seen += [each.content for each in page.items]
            assert seen == (kept[::-1] if reverse else kept)
    await assert_sound(service.database, workspace_id)


async def test_an_erased_peer_leaves_nothing_and_others_keep_what_is_theirs(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "PART", 3)
    monkeypatch.setattr(erasing, "MESSAGES", 2)
    service = await serve()
    other = f"{workspace_id}-other"
    for each in (workspace_id, other):
        await _say(service, each, "s", _PORTO, _CATS, "word " * 400)
        await _say(service, each, "s2", _PORTO)
        await _reason(service, each, "s", "s2")
        await _dream(service, each)
        await hold(service.database, Held(content="stated", workspace_id=each, observer_id="bob", observed_id="bob"))
    theirs = await nodes(neo4j_server, other)

    plan = await erasing.peer(service.database, workspace_id, "ann", dry_run=True)
    assert (plan.receipt.counts.messages, plan.receipt.finished_at) == (4, None)
    accepted = await erasing.peer(service.database, workspace_id, "ann", dry_run=False)
    with pytest.raises(Conflict):
        await _say(service, workspace_id, "s", "I am still here.")
    with pytest.raises(NotFound):
        await erasing.peer(service.database, workspace_id, "ann", dry_run=False)
    for wake in accepted.wakes:
        await do(service, wake.key)

    about_ann = """
    MATCH (n {workspace_id: $w})
    WHERE 'ann' IN [n.id, n.peer_id, n.observer_id, n.observed_id] OR n.content CONTAINS 'ann'
    RETURN labels(n), n.id, n.key
    """
    assert await rows(neo4j_server, about_ann, w=workspace_id) == []
    assert await _held(service, workspace_id) == {("bob", "explicit", "stated")}
    assert (await messages.page(service.database, workspace_id, "s", Predicate(), _ALL)).total == 2
    assert await nodes(neo4j_server, other) == theirs
    (receipt,) = (await erasing.receipts(service.database, workspace_id, _ALL)).items
    assert receipt.id == accepted.receipt.id and receipt.finished_at is not None
    assert (receipt.counts.messages, receipt.counts.conclusions) == (4, plan.receipt.counts.conclusions)
    assert receipt.subject_hash == erasing.subject_hash("peer", workspace_id, "ann")
    await assert_sound(service.database, workspace_id)
    await _say(service, workspace_id, "s", "I am somebody new.")


async def test_what_a_client_deletes_takes_with_it_what_has_no_other_support(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    one, two, both, either = await hold(
        service.database,
        *(Held(content=content, workspace_id=workspace_id, minutes=place) for place, content in enumerate("12")),
        Held(content="both", workspace_id=workspace_id, level="deductive", minutes=3),
        Held(content="either", workspace_id=workspace_id, level="deductive", minutes=4),
    )
    await derive(service.database, both, [one, two], "a run")
    await derive(service.database, either, [one], "a run")
    await derive(service.database, either, [two], "another run")

    settled = await retire(service.database, workspace_id, one)
    assert list(settled.retired) == [both]
    assert {content for _, _, content in await _held(service, workspace_id)} == {"2", "either"}
    await retire(service.database, workspace_id, two)

    assert await _held(service, workspace_id) == set()
    await assert_sound(service.database, workspace_id)
