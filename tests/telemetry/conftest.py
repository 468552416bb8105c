"""API and workers as processes of their own, which log, count and trace; everything that goes wrong goes wrong once."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import neo4j
import pytest
from msgspec import Struct

from app import keys
from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.keys import Caller
from graph.ids import new_id
from tests.api.conftest import ROOT, serve, wait_until_ready
from tests.live import eventually
from tests.models.scripted import Call, Fail, Reply, Say, ScriptedServer
from tests.telemetry.collecting import Collector, collecting
from tests.workers.hooked import Answer, listening

#: What users and models say in these tests: it may be in no line of a log, in no metric and in no span.
SAID = "CANARYtext"
#: Secrets of the deployment and of callers: likewise, and in no answer either.
SECRETS = {
    "OPENAI_API_KEY": "CANARYkeyOfTheModel",
    "AUTH_JWT_SECRET": "CANARYsecretThatSignsKeysLongEnough",
    "WEBHOOK_SECRET": "CANARYsecretThatSignsEvents",
}
WRONG_KEY = "CANARYwrongKey"
ADDRESS_PASSWORD = "CANARYpasswordInAnAddress"
CANARY = "CANARY"

MODEL = "scripted-1"
#: The trace that a caller says its message belongs to.
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
WORKSPACE = f"watched-{new_id()}"
#: Each of these peers' messages meets another fate.
PEERS = ("fine", "garbled", "refused")


class Watched(Struct, frozen=True):
    """What ran, and what it left behind.

    Attributes:
        answers: bodies and headers of all answers of the API.
        request_ids: that it gave or took over, by what was asked for.
    """

    api_log: Path
    workers_log: Path
    api_metrics: str
    workers_metrics: str
    collector: Collector
    answers: list[str]
    request_ids: dict[str, str]

    @property
    def logs(self) -> str:
        return self.api_log.read_text() + self.workers_log.read_text()


def script(call: Call) -> Reply:
    """A model that is fine with one peer, talks rubbish about the second, and cannot be used for the third."""
    said = " ".join(str(turn["content"]) for turn in call.turns)
    if '"subject":"garbled"' in said:
        return Say('{"propositions": "' + SAID + '", "' + SAID + '": 1}')
    if '"subject":"refused"' in said or "Where does refused live" in said:
        return Fail(400, f"messages[1] is too long: {said[-200:]} for key {SECRETS['OPENAI_API_KEY']}")
    if call.format != "json_schema":
        return Say(f"An answer with {SAID}")
    return Say({"ready": True} if "ready" in str(call.body["response_format"]) else {"propositions": []})


@pytest.fixture(scope="session")
async def watched(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        metrics_port = probe.getsockname()[1]
    with ScriptedServer(script) as model, collecting() as collector, listening() as hooked:
        hooked.answer = lambda event: Answer(500)
        environment = {
            "NEO4J_URI": neo4j_server.uri,
            "NEO4J_USERNAME": neo4j_server.user,
            "NEO4J_PASSWORD": neo4j_server.password,
            "REDIS_URL": redis_server.url,
            "DOXA_REDIS_NAMESPACE": "watched",
            "DOXA_HOME": str(folder),
            "DOXA_LOG_FORMAT": "json",
            "METRICS_ENABLED": "true",
            "DOXA_WORKER_METRICS_PORT": str(metrics_port),
            "DOXA_LLM_PRICES": f"{MODEL}=1000/5000",
            "DOXA_SWEEP_SECONDS": "3600",
            "DOXA_WORK_MAX_ATTEMPTS": "1",
            "DOXA_WEBHOOK_MAX_ATTEMPTS": "1",
            "DOXA_WEBHOOK_ALLOW_PRIVATE": "true",
            "DOXA_REASONING_WAIT_SECONDS": "0",
            "AUTH_USE_AUTH": "true",
            "OPENAI_BASE_URL": model.url.replace("//", f"//user:{ADDRESS_PASSWORD}@"),
            "DOXA_LLM_MODEL": MODEL,
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            **SECRETS,
        }
        leave_nothing_due(neo4j_server)
        api = serve(environment, folder / "api.log")
        with workers(environment, folder / "workers.log"):
            try:
                wait_until_ready(api)
                scraped = f"http://127.0.0.1:{metrics_port}/metrics"
                running = Watched(
                    folder / "api.log", folder / "workers.log", f"{api.url}/metrics", scraped, collector, [], {}
                )
                hook = hooked.url.replace("//", f"//user:{ADDRESS_PASSWORD}@")
                await misuse(running, api.url, hook)
                yield running
            finally:
                api.process.terminate()
                api.process.wait(30)


def leave_nothing_due(server: Neo4jServer) -> None:
    """What other tests left to be done would be done here, and counted."""
    key = (server.user, server.password)
    with neo4j.GraphDatabase.driver(server.uri, auth=key) as driver:  # pyright: ignore[reportUnknownMemberType] -- the driver leaves some signatures open
        driver.execute_query("MATCH (w:Work) WHERE w.due_at IS NOT NULL SET w.due_at = null")


@contextmanager
def workers(environment: dict[str, str], log: Path) -> Generator[None]:
    """A worker process under Dramatiq's master, until the block ends."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DOXA_", "NEO4J_", "OPENAI_"))}
    command = [sys.executable, "-P", "-m", "dramatiq", "--processes", "1", "--threads", "4", "workers.main:set_up"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**inherited, "PYTHONPATH": str(ROOT), **environment}, stdout=output, stderr=output
        )
    try:
        eventually(lambda: "ready to reason" in log.read_text(), "the workers are not ready")
        yield
    finally:
        process.terminate()
        process.wait(60)


