"""When dreams come of themselves: enough was drawn, the last is long ago, and the peer has been idle for a while."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.store import dream_timer, dreams, peers, queue, sessions, work, workspaces
from graph.store.dream_timer import Ripeness
from graph.store.sessions import SessionChange
from tests.graph.concluding import Fact, say, tell
from tests.graph.conftest import NOON, vector
from tests.graph.holding import Held, hold
from tests.graph.looking import rows

if TYPE_CHECKING:
    from neo4j.time import DateTime

RIPE = Ripeness(conclusions=3)
HOUR = timedelta(hours=1)


def _fact(number: int, observers: tuple[str, ...] = ("ann",)) -> Fact:
    directions = [0.0] * 40
    directions[number] = 1.0
    return Fact(content=f"ann did thing {number}.", said_at=NOON, vector=vector(*directions), observers=observers)


async def _say(database: Database, workspace_id: str, *numbers: int, session_id: str = "s") -> None:
    await tell(database, workspace_id, *map(_fact, numbers), session_id=session_id, ripeness=RIPE)


async def _timer(server: Neo4jServer, workspace_id: str) -> datetime | None:
    statement = "MATCH (:Peer {workspace_id: $w})-[view:VIEWS]->() RETURN view.dream_due_at"
    ((due_at,),) = await rows(server, statement, w=workspace_id)
    return None if due_at is None else _native(due_at)


def _native(at: object) -> datetime:
    return cast("DateTime", at).to_native()


async def _asked(server: Neo4jServer, workspace_id: str) -> list[list[object]]:
    statement = "MATCH (w:Work {workspace_id: $w, kind: 'dream'}) RETURN w.key, w.detail, w.pending ORDER BY w.key"
    return await rows(server, statement, w=workspace_id)


async def _dreamt(database: Database, workspace_id: str, at: datetime) -> None:
    await database.write(lambda tx: dreams.dreamed(tx, workspace_id, "ann", "ann", at))


async def test_enough_conclusions_wind_a_timer_that_is_no_work_and_rings_after_the_idle_time(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    await _say(database, workspace_id, 1, 2)
    assert await _timer(neo4j_server, workspace_id) is None
    before = datetime.now(UTC)
    await _say(database, workspace_id, 3, session_id="s2")

    due_at = await _timer(neo4j_server, workspace_id)
    assert due_at is not None and before + HOUR <= due_at <= datetime.now(UTC) + HOUR
    # Besides the timer there is what else follows from words.
    await queue.drop(database, workspace_id, f"derivation/{workspace_id}/ann", "not of interest here")
    status = (await work.status(database, workspace_id)).overall
    assert (status.pending, status.in_progress, status.completed) == (0, 0, 3)
    await dream_timer.ring(database)
    assert await _asked(neo4j_server, workspace_id) == []

    wakes = await dream_timer.ring(database, due_at)

    key = f"dream/omni/{workspace_id}/ann/ann"
    ((found, detail, pending),) = await _asked(neo4j_server, workspace_id)
    assert (found, pending) == (key, 1) and key in {wake.key for wake in wakes}
    assert dreams.asked_of(str(detail)) == dreams.Asked(kind="omni", session_id="s2")
    assert await _timer(neo4j_server, workspace_id) is None


async def test_what_is_said_later_puts_the_dream_off_also_when_nothing_follows_from_it(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    await _say(database, workspace_id, 1, 2, 3)
    first = await _timer(neo4j_server, workspace_id)
    assert first is not None
    waiting = await say(database, workspace_id, "s", _fact(4))

    # Said, but not reasoned over yet.
    assert await dream_timer.ring(database, first) == []
    assert await _timer(neo4j_server, workspace_id) == first
    held = await work.lease(database, f"reasoning/{workspace_id}/s/ann", 60)
    assert held is not None
    nothing = work.Effect(cursor=waiting[-1].seq, messages=1, tokens=5, run=None, conclusions=(), ripeness=RIPE)
    assert not await work.commit(database, held, nothing, 60)

    later = await _timer(neo4j_server, workspace_id)
    assert later is not None and later > first
    await dream_timer.ring(database, first)
    assert await _asked(neo4j_server, workspace_id) == []


async def test_a_dream_needs_rest_before_it_and_conclusions_since_the_last(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    await _say(database, workspace_id, 1, 2, 3)
    await _dreamt(database, workspace_id, datetime.now(UTC))
    assert await _timer(neo4j_server, workspace_id) is None, "a timer that ran has had its dream"

    await _say(database, workspace_id, 4, 5, 6)
    assert await _timer(neo4j_server, workspace_id) is None, "the last one is not long ago"
    # As if all that was ten hours ago, and the last dream just before the newest two.
    await _aged(neo4j_server, workspace_id, 10 * HOUR)
    newest = "MATCH (c:Held {workspace_id: $w}) RETURN c.created_at ORDER BY c.created_at DESC SKIP 2 LIMIT 1"
    await _dreamt(database, workspace_id, _native((await rows(neo4j_server, newest, w=workspace_id))[0][0]))
    await tell(database, workspace_id, _fact(7, observers=()), ripeness=RIPE)
    assert await _timer(neo4j_server, workspace_id) is None, "two are too few"
    await _say(database, workspace_id, 8)
    assert await _timer(neo4j_server, workspace_id) is not None

    ((count,),) = await rows(
        neo4j_server, "MATCH (:Peer {workspace_id: $w})-[v:VIEWS]->() RETURN v.dreamed_explicit", w=workspace_id
    )
    assert count == 4


async def _aged(server: Neo4jServer, workspace_id: str, by: timedelta) -> None:
    statement = "MATCH (c:Held {workspace_id: $w}) SET c.created_at = c.created_at - duration({seconds: $s})"
    await rows(server, statement, w=workspace_id, s=int(by.total_seconds()))


async def test_what_was_derived_does_not_count(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    derived = [
        Held(content=f"ann {number}", workspace_id=workspace_id, level="deductive", session_id=None)
        for number in range(5)
    ]
    await _say(database, workspace_id, 1)
    await hold(database, *derived)
    # Later than the last dream, as what is explicit.
    await _dreamt(database, workspace_id, NOON - HOUR)

    await _say(database, workspace_id, 2)

    assert await _timer(neo4j_server, workspace_id) is None


async def test_a_dream_that_waits_already_is_enough(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    await _say(database, workspace_id, 1)
    await dreams.schedule(database, workspace_id, "ann", "ann", dreams.Asked(kind="omni"))

    await _say(database, workspace_id, 2, 3, 4)

    assert await _timer(neo4j_server, workspace_id) is None


async def test_only_the_own_perspective_is_wound(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    await peers.get_or_create(database, workspace_id, "bob", metadata=None, configuration=None)
    await tell(database, workspace_id, *(_fact(number, observers=("ann", "bob")) for number in range(3)), ripeness=RIPE)

    statement = "MATCH (o:Peer {workspace_id: $w})-[v:VIEWS]->() WHERE v.dream_due_at IS NOT NULL RETURN o.id"
    assert await rows(neo4j_server, statement, w=workspace_id) == [["ann"]]


@pytest.mark.parametrize("level", ["workspace", "peer", "session"])
async def test_configuration_forbids_the_timer_and_stops_one_that_runs(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str, level: str
) -> None:
    await _say(database, workspace_id, 1, 2, 3)
    assert await _timer(neo4j_server, workspace_id) is not None
    await _forbid(database, workspace_id, level, {"dream": {"enabled": False}})

    await _say(database, workspace_id, 4)

    assert await _timer(neo4j_server, workspace_id) is None


async def _forbid(database: Database, workspace_id: str, level: str, off: Mapping[str, object]) -> None:
    if level == "workspace":
        await workspaces.upsert(database, workspace_id, metadata=None, configuration=dict(off))
    elif level == "peer":
        await peers.get_or_create(database, workspace_id, "ann", metadata=None, configuration=dict(off))
    else:
        await sessions.get_or_create(database, workspace_id, "s", SessionChange(configuration=dict(off)))


async def test_of_sweeps_that_ring_at_once_one_asks(
    database: Database, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    await _say(database, workspace_id, 1, 2, 3)
    due_at = await _timer(neo4j_server, workspace_id)
    assert due_at is not None

    await asyncio.gather(*(dream_timer.ring(database, due_at) for _ in range(4)))

    assert [pending for _, _, pending in await _asked(neo4j_server, workspace_id)] == [1]
