"""What Redis forgot, the sweep finds: the database alone says what is due."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

import pytest
import redis

from app.engine.redis import RedisServer
from app.settings import load
from graph.ids import new_id
from tests.workers.conftest import Serve, key_of, tell
from workers.broker import QUEUE, Wakes, make_broker
from workers.sweep import QueueAway, sweep_once


def _queue(url: str, places: int) -> Wakes:
    return Wakes(make_broker(load({"REDIS_URL": url, "DOXA_REDIS_NAMESPACE": f"t-{new_id()}"})), places)


async def test_due_work_is_found_again_after_redis_was_emptied(
    serve: Serve, workspace_id: str, redis_server: RedisServer
) -> None:
    service = await serve()
    queue = _queue(redis_server.url, 100_000)
    await tell(service, workspace_id, "ann", "I like tea.")
    key = key_of(workspace_id, "ann")
    assert key in await sweep_once(service, queue)

    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()

    assert key in await sweep_once(service, queue)
    assert queue.room() < 100_000


async def test_the_sweep_holds_back_while_the_queue_is_full(
    serve: Serve, workspace_id: str, redis_server: RedisServer
) -> None:
    service = await serve()
    queue = _queue(redis_server.url, 2)
    for peer_id in ("ann", "bob", "cid"):
        await tell(service, workspace_id, peer_id, "I like tea.")

    assert len(await sweep_once(service, queue)) == 2
    assert await sweep_once(service, queue) == ()
    assert queue.room() == 0


async def test_redis_away_is_said_and_loses_nothing(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "I like tea.")

    with pytest.raises(QueueAway):
        await sweep_once(service, _queue("redis://127.0.0.1:1/0", 10))


def test_wake_ups_go_to_the_queue_that_workers_read() -> None:
    assert QUEUE in make_broker(load({})).get_declared_queues()
