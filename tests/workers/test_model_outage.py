"""A model's endpoint fails for ten minutes in each way there is: nothing is lost, nothing spins, and all is done after.

The ten minutes are played: between attempts the clock of the units and of the circuit is put forward, so the calls that
a real outage would cost are made, and only they. `--outage SECONDS` lets a real one pass as well.
"""

import asyncio
import time
from collections import Counter

import msgspec
import pytest

from app.engine.neo4j import Neo4jServer
from app.settings import CircuitSettings, load
from graph.query import Predicate
from graph.store import conclusions
from graph.types import Conclusion, PageRequest
from tests.graph.looking import rows
from tests.models.noting import noting
from tests.models.scripted import Endless, Fail, Hang, Raw, Reply, Say, Script, ScriptedServer
from tests.workers.conftest import Serve, key_of, tell, undone
from workers.service import Service
from workers.unit import BACKOFF_FIRST_SECONDS, BACKOFF_LAST_SECONDS, do

PEERS = tuple(f"peer{number}" for number in range(2))
OUTAGE_SECONDS = 600.0
THINGS = ("tea", "jazz", "chess")
NOTES = noting({thing: f"{{subject}} likes {thing}." for thing in THINGS})
WANTED = Counter(f"{peer} likes {thing}." for peer in PEERS for thing in THINGS)

CIRCUIT = load({}).llm.circuit


class Playing:
    """Time that passes when it is told to: units become due and the circuit's pause runs out so much sooner."""

    def __init__(
        self, service: Service, server: Neo4jServer, workspace_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._database = service.database
        self._server = server
        self._workspace_id = workspace_id
        self._skipped = 0.0
        self._began = time.monotonic()
        monkeypatch.setattr("app.models.gate.monotonic", lambda: time.monotonic() + self._skipped)

    @property
    def passed(self) -> float:
        return time.monotonic() - self._began + self._skipped

    async def wait(self, seconds: float) -> None:
        self._skipped += seconds
        await self._database.schema_statement(
            "MATCH (w:Work {workspace_id: $workspace_id}) WHERE w.due_at IS NOT NULL "
            "SET w.due_at = w.due_at - duration({milliseconds: $passed})",
            {"workspace_id": self._workspace_id, "passed": round(seconds * 1000)},
        )

    async def until_next(self) -> float | None:
        """Seconds until the first unit is due; None when none ever is."""
        statement = (
            "MATCH (w:Work {workspace_id: $workspace_id, kind: 'reasoning'}) RETURN min(w.due_at.epochMillis) - $now"
        )
        now = round(time.time() * 1000)
        ((pause,),) = await rows(self._server, statement, workspace_id=self._workspace_id, now=now)
        return None if pause is None else max(0.0, msgspec.convert(pause, int) / 1000)


class Real(Playing):
    """Time that passes by itself."""

    async def wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def live_through(service: Service, workspace_id: str, playing: Playing, seconds: float) -> int:
    """Do each unit whenever it is due, for so long; how often a unit was tried."""
    tried = 0
    end = playing.passed + seconds
    while True:
        pause = await playing.until_next()
        if pause is None or playing.passed + pause > end:
            await playing.wait(max(0.0, end - playing.passed))
            return tried
        await playing.wait(pause + 0.01)
        await asyncio.gather(*(do(service, key_of(workspace_id, peer)) for peer in PEERS))
        tried += 1


def most_calls_to_a_circuit(seconds: float, circuit: CircuitSettings) -> int:
    """Calls that faults cost at most: those that open it (more may be under way by then), then one a pause."""
    calls, passed, pause = circuit.failures + len(PEERS) - 1, 0.0, circuit.seconds
    while passed < seconds:
        calls, passed, pause = calls + 1, passed + pause, min(circuit.longest_seconds, pause * 2)
    return calls


def most_attempts(seconds: float) -> int:
    """Attempts of one unit at most: each pause at the lower end of its jitter."""
    attempts, passed = 1, 0.0
    while passed < seconds:
        passed += min(BACKOFF_LAST_SECONDS, BACKOFF_FIRST_SECONDS * 2 ** (attempts - 1)) / 2
        attempts += 1
    return attempts


def fixed(reply: Reply) -> Script:
    return lambda call: reply


#: What the endpoint does, whether that opens the circuit, and how many calls one attempt makes at most.
OUTAGES = [
    pytest.param(fixed(Fail(429)), True, 1, id="429"),
    pytest.param(fixed(Fail(429, headers={"retry-after": "45"})), True, 1, id="429 with Retry-After"),
    pytest.param(fixed(Fail(500)), True, 1, id="500"),
    pytest.param(fixed(Hang()), True, 1, id="nothing at all"),
    pytest.param(fixed(Endless(pause=0.05, chunk=b" ")), True, 1, id="an endless answer that drips"),
    pytest.param(fixed(Endless()), False, 1, id="an endless answer that pours"),
    pytest.param(fixed(Raw(b'{"choices": [{"message": {"con', declared=4000)), True, 1, id="half an answer"),
    pytest.param(fixed(Raw(b"<html>502</html>")), False, 1, id="a page of HTML"),
    pytest.param(fixed(Say("As an assistant, I cannot be bothered.")), False, 2, id="garbage"),
    pytest.param(fixed(Say('{"propositions": [{"text": "peer0 li')), False, 2, id="half a JSON"),
]


def _remote(server: ScriptedServer, **more: str) -> dict[str, str]:
    named = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "k", "DOXA_LLM_MODEL": "scripted"}
    return {**named, "DOXA_LLM_TIMEOUT_SECONDS": "0.3", **more}


