"""One trace from a request through the wake-up to the work that it led to."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.settings import RedisSettings, load
from app.telemetry.collector import Recording
from app.telemetry.process import Telemetry
from app.telemetry.tracing import Tracing
from app.wake import Waker
from graph.cause import caused_by
from graph.ids import new_id
from graph.store import work
from graph.types import Lease, Unit
from tests.api.conftest import serving
from tests.graph.looking import rows
from tests.live import eventually
from tests.models.conftest import scripted as scripted
from tests.models.scripted import Say, ScriptedServer
from tests.telemetry.collecting import collecting
from tests.telemetry.conftest import CANARY, MODEL, PEERS, TRACE, WORKSPACE, Watched
from tests.workers.conftest import key_of, tell, undone
from workers.crew import Crew
from workers.observing import observed
from workers.service import Service, open_service
from workers.steps import STEPS
from workers.steps.reasoning import reason_over_batch
from workers.unit import do

NOWHERE = RedisSettings(url="redis://127.0.0.1:1/0")


def test_a_callers_trace_is_seen_in_the_api_and_linked_from_the_work(watched: Watched) -> None:
    collector = watched.collector
    reasoning = [f"reasoning/{WORKSPACE}/s/{peer}" for peer in PEERS]
    eventually(
        lambda: len([one for one in collector.named("unit reasoning") if TRACE in one.links]) == len(PEERS),
        "not every unit is linked to the trace that led to it",
    )
    eventually(lambda: [one for one in collector.named("POST ") if one.trace == TRACE] != [], "no request was traced")
    (request,) = [one for one in collector.named("POST ") if one.trace == TRACE]
    assert request.name == "POST /v3/workspaces/{workspace_id}/sessions/{session_id}/messages"
    assert request.service == "doxa-api"
    woken = [one for one in collector.named("wake-up") if one.trace == TRACE]
    assert {one.parent for one in woken} == {request.id}
    about = " ".join(str(one.attributes) for one in woken)
    assert [key for key in reasoning if key not in about] == []
    queries = [one for one in collector.named("query messages/append") if one.trace == TRACE]
    assert [one.parent for one in queries] == [request.id]
    units = [one for one in collector.named("unit reasoning") if TRACE in one.links]
    assert {one.service for one in units} == {"doxa-worker"}
    for unit in units:
        inside = {one.name for one in collector.spans if one.trace == unit.trace}
        assert {"step reasoning", "model call", "query work/lease"} <= inside
    assert len([one for one in units if one.failed]) == 2


def test_no_span_holds_what_was_said_or_a_secret(watched: Watched) -> None:
    assert watched.collector.bodies
    assert [body for body in watched.collector.bodies if CANARY.encode() in body] == []


async def test_a_unit_holds_its_step_and_that_its_queries_model_calls_and_embeddings(
    neo4j_server: Neo4jServer, scripted: ScriptedServer
) -> None:
    workspace = f"w-{new_id()}"
    environment = {"NEO4J_URI": neo4j_server.uri, "NEO4J_USERNAME": neo4j_server.user}
    environment |= {"NEO4J_PASSWORD": neo4j_server.password, "OPENAI_BASE_URL": scripted.url, "DOXA_LLM_MODEL": MODEL}
    scripted.script = lambda call: Say(
        {"ready": True} if "ready" in str(call.body["response_format"]) else {"propositions": []}
    )
    settings = load(environment)
    exporter = InMemorySpanExporter()
    service = await open_service(settings, Telemetry(settings, "worker", Recording(exporter, "worker")))
    await tell(service, workspace, "ana", "I live in Lisbon.")
    await observed(service, key_of(workspace, "ana"), do)
    await observed(service, f"embedding/{workspace}/s", do)
    await service.close()

    spans = exporter.get_finished_spans()
    ids = {span.context.span_id: span for span in spans if span.context is not None}

    def above(name: str, unit: str) -> list[str]:
        """The names of what a span of this name lies in, in the unit's trace, the nearest first."""
        (top,) = [span for span in spans if span.name == unit]
        found = next(
            span for span in spans if span.name == name and span.context and top.context
            and span.context.trace_id == top.context.trace_id
        )  # fmt: skip
        names: list[str] = []
        while found.parent is not None:
            found = ids[found.parent.span_id]
            names.append(found.name)
        return names

    assert above("model call", "unit reasoning") == ["step reasoning", "unit reasoning"]
    assert above("query work/pending", "unit reasoning") == ["step reasoning", "unit reasoning"]
    assert above("query work/lease", "unit reasoning") == ["unit reasoning"]
    assert above("embedding", "unit embedding") == ["step embedding", "unit embedding"]
    called = next(span for span in spans if span.name == "model call" and span.parent is not None)
    assert dict(called.attributes or {}) == {
        "gen_ai.request.model": MODEL,
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        "doxa.model.tier": "json_schema",
        "doxa.model.purpose": "reasoning",
    }
    assert not [span for span in spans if "Lisbon" in span.to_json()]


