"""Whose turn it is, is for the database to say: workspaces take turns, and Redis decides nothing."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pytest

from app.settings import RedisSettings
from app.wake import Waker
from graph.driver import Transaction
from graph.ids import new_id
from graph.queries import work as queries
from graph.store import queue, turns, work
from graph.types import Unit, Wake
from tests.models.noting import noting
from tests.models.scripted import Hang, ScriptedServer
from tests.workers.conftest import Serve, key_of, tell, undone
from workers.crew import Crew
from workers.service import Service
from workers.unit import TURN_BATCHES, do

TEA = noting({"tea": "{subject} likes tea."})
NOWHERE = RedisSettings(url="redis://127.0.0.1:1/0")


class Noted(Waker):
    """A waker that keeps what it is told, and has no Redis to tell it to."""

    def __init__(self) -> None:
        super().__init__(NOWHERE)
        self.told: list[Wake] = []

    def wake(self, wakes: Iterable[Wake]) -> None:
        self.told += wakes


async def _ask(service: Service, workspace_id: str, count: int, *, wait_seconds: float = 0.0) -> Sequence[Wake]:
    """Ask for units that end as soon as they are looked at: the sessions that they name are in no scope."""
    units = [
        Unit(
            key=f"scope/{workspace_id}/none/{number:04}",
            kind="scope",
            session_id=f"s{number}",
            observer_id="scope.none",
            wait_seconds=wait_seconds,
        )
        for number in range(count)
    ]

    async def request(tx: Transaction) -> list[Wake]:
        return await work.request(tx, workspace_id, units)

    return await service.database.write(request)


async def test_one_unit_of_a_quiet_workspace_waits_for_one_turn_of_a_noisy_one(serve: Serve) -> None:
    service = await serve(DOXA_REASONING_BATCH_MESSAGES="1")
    prefix = f"w-{new_id()}"
    noisy, quiet = f"{prefix}-a", f"{prefix}-b"
    await _ask(service, noisy, 300)
    # More batches than a turn has, waiting longer than anything of the quiet workspace.
    await tell(service, noisy, "ann", *(f"I like tea {number}." for number in range(3 * TURN_BATCHES)))
    await service.database.schema_statement(
        "MATCH (w:Work {key: $key}) SET w.due_at = datetime('2020-01-01T00:00:00Z')", {"key": key_of(noisy, "ann")}
    )
    await tell(service, quiet, "bob", "I live in Porto.")
    crew = Crew(service, 1, Noted(), after=prefix)

    assert await crew.turn() == key_of(noisy, "ann")
    done = (await work.status(service.database, noisy)).overall.completed
    assert done == TURN_BATCHES, "a unit with more to do gives others their turn"

    assert await crew.turn() == key_of(quiet, "bob")
    assert await undone(service, quiet) == 0
    assert await undone(service, noisy) == 2 * TURN_BATCHES


async def test_workspaces_take_turns_and_each_one_s_longest_waiting_unit_comes_first(serve: Serve) -> None:
    service = await serve()
    prefix = f"w-{new_id()}"
    names = [f"{prefix}-{letter}" for letter in "abc"]
    for name, count in zip(names, (5, 1, 3), strict=True):
        await _ask(service, name, count)

    found = [turn for turn in await turns.next_due(service.database, names[0], each=3) if prefix in turn.workspace_id]

    order = [(turn.workspace_id[-1], turn.key[-4:]) for turn in found]
    assert order[:2] == [("b", "0000"), ("c", "0000")]
    assert [key for name, key in order if name == "c"] == ["0000", "0001", "0002"]


async def test_whose_turn_it_is_costs_the_same_however_much_one_workspace_has_waiting(serve: Serve) -> None:
    service = await serve()

    async def touched(count: int) -> int:
        workspace_id = f"w-{new_id()}"
        await _ask(service, workspace_id, count)
        wanted = queries.Turns(after=workspace_id[:-1], workspaces=1, each=8, now=datetime.now(UTC))
        return await service.database.profile(queries.TURNS, wanted)

    few, many = await touched(20), await touched(600)
    assert many <= few + 5, (few, many)


async def test_more_workspaces_that_wait_for_later_than_are_visited_hide_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = await serve()
    monkeypatch.setattr(turns, "_VISITS", 1)
    prefix = f"w-{new_id()}"
    for number in range(20):
        await _ask(service, f"{prefix}-{number:02}", 1, wait_seconds=3600)
    await _ask(service, f"{prefix}-99", 1)
    await service.database.schema_statement(
        "MATCH (w:Work {workspace_id: $id}) SET w.due_at = datetime('2020-01-01T00:00:00Z')", {"id": f"{prefix}-99"}
    )

    found = await turns.next_due(service.database, prefix)

    assert [turn.key for turn in found][:1] == [f"scope/{prefix}-99/none/0000"]


async def test_a_crew_does_what_is_due_without_redis(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    for peer_id in ("ann", "bob", "cid"):
        await tell(service, workspace_id, peer_id, "I like tea.")
    crew = Crew(service, 2, Waker(NOWHERE), after=workspace_id[:-1])

    while await undone(service, workspace_id):
        await crew.muster()
        await asyncio.sleep(0.05)
    await crew.stop(10)

    assert await crew.muster() == ()


async def test_work_that_a_commit_asks_for_is_done_where_there_is_a_place_and_announced_where_there_is_none(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve()
    waker = Noted()
    crew = Crew(service, 2, waker)

    await _ask(service, workspace_id, 5)
    assert crew.free == 0
    assert len(waker.told) == 3
    await _ask(service, f"{workspace_id}-2", 1, wait_seconds=60)
    assert waker.told[3:] == [Wake(f"scope/{workspace_id}-2/none/0000", waker.told[-1].due_at)]
    await crew.stop(60)
    await _ask(service, f"{workspace_id}-3", 1)
    assert waker.told[-1].key == f"scope/{workspace_id}-3/none/0000"


async def test_a_step_without_an_end_is_ended_and_tried_again_with_its_reason(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    scripted.script = TEA
    remote = {"OPENAI_BASE_URL": scripted.url, "OPENAI_API_KEY": "k", "DOXA_LLM_MODEL": "scripted"}
    service = await serve(**remote, DOXA_STEP_SECONDS="0.5")
    scripted.script = lambda call: Hang()
    await tell(service, workspace_id, "ann", "I like tea")
    key = key_of(workspace_id, "ann")

    assert await do(service, key)

    unit = await queue.show(service.database, workspace_id, key)
    assert unit.last_error == "the step did not end within 0.5 s"
    assert (unit.state, unit.attempts, unit.strikes) == ("waiting", 1, 0)
    assert await undone(service, workspace_id) == 1


async def test_a_unit_whose_workers_die_one_after_the_other_is_given_up_with_its_reason(
    serve: Serve, workspace_id: str
) -> None:
    service = await serve(DOXA_WORK_MAX_ATTEMPTS="2")
    await tell(service, workspace_id, "ann", "I like tea.")
    key = key_of(workspace_id, "ann")
    for _ in range(2):
        assert await work.lease(service.database, key, 0) is not None
        await asyncio.sleep(0.01)

    await do(service, key)

    unit = await queue.show(service.database, workspace_id, key)
    assert unit.state == "dead"
    assert unit.last_error == "2 workers or answers in a row have failed over it"
    assert await undone(service, workspace_id) == 1
    await tell(service, workspace_id, "ann", "I like jam.")
    await do(service, key)
    assert await undone(service, workspace_id) == 0, "new words give it all its attempts again"