@pytest.fixture
async def ready(serve: Serve, workspace_id: str, scripted: ScriptedServer) -> Serve:
    """Makes a service whose model has answered once, with messages that wait."""

    async def make(**more: str) -> Service:
        scripted.script = fixed(Say({"ready": True}))
        service = await serve(**_remote(scripted, **more))
        for peer in PEERS:
            await tell(service, workspace_id, peer, *(f"I like {thing}" for thing in THINGS))
        scripted.calls.clear()
        return service

    return make


async def _held(service: Service, workspace_id: str) -> list[Conclusion]:
    page = await conclusions.page(service.database, workspace_id, Predicate(), PageRequest(size=100))
    return list(page.items)


async def _heals(service: Service, workspace_id: str, scripted: ScriptedServer, playing: Playing) -> None:
    """With the endpoint back, everything is done, and once."""
    scripted.script = NOTES
    before = len(scripted.calls)
    await live_through(service, workspace_id, playing, 2 * BACKOFF_LAST_SECONDS)
    held = await _held(service, workspace_id)
    assert Counter(one.content for one in held) == WANTED
    assert {one.times_derived for one in held} == {1}
    assert await undone(service, workspace_id) == 0
    assert len(scripted.calls) - before == len(PEERS), "a batch was reasoned over twice"


@pytest.mark.parametrize(("outage", "opens", "calls"), OUTAGES)
async def test_ten_minutes_of_failure_lose_nothing_and_cost_few_calls(
    ready: Serve,
    workspace_id: str,
    scripted: ScriptedServer,
    neo4j_server: Neo4jServer,
    monkeypatch: pytest.MonkeyPatch,
    outage: Script,
    opens: bool,
    calls: int,
) -> None:
    service = await ready()
    playing = Playing(service, neo4j_server, workspace_id, monkeypatch)
    scripted.script = outage

    await live_through(service, workspace_id, playing, OUTAGE_SECONDS)

    attempts = most_attempts(OUTAGE_SECONDS) * len(PEERS)
    most = most_calls_to_a_circuit(OUTAGE_SECONDS, CIRCUIT) if opens else attempts * calls
    assert len(PEERS) < len(scripted.calls) <= most
    assert await _held(service, workspace_id) == []
    assert await undone(service, workspace_id) == len(PEERS) * len(THINGS)
    assert await playing.until_next() is not None, "a unit was given up for an outage"
    await _heals(service, workspace_id, scripted, playing)


@pytest.mark.parametrize(
    ("outage", "most"),
    [
        pytest.param(fixed(Fail(503)), None, id="away"),
        pytest.param(fixed(Raw(b"<html>")), 3, id="unusable"),
        pytest.param(fixed(Fail(401)), 1, id="refused"),
    ],
)
async def test_each_kind_of_failure_ends_where_it_should_and_can_be_taken_up_again(
    ready: Serve,
    workspace_id: str,
    scripted: ScriptedServer,
    neo4j_server: Neo4jServer,
    monkeypatch: pytest.MonkeyPatch,
    outage: Script,
    most: int | None,
) -> None:
    service = await ready(DOXA_WORK_MAX_ATTEMPTS="3")
    playing = Playing(service, neo4j_server, workspace_id, monkeypatch)
    scripted.script = outage

    await live_through(service, workspace_id, playing, 6 * OUTAGE_SECONDS)

    waits = await playing.until_next() is not None
    assert waits is (most is None)
    if most is not None:
        assert len(scripted.calls) == most * len(PEERS)
        statement = (
            "MATCH (w:Work {workspace_id: $workspace_id, kind: 'reasoning'}) RETURN w.dead_at IS NULL, w.attempts"
        )
        found = await rows(neo4j_server, statement, workspace_id=workspace_id)
        assert found == [[False, most]] * len(PEERS)
    assert await undone(service, workspace_id) == len(PEERS) * len(THINGS)
    for peer in PEERS:
        await tell(service, workspace_id, peer, "Hello again")
    await _heals(service, workspace_id, scripted, playing)


@pytest.mark.timeout(7200)
async def test_a_real_outage_costs_no_more_calls_than_a_played_one(
    ready: Serve,
    workspace_id: str,
    scripted: ScriptedServer,
    neo4j_server: Neo4jServer,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    seconds = float(request.config.getoption("--outage") or 3)
    service = await ready()
    real = Real(service, neo4j_server, workspace_id, monkeypatch)
    scripted.script = fixed(Hang())

    await live_through(service, workspace_id, real, seconds)

    most = most_calls_to_a_circuit(seconds, CIRCUIT)
    print(f"{len(scripted.calls)} calls in {seconds:.0f} s of outage, at most {most}")
    assert 0 < len(scripted.calls) <= most
    assert await undone(service, workspace_id) == len(PEERS) * len(THINGS)
    await _heals(service, workspace_id, scripted, Playing(service, neo4j_server, workspace_id, monkeypatch))
