"""A unit of work keeps what led to it until it is taken up, and no longer."""

from datetime import timedelta

from app.engine.neo4j import Neo4jServer
from graph.cause import caused_by
from graph.driver import Database
from graph.store import messages, queue, retraction, work
from graph.store.messages import Deployment
from graph.types import Lease, Unit
from tests.graph.conftest import said
from tests.graph.looking import rows


async def _say(database: Database, workspace_id: str, led_by: str | None, wait: float = 0) -> str:
    """Let ann say something; the message's id."""
    with caused_by(led_by):
        appended = await messages.append(
            database,
            workspace_id=workspace_id,
            session_id="s",
            messages=[said("ann", "I like tea.")],
            deployment=Deployment(wait=timedelta(seconds=wait)),
        )
    return appended.messages[0].id


async def _leased(database: Database, workspace_id: str, key: str = "") -> Lease:
    held = await work.lease(database, key or _key(workspace_id), 60)
    assert held is not None
    return held


def _key(workspace_id: str) -> str:
    return f"reasoning/{workspace_id}/s/ann"


async def _kept(server: Neo4jServer, key: str) -> object:
    ((kept,),) = await rows(server, "MATCH (w:Work {key: $key}) RETURN w.led_by", key=key)
    return kept


async def test_what_led_to_a_unit_is_handed_out_once_with_its_lease(
    database: Database, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    for led_by in ("a", "b", None, "a"):
        await _say(database, workspace_id, led_by)

    held = await _leased(database, workspace_id)

    assert list(held.led_by) == ["b", "a"], "each once, the newest last"
    assert await _kept(neo4j_server, held.key) is None
    await work.release(database, held)
    assert list((await _leased(database, workspace_id)).led_by) == []


async def test_of_more_than_16_the_newest_are_kept_by_every_way_to_ask(
    database: Database, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    unit = Unit(key=f"scope/{workspace_id}/none/s", kind="scope", session_id="s", wait_seconds=3600)
    names = [f"{number:02}" for number in range(20)]
    await _say(database, workspace_id, None, wait=3600)
    for led_by in names:
        await _say(database, workspace_id, led_by, wait=3600)
        with caused_by(led_by):
            await database.write(lambda tx: work.request(tx, workspace_id, [unit]))
    for key in (_key(workspace_id), unit.key):
        assert await _kept(neo4j_server, key) == names[4:]

    with caused_by("20"):
        flushed = {wake.key for wake in await queue.flush(database, workspace_id)}
    assert {_key(workspace_id), unit.key} <= flushed
    with caused_by("21"):
        for key in (_key(workspace_id), unit.key):
            assert await queue.replay(database, workspace_id, key)

    for key in (_key(workspace_id), unit.key):
        assert list((await _leased(database, workspace_id, key)).led_by) == [*names[6:], "20", "21"]


async def test_what_is_asked_of_a_held_unit_waits_for_the_next_batch_and_no_beat_takes_it(
    database: Database, workspace_id: str
) -> None:
    await _say(database, workspace_id, "a")
    held = await _leased(database, workspace_id)
    await _say(database, workspace_id, "b")

    assert list((await work.renew(database, held, 60)).led_by) == []
    assert list((await work.renew(database, held, 60, batch=True)).led_by) == ["b"]
    assert list((await work.renew(database, held, 60, batch=True)).led_by) == []

    await _say(database, workspace_id, "c")
    await work.defer(database, held, "busy", 0)
    assert list((await _leased(database, workspace_id)).led_by) == ["c"]


async def test_another_attempt_at_a_dead_letter_is_led_by_who_asks_for_it(
    database: Database, workspace_id: str
) -> None:
    await _say(database, workspace_id, "a")
    await work.bury(database, await _leased(database, workspace_id), "unusable")
    with caused_by("again"):
        assert len(await queue.replay_dead(database, workspace_id)) == 1
    assert list((await _leased(database, workspace_id)).led_by) == ["again"]


async def test_what_is_given_up_or_met_leaves_nothing_for_another_time(
    database: Database, workspace_id: str, neo4j_server: Neo4jServer
) -> None:
    await _say(database, workspace_id, "a")
    await queue.drop(database, workspace_id, _key(workspace_id), "not wanted")
    assert await _kept(neo4j_server, _key(workspace_id)) is None

    unit = Unit(key=f"scope/{workspace_id}/none/s", kind="scope", session_id="s")
    with caused_by("b"):
        await database.write(lambda tx: work.request(tx, workspace_id, [unit]))
    held = await work.lease(database, unit.key, 0)
    assert held is not None
    with caused_by("c"):
        assert await queue.replay(database, workspace_id, unit.key), "its holder is late, but not replaced yet"
    assert not await work.finish(database, held, 60)
    assert await _kept(neo4j_server, unit.key) is None


async def test_a_message_that_comes_back_to_be_reasoned_over_is_led_by_who_restores_it(
    database: Database, workspace_id: str
) -> None:
    message_id = await _say(database, workspace_id, "a")
    await retraction.retract(database, workspace_id, "s", message_id)
    held = await _leased(database, workspace_id)
    passed = work.Effect(cursor=held.last_seq, messages=1, tokens=1, run=None, conclusions=[])
    assert not await work.commit(database, held, passed, 60)

    with caused_by("back"):
        await retraction.restore(database, workspace_id, "s", message_id)

    again = await _leased(database, workspace_id, f"{_key(workspace_id)}/{message_id}")
    assert list(again.led_by) == ["back"]


async def test_a_unit_that_needs_no_second_request_keeps_what_led_to_the_first(
    database: Database, workspace_id: str
) -> None:
    unit = Unit(key=f"scope/{workspace_id}/none/s", kind="scope", session_id="s", once=True)
    asked: list[int] = []
    for led_by in ("a", "b"):
        with caused_by(led_by):
            asked.append(len(await database.write(lambda tx: work.request(tx, workspace_id, [unit]))))

    assert asked == [1, 0]
    assert list((await _leased(database, workspace_id, unit.key)).led_by) == ["a"]
