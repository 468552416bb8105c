"""The way to one model behind one endpoint, shared by all who call it from one process.

A gate lets so many calls through at once, and none while the endpoint keeps failing:

===========  ==============================================================================================
circuit      what happens to a call
===========  ==============================================================================================
closed       goes through; so many passing faults in a row open the circuit
open         fails at once, with the time left as `retry_after`
half open    the time is over: one call goes through. Its answer closes the circuit, its fault opens it for
             twice as long; meanwhile the others fail at once
===========  ==============================================================================================

An answer that cannot be used, or a refusal, shows that the endpoint is there: only `ModelTransient` itself opens.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from weakref import WeakKeyDictionary, WeakValueDictionary

from app.models.faults import ModelFault, ModelGarbage, ModelTransient
from app.settings.models import CircuitSettings

_log = logging.getLogger(__name__)


class Circuit:
    """Counts passing faults in a row, and says whether a call may go through."""

    def __init__(self, name: str, settings: CircuitSettings) -> None:
        self.name = name
        self._settings = settings
        self._faults = 0
        self._pause = 0.0
        self._until: float | None = None
        self._testing = False
        self._reason = ""

    @property
    def seconds_left(self) -> float:
        """Seconds until a call may go through; 0 while they may."""
        if self._until is None:
            return 0.0
        left = self._until - monotonic()
        return left if left > 0 else (self._settings.seconds if self._testing else 0.0)

    def enter(self, call: str) -> bool:
        """Let a call through, or raise.

        Returns:
            whether it is the one that tests an endpoint that has failed.

        Raises:
            ModelTransient: none may go through now.
        """
        left = self.seconds_left
        if left > 0:
            held = ModelTransient(f"{call}: not sent, as {self._faults} calls in a row failed: {self._reason}", left)
            held.sent = False
            raise held
        self._testing = self._until is not None
        return self._testing

    def answered(self) -> None:
        """The endpoint did its part."""
        if self._until is not None:
            _log.warning("%s: answers again", self.name)
        self._faults, self._pause, self._until, self._testing = 0, 0.0, None, False

    def failed(self, fault: ModelTransient, *, testing: bool) -> None:
        """The endpoint could not be used; `testing` is what `enter` returned for this call."""
        self._faults += 1
        self._reason = str(fault)
        if testing:
            self._testing = False
        elif self._until is not None or self._faults < self._settings.failures:
            # A call that was sent before the circuit opened says nothing new.
            return
        self._pause = min(self._settings.longest_seconds, self._pause * 2 or self._settings.seconds)
        pause = min(self._settings.longest_seconds, max(self._pause, fault.retry_after or 0.0))
        self._until = monotonic() + pause
        _log.warning("%s: left alone for %.0f s after %d faults in a row", self.name, pause, self._faults)

    def undecided(self, *, testing: bool) -> None:
        """The call ended without telling anything: the next one tests instead."""
        if testing:
            self._testing = False


class Gate:
    """Bounds the calls that are under way, and holds the circuit."""

    def __init__(self, circuit: Circuit, concurrency: int) -> None:
        self.circuit = circuit
        self._slots = asyncio.Semaphore(concurrency)

    @asynccontextmanager
    async def passing(self, call: str, excused: Callable[[ModelFault], bool] | None = None) -> AsyncGenerator[None]:
        """Hold one of the slots during a call, and let its end count.

        Args:
            call: what is being asked, for the message of a fault.
            excused: whether a fault speaks of the request's form instead of the endpoint's health.

        Raises:
            ModelTransient: the circuit is open; the call must not be made.
        """
        async with self._slots:
            # After the wait for a slot: whoever held it may have opened the circuit.
            testing = self.circuit.enter(call)
            try:
                yield
            except ModelFault as fault:
                if excused is not None and excused(fault):
                    self.circuit.undecided(testing=testing)
                elif isinstance(fault, ModelTransient) and not isinstance(fault, ModelGarbage):
                    self.circuit.failed(fault, testing=testing)
                else:
                    self.circuit.answered()
                raise
            except BaseException:
                self.circuit.undecided(testing=testing)
                raise
            else:
                self.circuit.answered()


#: Slots belong to an event loop. A gate is there as long as somebody calls through it.
_GATES: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[tuple[str, str], Gate]] = WeakKeyDictionary()


def gate_of(url: str, model: str, concurrency: int, settings: CircuitSettings) -> Gate:
    """The gate of a model behind an endpoint in the running event loop; the first who asks says how wide it is."""
    gates = _GATES.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    gate = gates.get((url, model))
    if gate is None:
        gate = gates[url, model] = Gate(Circuit(f"model {model}", settings), concurrency)
    return gate