def test_without_a_collector_nothing_is_recorded() -> None:
    off = Telemetry(load({}), "api").tracing
    assert type(off) is Tracing
    with off.span("anything") as span:
        assert span.carried is None


async def test_a_unit_links_to_the_request_whichever_process_does_it_and_a_second_turn_does_not(
    neo4j_server: Neo4jServer,
) -> None:
    workspace = f"w-{new_id()}"
    key = key_of(workspace, "ana")
    asked, told_by_redis = await recorded(neo4j_server)
    other, came_first = await recorded(neo4j_server)
    with requested(asked, 1):
        await tell(asked, workspace, "ana", "I live in Lisbon.")

    assert await observed(other, key, do)
    assert not await observed(asked, key, do)
    await tell(asked, workspace, "ana", "I like tea.")
    assert await observed(asked, key, do)

    await asked.close()
    await other.close()
    assert links(came_first, key) == [[1]]
    assert links(told_by_redis, key) == [[], []]


async def test_what_the_sweep_finds_links_to_the_request_with_redis_away(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path: Path
) -> None:
    workspace = f"w-{new_id()}"
    path = f"/v3/workspaces/{workspace}/sessions/s/messages"
    said = {"messages": [{"peer_id": "ana", "content": "I live in Lisbon."}]}
    with collecting() as collector:
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "DOXA_REASONING_WAIT_SECONDS": "0"}
        with serving(neo4j_server, redis_server, tmp_path, REDIS_URL=NOWHERE.url, **traced) as api:
            headers = {"traceparent": traceparent(2)}
            assert httpx.post(api.url + path, json=said, headers=headers, timeout=60).status_code == 201
        (request,) = [one for one in collector.named("POST ") if one.trace == f"{2:032x}"]
        woken = [one for one in collector.named("wake-up") if one.parent == request.id]
        assert woken and all(one.failed for one in woken)
    service, exporter = await recorded(neo4j_server)
    crew = Crew(service, 2, Waker(NOWHERE), after=workspace[:-1])

    while await undone(service, workspace):
        await crew.muster()
        await asyncio.sleep(0.05)
    await crew.stop(10)

    await service.close()
    (turn,) = units(exporter, key_of(workspace, "ana"))
    assert [(link.context.trace_id, f"{link.context.span_id:016x}") for link in turn.links] == [(2, request.id)]


async def test_a_turn_links_to_the_newest_16_of_more_requests(neo4j_server: Neo4jServer) -> None:
    workspace = f"w-{new_id()}"
    service, exporter = await recorded(neo4j_server)
    for number in range(1, 21):
        with requested(service, number):
            await tell(service, workspace, "ana", f"I have {number} cats.")

    await observed(service, key_of(workspace, "ana"), do)

    await service.close()
    assert links(exporter, key_of(workspace, "ana")) == [list(range(5, 21))]


