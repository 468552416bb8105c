"""Whatever is killed under a load, each acknowledged message is there once and was reasoned over once.

These are short forms of what `make chaos` does in full; `DOXA_CHAOS_SEED` repeats or varies them.
"""

import asyncio
import contextlib
import os
import time

import httpx
import pytest

from tests.chaos.emptying import emptying_redis
from tests.chaos.killing import part, restarts, stop_leader
from tests.chaos.model import SAID, conclude
from tests.chaos.running import Outcome, Stage, run
from tests.chaos.schedule import TARGETS, Scale, draw
from tests.models.scripted import Call, Reply

pytestmark = [pytest.mark.chaos, pytest.mark.engine, pytest.mark.timeout(900)]

SEED = int(os.environ.get("DOXA_CHAOS_SEED", "5"))


def test_the_same_seed_draws_the_same_run() -> None:
    scale = Scale(messages=500, clients=5, workspaces=2, kills=12)
    drawn = draw(SEED, scale)
    assert drawn == draw(SEED, scale)
    assert drawn != draw(SEED + 1, scale)
    assert drawn.messages == 500
    assert len({line.word for batch in drawn.batches for line in batch.lines}) == 500
    assert len({batch.key for batch in drawn.batches}) == len(drawn.batches)
    assert sorted(kill.target for kill in drawn.kills) == sorted(TARGETS * 2), "each is killed in turn"


async def test_nothing_is_lost_or_done_twice_when_each_part_is_killed_once(stage: Stage) -> None:
    scale = Scale(messages=400, clients=6, workspaces=2, kills=4)
    outcome = await run(stage, draw(SEED, scale, targets=("api", "child of workers", "redis", "neo4j")))
    show(outcome)
    assert outcome.verdict.faults == dict.fromkeys(outcome.verdict.faults, 0)
    assert outcome.verdict.messages == 400
    assert outcome.kills == {"api": 1, "child of workers": 1, "redis": 1, "neo4j": 1}
    # The workers' master ends when its child is killed. Nobody else ends because one that it needs is away.
    assert outcome.restarts == {"api": 1, "workers": 1, "redis": 1, "neo4j": 1}
    assert outcome.retries > 0, "no client noticed anything: nothing was tested"


async def test_nothing_is_lost_or_done_twice_when_redis_is_emptied_every_second(stage: Stage) -> None:
    emptied: list[float] = []
    schedule = draw(SEED, Scale(messages=400, clients=6, workspaces=2, kills=0), prefix="emptied")
    outcome = await run(stage, schedule, emptying_redis(stage.redis, emptied))
    show(outcome)
    assert outcome.verdict.faults == dict.fromkeys(outcome.verdict.faults, 0)
    assert outcome.verdict.messages == 400
    assert sum(0 < share < 1 for share in emptied) >= 2, "Redis was not emptied while there was a load"
    assert outcome.restarts == dict.fromkeys(outcome.restarts, 0)


async def test_nothing_is_lost_when_api_and_workers_are_asked_to_stop_under_load(stage: Stage) -> None:
    scale = Scale(messages=300, clients=6, workspaces=1, kills=4)
    schedule = draw(SEED, scale, targets=("stop api", "stop workers"), prefix="stopped")
    outcome = await run(stage, schedule)
    show(outcome)
    assert outcome.verdict.faults == dict.fromkeys(outcome.verdict.faults, 0)
    assert outcome.verdict.messages == 300
    assert outcome.restarts == {"api": 2, "workers": 2, "redis": 0, "neo4j": 0}


async def test_a_request_under_way_is_answered_when_the_api_is_asked_to_stop(stage: Stage) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(call: Call) -> Reply:
        loop.call_soon_threadsafe(asked.set)
        time.sleep(3.0)
        return conclude(call)

    async with httpx.AsyncClient(base_url=stage.url, timeout=60) as http:
        await until_ready(http)
        base = "/v3/workspaces/asked"
        (await http.post(f"{base}/peers", json={"id": "ana"})).raise_for_status()
        before = restarts(stage.home)["api"]
        stage.model.script = slowly
        try:
            asking = asyncio.create_task(http.post(f"{base}/peers/ana/chat", json={"query": "What does ana keep?"}))
            async with asyncio.timeout(60):
                await asked.wait()
            assert stop_leader(part(stage.home, "api").pid or 0)
            answer = await asking
        finally:
            stage.model.script = conclude
        assert (answer.status_code, answer.json().get("content")) == (200, SAID)
        async with asyncio.timeout(60):
            while restarts(stage.home)["api"] == before:
                await asyncio.sleep(0.1)
        await until_ready(http)


async def until_ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await http.get("/ready")).status_code == 200:
                    return
            await asyncio.sleep(0.1)


def show(outcome: Outcome) -> None:
    """Print the figures: pytest shows them when the test fails, or with `-s`."""
    print("\n" + "\n".join(outcome.lines))
