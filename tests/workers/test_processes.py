"""Workers as processes: told to stop, killed, and with a Redis that comes, is emptied, is full, is killed or away."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from app.engine.child import Child, Process, wait_until_ready
from app.engine.neo4j import Neo4jServer
from app.engine.ports import Reservations
from app.engine.reaper import new_marker
from app.engine.redis import RedisServer, redis_process, redis_url
from app.settings import RedisSettings
from app.wake import Waker
from graph.query import Predicate
from graph.store import conclusions
from graph.types import PageRequest, Wake
from tests.models.noting import noting
from tests.models.scripted import Hang, ScriptedServer
from tests.workers.conftest import Serve, key_of, tell, undone
from tests.workers.processes import working
from workers.service import Service

TEA = noting({"tea": "{subject} likes tea."})


@pytest.fixture
async def service(serve: Serve) -> AsyncGenerator[Service]:
    """The store, with nothing due that other tests have left."""
    service = await serve()
    await service.database.schema_statement("MATCH (w:Work) WHERE w.due_at IS NOT NULL SET w.due_at = null")
    yield service


async def until(check: Callable[[], Awaitable[bool]], what: str, seconds: float = 120.0) -> None:
    """Wait until `check` holds; the limit only ends a test that would never end."""
    try:
        async with asyncio.timeout(seconds):
            while not await check():
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"{what}: still not so after {seconds:.0f} s") from None


def remote(server: ScriptedServer, **more: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "DOXA_LLM_MODEL": "scripted", **more}


async def _done(service: Service, workspace_id: str) -> None:
    async def done() -> bool:
        return await undone(service, workspace_id) == 0

    await until(done, "all is reasoned over")


@pytest.mark.engine
@pytest.mark.parametrize("end", ["told to stop", "killed"])
async def test_what_a_worker_held_when_it_ended_is_done_once_by_another(
    end: str,
    service: Service,
    workspace_id: str,
    scripted: ScriptedServer,
    neo4j_server: Neo4jServer,
    redis_server: RedisServer,
    tmp_path: Path,
) -> None:
    scripted.script = TEA
    namespace = {"DOXA_REDIS_NAMESPACE": workspace_id}
    # Told to stop, it gives back: a lease of ten minutes could not have run out. Killed, its lease has to run out.
    lease = {"DOXA_LEASE_SECONDS": "600" if end == "told to stop" else "3"}
    settings = remote(scripted, **namespace, **lease, DOXA_DRAIN_SECONDS="0.5", DOXA_SWEEP_SECONDS="0.5")

    with working(neo4j_server, redis_server.url, tmp_path / "first.log", **settings) as first:
        scripted.script = lambda call: Hang()
        before = len(scripted.calls)
        await tell(service, workspace_id, "ann", "I like tea")
        await until(lambda: _later(len(scripted.calls) > before), "the first worker has asked the model")
        scripted.script = TEA
        with working(neo4j_server, redis_server.url, tmp_path / "second.log", **settings) as second:
            if end == "told to stop":
                assert await asyncio.to_thread(first.stop) == 0, first.log.read_text()
                assert "given back unfinished" in first.log.read_text()
            else:
                os.kill(first.child, signal.SIGKILL)
                # Its master ends with it, so that whoever looks after the master starts both again.
                assert await asyncio.to_thread(first.master.wait, 60) != 0
            await _done(service, workspace_id)
            assert second.master.poll() is None

    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest())
    assert [(one.content, one.times_derived) for one in page.items] == [("ann likes tea.", 1)]


async def _later(value: bool) -> bool:
    return value


@pytest.mark.engine
async def test_a_worker_works_without_redis_and_listens_to_it_whenever_it_is_back(
    service: Service, workspace_id: str, neo4j_server: Neo4jServer, tmp_path: Path
) -> None:
    port = Reservations(tmp_path).take("redis", 0)
    process = redis_process(tmp_path / "redis", tmp_path / "logs", port, "secret", os.environ)
    url = redis_url(port, "secret")
    settings = RedisSettings(url=url, namespace=workspace_id)
    # It sweeps when it starts and then never again: whatever it does later, a wake-up told it.
    sweep = {"DOXA_REDIS_NAMESPACE": workspace_id, "DOXA_SWEEP_SECONDS": "3600"}
    await tell(service, workspace_id, "ann", "I like tea.")

    with working(neo4j_server, url, tmp_path / "worker.log", **sweep) as worker:
        await _done(service, workspace_id)

        marker = new_marker(tmp_path)
        with valkey(process, marker):
            await _woken_until_done(service, settings, "bob")
        await asyncio.sleep(4)
        with valkey(process, marker):
            await _woken_until_done(service, settings, "cid")
            with redis.Redis.from_url(url) as client:
                client.flushall()
                await _woken_until_done(service, settings, "dan")
                # A Redis that is full refuses, while a wake-up for later waits in the worker.
                await _wake(settings, "nobody", 60)
                await asyncio.sleep(3)
                client.config_set("maxmemory", "1")
                await asyncio.sleep(5)
                client.config_set("maxmemory", "0")
            await _woken_until_done(service, settings, "eve", 1)
        assert worker.master.poll() is None
        # With Redis away it still ends when it is told to, by itself.
        assert await asyncio.to_thread(worker.stop) == 0, worker.log.read_text()


@contextmanager
def valkey(process: Process, marker: str) -> Generator[None]:
    """A Valkey that is killed when the block ends."""
    child = Child(process, marker)
    try:
        wait_until_ready(child)
        yield
    finally:
        child.kill()


async def _woken_until_done(service: Service, settings: RedisSettings, peer_id: str, seconds: float = 0) -> None:
    """Let a peer of the workspace that the namespace is named after say something, and wake the workers once for it."""
    await tell(service, settings.namespace, peer_id, "I live in Porto.")
    await _wake(settings, peer_id, seconds)
    await _done(service, settings.namespace)


async def _wake(settings: RedisSettings, peer_id: str, seconds: float) -> None:
    waker = Waker(settings)
    waker.wake([Wake(key_of(settings.namespace, peer_id), datetime.now(UTC) + timedelta(seconds=seconds))])
    await waker.close()
