"""How much work waits is read from the real database, seldom, and not at all while it is away."""

from collections.abc import AsyncGenerator

import pytest

from app.engine.neo4j import Neo4jServer
from app.metrics import Metrics
from app.settings import DatabaseSettings
from app.telemetry.queue import QueueGauges
from graph.driver import Database, Ran
from graph.ids import new_id
from graph.store import work
from graph.store.work import request
from graph.types import Unit


@pytest.fixture
def ran() -> list[Ran]:
    return []


@pytest.fixture
async def database(neo4j_server: Neo4jServer, ran: list[Ran]) -> AsyncGenerator[Database]:
    where = DatabaseSettings(uri=neo4j_server.uri, user=neo4j_server.user, password=neo4j_server.password)
    opened = where.connect(ran.append)
    yield opened
    await opened.close()


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, {"namespace": "t", **labels})


def states(metrics: Metrics) -> dict[str, float]:
    names = ("waiting", "later", "leased", "dead")
    return {name: sample(metrics, "doxa_queue_units", kind="dream", state=name) or 0.0 for name in names}


async def test_units_are_counted_by_kind_and_state_and_read_seldom(database: Database, ran: list[Ran]) -> None:
    before = Metrics("t")
    await QueueGauges(before, "t").refresh(database)
    workspace = f"w-{new_id()}"
    keys = [f"dream/{workspace}/a/{name}" for name in ("waiting", "leased", "dead", "later")]
    units = [Unit(key=key, kind="dream", wait_seconds=60 if key.endswith("later") else 0) for key in keys]
    await database.write(lambda tx: request(tx, workspace, units))
    held = await work.lease(database, keys[1], 60)
    dying = await work.lease(database, keys[2], 60)
    assert held is not None
    assert dying is not None
    await work.bury(database, dying, "it cannot be done")

    metrics, ran[:] = Metrics("t"), []
    gauges = QueueGauges(metrics, "t")
    for _ in range(3):
        await gauges.refresh(database)
    assert [one.name for one in ran] == ["backlog/live", "backlog/dead"]
    assert all(one.failure is None and one.seconds > 0 for one in ran)
    grown = {name: states(metrics)[name] - states(before)[name] for name in states(metrics)}
    assert grown == {"waiting": 1, "later": 1, "leased": 1, "dead": 1}
    assert (sample(metrics, "doxa_queue_oldest_seconds", kind="dream") or 0) > 0
    assert (sample(metrics, "doxa_queue_overdue_seconds", kind="dream") or 0) > 0
    assert sample(metrics, "doxa_queue_readable") == 1
    await work.release(database, held)


async def test_a_database_that_is_away_takes_only_these_numbers_away() -> None:
    metrics = Metrics("t")
    away = DatabaseSettings(uri="bolt://127.0.0.1:1", retry_seconds=0.1, acquire_seconds=0.1).connect()
    await QueueGauges(metrics, "t").refresh(away)
    await away.close()
    assert sample(metrics, "doxa_queue_readable") == 0
    assert sample(metrics, "doxa_queue_units", kind="dream", state="waiting") is None
    assert sample(metrics, "messages_created_total") == 0