async def test_a_turn_links_to_what_is_asked_for_while_it_lasts(neo4j_server: Neo4jServer) -> None:
    workspace = f"w-{new_id()}"
    key = key_of(workspace, "ana")
    service, exporter = await recorded(neo4j_server)
    with requested(service, 1):
        await tell(service, workspace, "ana", "I live in Lisbon.")
    late = iter((2, 3))

    async def meanwhile(service: Service, held: Lease) -> bool:
        if number := next(late, None):
            with requested(service, number):
                await tell(service, workspace, "ana", f"I have {number} cats.")
        return await reason_over_batch(service, held)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("workers.unit.STEPS", {**STEPS, "reasoning": meanwhile})
        await observed(service, key, do)
    assert await undone(service, workspace) == 0
    await tell(service, workspace, "ana", "I like tea.")
    await observed(service, key, do)

    await service.close()
    assert links(exporter, key) == [[1, 2, 3], []]


async def test_a_unit_that_another_asked_for_has_a_trace_of_its_own_and_links_to_that_one(
    neo4j_server: Neo4jServer,
) -> None:
    workspace = f"w-{new_id()}"
    service, exporter = await recorded(neo4j_server)
    crew = Crew(service, 1, Waker(NOWHERE), after=workspace[:-1])
    first, then = (f"scope/{workspace}/none/{name}" for name in ("first", "then"))

    async def ask(service: Service, key: str) -> bool:
        unit = Unit(key=then, kind="scope", session_id="s", observer_id="scope.none")
        await service.database.write(lambda tx: work.request(tx, workspace, [unit]))
        return True

    await observed(service, first, ask)
    while not crew.free:
        await asyncio.sleep(0.05)
    await crew.stop(10)

    await service.close()
    (asking,), (asked,) = units(exporter, first), units(exporter, then)
    assert asked.parent is None
    assert asking.context and [link.context.trace_id for link in asked.links] == [asking.context.trace_id]


async def test_without_traces_or_with_a_request_that_is_not_sampled_nothing_is_kept(
    neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = f"w-{new_id()}"
    settings = load(settings_of(neo4j_server))
    untraced = await open_service(settings, Telemetry(settings, "api"))
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    unsampled, _ = await recorded(neo4j_server)
    traced = "MATCH (w:Work {workspace_id: $id}) RETURN w.kind, 'led_by' IN keys(w) ORDER BY w.kind"

    for service in (untraced, unsampled):
        with service.telemetry.tracing.span("POST", kind="server") as span, caused_by(span.carried):
            await tell(service, workspace, "ana", "I live in Lisbon.")
        assert await rows(neo4j_server, traced, id=workspace) == [["embedding", False], ["reasoning", False]]
    monkeypatch.delenv("OTEL_TRACES_SAMPLER")
    sampled, _ = await recorded(neo4j_server)
    with requested(sampled, 1):
        await tell(sampled, workspace, "ana", "I like tea.")
    assert await rows(neo4j_server, traced, id=workspace) == [["embedding", True], ["reasoning", True]]

    for service in (untraced, unsampled, sampled):
        await service.close()


def settings_of(server: Neo4jServer) -> dict[str, str]:
    return {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}


async def recorded(server: Neo4jServer) -> tuple[Service, InMemorySpanExporter]:
    """A service that reasons by rules, and what it exports, complete once it is closed."""
    settings = load(settings_of(server))
    exporter = InMemorySpanExporter()
    return await open_service(settings, Telemetry(settings, "worker", Recording(exporter, "worker"))), exporter


def traceparent(trace: int) -> str:
    return f"00-{trace:032x}-00f067aa0ba902b7-01"


@contextmanager
def requested(service: Service, trace: int) -> Generator[None]:
    """A request that belongs to a caller's trace, as the API serves it."""
    tracing = service.telemetry.tracing
    with tracing.span("POST", kind="server", parent=traceparent(trace)) as span, caused_by(span.carried):
        yield


def units(exporter: InMemorySpanExporter, key: str) -> list[ReadableSpan]:
    """The turns of a unit, in order."""
    return [span for span in exporter.get_finished_spans() if (span.attributes or {}).get("doxa.work.key") == key]


def links(exporter: InMemorySpanExporter, key: str) -> list[list[int]]:
    """The traces that each turn of a unit links to."""
    return [[link.context.trace_id for link in span.links] for span in units(exporter, key)]
