"""One whole run: an engine, a load, kills, and what is left when the dust has settled."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from msgspec import Struct

from app.engine import FREE, Home, Options, home_at, start
from app.engine.neo4j import Neo4jServer
from tests.chaos.judging import Verdict, judge
from tests.chaos.killing import Killer, restarts
from tests.chaos.load import Load
from tests.chaos.model import conclude
from tests.chaos.schedule import Schedule
from tests.graph.looking import rows
from tests.live import without_services
from tests.models.scripted import ScriptedServer

#: A part that died is started again after this at most: many kills are to fit into minutes.
RESTART_SECONDS = 2.0
#: How long the queue may take to become empty after the last message; it only ends a run that would never end.
DRAIN_SECONDS = 1200.0

_WAITING = """
MATCH (w:Work) WHERE w.workspace_id IN $workspaces AND w.due_at IS NOT NULL AND w.dead_at IS NULL RETURN count(w)
"""


class Stage(Struct, frozen=True):
    """An engine that runs with a scripted model."""

    home: Home
    url: str
    redis: str
    neo4j: Neo4jServer
    model: ScriptedServer


class Outcome(Struct, frozen=True, kw_only=True):
    """What a run came to, in figures."""

    seed: int
    verdict: Verdict
    kills: Mapping[str, int]
    hit_while_starting: int
    restarts: Mapping[str, int]
    requests: int
    retries: int
    answers: Mapping[int, int]
    reasons: Mapping[str, int]
    model_calls: int
    load_seconds: float
    drain_seconds: float

    @property
    def lines(self) -> list[str]:
        """The figures, one a line."""

        def listed(counts: Mapping[str, int] | Mapping[int, int]) -> str:
            return ", ".join(f"{name} {number}" for name, number in sorted(counts.items())) or "none"

        answers = {"no answer" if status == 0 else str(status): number for status, number in self.answers.items()}
        return [
            f"seed: {self.seed}",
            f"kills: {sum(self.kills.values())} ({listed(self.kills)}); {self.hit_while_starting} hit a part that was"
            " starting",
            f"started again: {listed(self.restarts)}",
            f"requests: {self.requests}, of them repeated: {self.retries}",
            f"answers: {listed(answers)}",
            *(f"  {number} x {reason}" for reason, number in sorted(self.reasons.items())),
            f"calls of the model: {self.model_calls}",
            f"seconds: {self.load_seconds:.0f} writing, {self.drain_seconds:.0f} until the queue was empty",
            f"messages acknowledged: {self.verdict.messages}",
            f"effects that they must have had: {self.verdict.effects}",
            *(f"{name}: {number}" for name, number in self.verdict.faults.items()),
            *(f"for example, {name}: {example}" for name, example in self.verdict.examples.items()),
        ]


@contextmanager
def staged(folder: Path, **more: str) -> Generator[Stage]:
    """An engine in a folder, on free ports, that reasons with the scripted model, for as long as the block runs."""
    with ScriptedServer(conclude) as model:
        environment = {
            **without_services(os.environ),
            "OPENAI_BASE_URL": model.url,
            "DOXA_LLM_MODEL": "scripted",
            "DOXA_LEASE_SECONDS": "10",
            "DOXA_DREAM_ENABLED": "false",
            **more,
        }
        home = home_at(folder / "home", environment)
        engine = start(home, Options(ports=FREE, restart_seconds=RESTART_SECONDS), environment=environment)
        try:
            status = engine.status()
            assert status.api is not None
            assert status.redis is not None
            assert status.neo4j is not None
            redis = status.redis.replace("://", f"://:{home.redis_password.read_text().strip()}@")
            password = home.neo4j_password.read_text().strip()
            neo4j = Neo4jServer(status.neo4j.uri, status.neo4j.user, password, "")
            yield Stage(home, status.api, redis, neo4j, model)
        finally:
            engine.stop()


async def run(stage: Stage, schedule: Schedule, meanwhile: Callable[[Load], Awaitable[None]] | None = None) -> Outcome:
    """Do a schedule: write and kill, wait until the queue is empty, judge.

    Args:
        stage: where.
        schedule: what.
        meanwhile: further mischief; it is cancelled when the queue is empty.
    """
    load, killer = Load(schedule, stage.url), Killer(stage.home, schedule)
    await load.set_up()
    calls = len(stage.model.calls)
    before = restarts(stage.home)
    began = time.monotonic()

    async def may_go_on(share: float) -> None:
        # Clients and kills keep step, so that there is load at every kill and nothing is killed when all is written.
        while killer.share < share - 0.02:
            await asyncio.sleep(0.1)

    mischief = asyncio.ensure_future(meanwhile(load)) if meanwhile else None
    async with asyncio.TaskGroup() as both:
        both.create_task(load.write(may_go_on))
        both.create_task(killer.kill_all(lambda: load.written / schedule.messages))
    written = time.monotonic()
    await settled(stage, schedule)
    if mischief is not None:
        mischief.cancel()
        await asyncio.wait((mischief,))
        assert mischief.cancelled() or mischief.exception() is None, repr(mischief.exception())
    drained = time.monotonic()
    verdict = await judge(stage.neo4j, load)
    after = restarts(stage.home)
    return Outcome(
        seed=schedule.seed,
        verdict=verdict,
        kills=Counter(killer.kills),
        hit_while_starting=killer.starting,
        restarts={name: after[name] - before[name] for name in after},
        requests=sum(load.answers.values()),
        retries=load.retries,
        answers=load.answers,
        reasons=load.reasons,
        model_calls=len(stage.model.calls) - calls,
        load_seconds=written - began,
        drain_seconds=drained - written,
    )


async def settled(stage: Stage, schedule: Schedule) -> None:
    """Wait until no unit of a run is due, with no hand laid on anything."""
    async with asyncio.timeout(DRAIN_SECONDS):
        while True:
            try:
                ((waiting,),) = await rows(stage.neo4j, _WAITING, workspaces=list(schedule.workspaces))
            except OSError:
                waiting = 1
            if cast("int", waiting) == 0:
                return
            await asyncio.sleep(0.5)