async def misuse(running: Watched, url: str, hook: str) -> None:
    """Use the service well and badly, and wait until the workers have dealt with all of it."""
    key = keys.mint(SECRETS["AUTH_JWT_SECRET"], Caller(admin=True))
    base = f"/v3/workspaces/{WORKSPACE}"
    async with httpx.AsyncClient(base_url=url, timeout=60, headers={"Authorization": f"Bearer {key}"}) as client:

        async def ask(what: str, method: str, path: str, **more: object) -> httpx.Response:
            answer = await client.request(method, path, **more)  # pyright: ignore[reportArgumentType]
            running.answers.append(f"{answer.headers} {answer.text}")
            running.request_ids[what] = answer.headers["x-request-id"]
            return answer

        made = await ask("hook", "POST", "/v3/workspaces", json={"id": WORKSPACE})
        assert made.is_success, made.text
        assert (await ask("hook", "POST", f"{base}/webhooks", json={"url": hook})).status_code == 201
        # Workers would find the events that they themselves announce by the sweep alone, so one is asked for.
        assert (await ask("event", "GET", f"{base}/webhooks/test")).is_success
        said = [{"peer_id": peer, "content": f"I am {peer} and live in {SAID}."} for peer in PEERS]
        headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Request-Id": "a.caller-1"}
        posted = await ask("said", "POST", f"{base}/sessions/s/messages", json={"messages": said}, headers=headers)
        assert posted.status_code == 201, posted.text
        wrong = {"Authorization": f"Bearer {WRONG_KEY}", "X-Request-Id": f"{SAID}\n{{}}".encode().hex() * 9}
        assert (await ask("wrong key", "GET", f"{base}/webhooks", headers=wrong)).status_code == 401
        bad = await ask("bad body", "POST", f"{base}/sessions/s/messages", json={"messages": [{"content": SAID * 3}]})
        assert bad.status_code == 422
        assert not (await ask("bad json", "POST", f"{base}/peers", content=f'{{"id": "{SAID}'.encode())).is_success
        assert (await ask("unknown", "GET", f"/v3/{SAID}/{SAID}", params={"q": SAID})).status_code == 404
        await ask("search", "POST", f"{base}/search", json={"query": SAID}, params={"limit": SAID})
        for peer, status in (("fine", 200), ("refused", 500)):
            question = {"query": f"Where does {peer} live, {SAID}?", "stream": False}
            answer = await ask(f"chat {peer}", "POST", f"{base}/peers/{peer}/chat", json=question)
            assert answer.status_code == status, answer.text
    ended: Callable[[], bool] = lambda: all(  # noqa: E731
        f"{kind} {outcome}, attempt 1" in running.workers_log.read_text()
        for kind, outcome in (("reasoning", "done"), ("reasoning", "dead"), ("embedding", "done"), ("webhook", "dead"))
    )
    await asyncio.to_thread(eventually, ended, "the work is not done")
    await asyncio.to_thread(
        eventually, lambda: running.workers_log.read_text().count("reasoning dead, attempt 1") == 2, "not all is done"
    )
