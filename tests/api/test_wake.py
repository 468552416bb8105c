"""Wake-ups through a real Redis."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import redis
from dramatiq import MessageProxy
from dramatiq.common import dq_name

from app.engine.redis import RedisServer
from app.settings import RedisSettings
from app.wake import ACTOR, QUEUE, Waker, connect
from graph.ids import new_id
from graph.types import Wake


@pytest.fixture
def settings(redis_server: RedisServer) -> RedisSettings:
    return RedisSettings(url=redis_server.url, namespace=f"test-{new_id()}")


def received(settings: RedisSettings, queue: str) -> list[MessageProxy]:
    """What lies in a queue."""
    consumer = connect(settings).consume(queue, prefetch=100, timeout=100)
    found: list[MessageProxy] = []
    while (message := next(consumer)) is not None:
        found.append(message)
        consumer.ack(message)
    consumer.close()
    return found


async def test_a_fault_in_waking_never_reaches_who_has_written(
    settings: RedisSettings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Iterator[Wake]:
        yield Wake("first", datetime.now(UTC))
        raise RuntimeError("a defect")

    waker = Waker(settings)
    waker.wake(broken())
    waker.wake([Wake("second", datetime.now(UTC))])
    await waker.close()

    assert "a defect" in caplog.text
    found = await asyncio.to_thread(received, settings, QUEUE)
    assert "second" in {message.args[0] for message in found}


async def test_a_unit_that_is_due_is_named_at_once_and_another_when_it_is_due(settings: RedisSettings) -> None:
    now = datetime.now(UTC)
    waker = Waker(settings)

    waker.wake([Wake("now", now), Wake("later", now + timedelta(seconds=30))])
    await waker.close()

    (at_once,) = await asyncio.to_thread(received, settings, QUEUE)
    (delayed,) = await asyncio.to_thread(received, settings, dq_name(QUEUE))
    assert (at_once.actor_name, at_once.args, at_once.queue_name) == (ACTOR, ("now",), QUEUE)
    assert (delayed.actor_name, delayed.args) == (ACTOR, ("later",))
    due_in = delayed.options["eta"] / 1000 - now.timestamp()
    assert 29 <= due_in <= 31


async def test_a_unit_on_its_way_is_named_again_only_if_it_is_due_sooner(settings: RedisSettings) -> None:
    now = datetime.now(UTC)
    waker = Waker(settings)

    for seconds in (30, 40, 30, 10):
        waker.wake([Wake("unit", now + timedelta(seconds=seconds))])
        await asyncio.sleep(0.3)
    waker.wake([Wake("unit", now)])
    await waker.close()

    delayed = await asyncio.to_thread(received, settings, dq_name(QUEUE))
    at_once = await asyncio.to_thread(received, settings, QUEUE)
    etas = sorted(round(message.options["eta"] / 1000 - now.timestamp()) for message in delayed)
    assert etas == [10, 30]
    assert len(at_once) == 1


async def test_a_redis_that_is_away_makes_nobody_wait_and_one_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waker = Waker(RedisSettings(url="redis://127.0.0.1:1/0"))
    began = time.monotonic()

    for number in range(20):
        waker.wake([Wake(f"unit{number}", datetime.now(UTC))])
        await asyncio.sleep(0.02)
    waited = time.monotonic() - began
    await waker.close()

    assert waited < 10
    assert [record.levelname for record in caplog.records if record.name == "app.wake"] == ["WARNING"]


async def test_storing_a_message_names_its_unit(
    client: httpx.AsyncClient, base: str, workspace: str, redis_server: RedisServer
) -> None:
    address = urlsplit(redis_server.url)
    server = redis.Redis(
        host=address.hostname or "", port=address.port or 0, password=address.password, decode_responses=True
    )
    sent = await client.post(
        f"{base}/sessions/s/messages", json={"messages": [{"peer_id": "ana", "content": "Hello."}]}
    )
    assert sent.status_code == 201

    def named() -> bool:
        keys = [f"doxa:{dq_name(QUEUE)}.msgs", f"doxa:{QUEUE}.msgs"]
        return any(workspace in str(server.hgetall(key)) for key in keys)

    for _ in range(100):
        if await asyncio.to_thread(named):
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError("no wake-up names the unit")
    server.close()
