"""The service and the workers meet in Redis by names alone: both sides must say the same."""

# dramatiq leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

from datetime import UTC, datetime
from typing import get_args

from app import wake
from app.engine import service
from app.engine.redis import RedisServer
from app.settings import RedisSettings, load
from graph.ids import new_id
from graph.types import Wake, WorkKind
from workers import broker
from workers.steps import STEPS


def test_queue_and_actor_have_one_name_each() -> None:
    assert (wake.QUEUE, wake.ACTOR) == (broker.QUEUE, broker.ACTOR)


def test_the_engine_waits_for_the_words_that_the_worker_says() -> None:
    assert service.WORKERS_READY == broker.READY


def test_the_engine_waits_longer_than_a_worker_takes_to_stop() -> None:
    assert service.WORKERS_STOP_SECONDS > broker.STOP_SECONDS


def test_a_wake_up_of_the_service_is_one_that_the_workers_can_run(redis_server: RedisServer) -> None:
    settings = RedisSettings(url=redis_server.url, namespace=f"t-{new_id()}")
    sending = wake.connect(settings)
    wake.enqueue(sending, [Wake("reasoning/w/s/p", datetime.now(UTC))])

    receiving = broker.make_broker(load({"REDIS_URL": settings.url, "DOXA_REDIS_NAMESPACE": settings.namespace}))
    assert broker.QUEUE in receiving.get_declared_queues()
    consumer = receiving.consume(broker.QUEUE, timeout=1000)
    message = next(consumer)

    assert message is not None
    assert message.actor_name in receiving.actors
    assert tuple(message.args) == ("reasoning/w/s/p",)
    consumer.close()


def test_every_kind_of_work_has_a_step() -> None:
    assert set(STEPS) == set(get_args(WorkKind))
