"""Whoever can write into Redis can say anything there: it changes nothing but the moment at which work is done."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

from pathlib import Path

import dramatiq
import pytest
import redis

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.settings import RedisSettings
from app.wake import ACTOR, QUEUE, connect
from graph.ids import new_id
from tests.graph.looking import rows
from tests.models.noting import noting
from tests.models.scripted import ScriptedServer
from tests.workers.conftest import Serve, tell, undone
from tests.workers.processes import working
from tests.workers.test_processes import remote, until
from workers.service import Service

#: What a wake-up should hold is one key.
FORGED: tuple[tuple[object, ...], ...] = (
    ("reasoning/no-such-workspace/s/ann",),
    ("deletion/workspace/' OR 1=1 //",),
    ("../../etc/passwd",),
    ("x" * 100_000,),
    (7,),
    (None,),
    ({"key": "reasoning"},),
    (),
    ("a", "b", "c"),
)

#: Units of work in the whole store.
UNITS = "MATCH (w:Work) RETURN w.key ORDER BY w.key"


@pytest.mark.engine
async def test_wake_ups_that_nobody_of_ours_sent_do_no_work_and_no_harm(
    serve: Serve,
    workspace_id: str,
    scripted: ScriptedServer,
    neo4j_server: Neo4jServer,
    redis_server: RedisServer,
    tmp_path: Path,
) -> None:
    service = await serve()
    await service.database.schema_statement("MATCH (w:Work) WHERE w.due_at IS NOT NULL SET w.due_at = null")
    scripted.script = noting({"tea": "{subject} likes tea."})
    namespace = f"forged-{new_id()}"
    server = redis.Redis.from_url(redis_server.url)
    broker = connect(RedisSettings(url=redis_server.url, namespace=namespace))
    await tell(service, workspace_id, "ann", "I like tea.")
    before = {str(key) for (key,) in await rows(neo4j_server, UNITS)}

    for arguments in FORGED:
        broker.enqueue(
            dramatiq.Message[object](queue_name=QUEUE, actor_name=ACTOR, args=arguments, kwargs={}, options={})
        )
    stranger = dramatiq.Message[object](queue_name=QUEUE, actor_name="nobody", args=("a",), kwargs={}, options={})
    broker.enqueue(stranger)
    for number, garbage in enumerate((b"\x80\x04cos\nsystem\n", b"{", b"[]", b"null")):
        server.hset(f"{namespace}:{QUEUE}.msgs", f"garbage-{number}", garbage)
        server.rpush(f"{namespace}:{QUEUE}", f"garbage-{number}")

    environment = remote(scripted, DOXA_REDIS_NAMESPACE=namespace)
    with working(neo4j_server, redis_server.url, tmp_path / "worker.log", **environment) as worker:
        await until(lambda: done(service, workspace_id), "the message is reasoned over")
        await tell(service, workspace_id, "ann", "I like tea a lot.")
        await until(lambda: done(service, workspace_id), "the worker goes on")
        assert worker.master.poll() is None

    # Nothing was made of what was forged: the units are those of the two messages.
    led_to = f"derivation/{workspace_id}/ann"
    units = {str(key) for (key,) in await rows(neo4j_server, UNITS)}
    # What the two messages led to themselves is forgotten once it is done, which it may be by now.
    assert units - {led_to} == before
    broker.client.close()


async def done(service: Service, workspace_id: str) -> bool:
    return await undone(service, workspace_id) == 0
