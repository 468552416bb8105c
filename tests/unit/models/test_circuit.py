"""The circuit opens after faults in a row, lets one call test the endpoint, and says how long it stays open."""

import asyncio
from collections.abc import Callable

import pytest

from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelTransient
from app.models.gate import Circuit, Gate, gate_of
from app.settings import CircuitSettings

SETTINGS = CircuitSettings(failures=3, seconds=10, longest_seconds=40)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("app.models.gate.monotonic", made)
    return made


def made() -> Gate:
    return Gate(Circuit("model m", SETTINGS), concurrency=2)


async def send(
    gate: Gate, fault: BaseException | None = None, excused: Callable[[ModelFault], bool] | None = None
) -> bool:
    """Make a call that ends so; whether it was let through."""
    sent = False
    try:
        async with gate.passing("call", excused):
            sent = True
            if fault is not None:
                raise fault
    except (ModelFault, asyncio.CancelledError):
        pass
    return sent


async def opened(clock: Clock) -> Gate:
    gate = made()
    for _ in range(3):
        assert await send(gate, ModelTransient("busy"))
    return gate


async def test_faults_in_a_row_open_it_and_the_time_left_is_told(clock: Clock) -> None:
    gate = await opened(clock)
    clock.now += 4
    with pytest.raises(ModelTransient, match="call: not sent, as 3 calls in a row failed: busy") as raised:
        async with gate.passing("call"):
            raise AssertionError("an open circuit let a call through")
    assert raised.value.retry_after == pytest.approx(6)
    assert gate.circuit.seconds_left == pytest.approx(6)


async def test_an_answer_between_faults_starts_the_count_anew(clock: Clock) -> None:
    gate = made()
    for fault in (ModelTransient("a"), ModelTransient("b"), None, ModelTransient("c"), ModelTransient("d")):
        assert await send(gate, fault)
    assert gate.circuit.seconds_left == 0


@pytest.mark.parametrize("fault", [ModelGarbage("no JSON"), ModelPermanent("no such key")])
async def test_what_shows_that_the_endpoint_is_there_does_not_open_it(clock: Clock, fault: ModelFault) -> None:
    gate = made()
    for _ in range(20):
        assert await send(gate, fault)


async def test_a_fault_of_the_request_s_form_does_not_count(clock: Clock) -> None:
    gate = made()
    for _ in range(20):
        assert await send(gate, ModelTransient("format"), lambda fault: True)


async def test_one_call_tests_and_the_pause_doubles_to_its_longest(clock: Clock) -> None:
    gate = await opened(clock)
    for pause in (10, 20, 40, 40, 40):
        assert gate.circuit.seconds_left == pytest.approx(pause)
        clock.now += pause - 0.5
        assert not await send(gate)
        clock.now += 0.5
        assert await send(gate, ModelTransient("still busy"))
    clock.now += 40
    assert await send(gate)
    for _ in range(2):
        assert await send(gate, ModelTransient("busy"))
    assert gate.circuit.seconds_left == 0, "an answer must forget what was before"


async def test_while_one_call_tests_no_other_is_sent(clock: Clock) -> None:
    gate = await opened(clock)
    clock.now += 10
    async with gate.passing("call"):
        assert not await send(gate)
        assert gate.circuit.seconds_left == 10
    assert await send(gate)


@pytest.mark.parametrize("fault", [asyncio.CancelledError(), ModelTransient("format")])
async def test_a_test_that_tells_nothing_leaves_the_next_call_to_test(clock: Clock, fault: BaseException) -> None:
    gate = await opened(clock)
    clock.now += 10
    assert await send(gate, fault, lambda fault: True)
    assert await send(gate)
    assert gate.circuit.seconds_left == 0


async def test_what_was_sent_before_it_opened_does_not_prolong_it(clock: Clock) -> None:
    gate = made()
    with pytest.raises(ModelTransient, match="late"):
        async with gate.passing("slow call"):
            for _ in range(3):
                assert await send(gate, ModelTransient("busy"))
            clock.now += 7
            raise ModelTransient("late")
    assert gate.circuit.seconds_left == pytest.approx(3)


@pytest.mark.parametrize(("asked", "pause"), [(None, 10), (5, 10), (25, 25), (3600, 40)])
async def test_the_pause_an_endpoint_asks_for_is_kept_up_to_the_longest(
    clock: Clock, asked: float | None, pause: float
) -> None:
    gate = made()
    for _ in range(3):
        await send(gate, ModelTransient("slow down", asked))
    assert gate.circuit.seconds_left == pytest.approx(pause)


async def test_a_call_that_waited_for_its_turn_is_not_sent_to_an_endpoint_that_failed_meanwhile(clock: Clock) -> None:
    gate = Gate(Circuit("model m", CircuitSettings(failures=1)), concurrency=1)
    sent: list[str] = []

    async def call(name: str) -> None:
        async with gate.passing(name):
            sent.append(name)
            await asyncio.sleep(0)
            raise ModelTransient("busy")

    faults = await asyncio.gather(*(call(name) for name in "abc"), return_exceptions=True)
    assert sent == ["a"]
    assert all(isinstance(fault, ModelTransient) for fault in faults)


async def test_all_who_call_one_model_share_a_gate_and_others_have_theirs() -> None:
    one = gate_of("http://a/v1", "m", 2, SETTINGS)
    assert gate_of("http://a/v1", "m", 9, SETTINGS) is one
    others = [gate_of("http://b/v1", "m", 2, SETTINGS), gate_of("http://a/v1", "n", 2, SETTINGS)]
    assert one not in others
    assert others[0] is not others[1]
