"""Choosing and keeping ports on the loopback address.

A port is *reserved* by a lock file in the shared cache for as long as its engine runs, so two engines that start at
the same moment never pick the same one, and one that restarts a part does not lose its port to another. Free ports are
taken from below the range the kernel hands to outgoing connections, for the same reason.
"""

import fcntl
import random
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from msgspec import Struct

from app.engine.errors import PortFault

HOST = "127.0.0.1"
FREE_RANGE = range(20_000, 32_000)


class Port(Struct, frozen=True):
    """A port that some part needs."""

    name: str
    """What needs it, in words."""
    option: str
    """The command-line option that moves it."""
    variable: str
    """The environment variable that moves it."""
    default: int


PORTS: dict[str, Port] = {
    "api": Port("the API", "--api-port", "DOXA_API_PORT", 8000),
    "bolt": Port("Neo4j (Bolt)", "--bolt-port", "DOXA_BOLT_PORT", 7687),
    "http": Port("the Neo4j Browser", "--http-port", "DOXA_HTTP_PORT", 7474),
    "redis": Port("Redis", "--redis-port", "DOXA_REDIS_PORT", 6390),
}
#: Chosen anew at each start, where metrics are on: whoever reads them looks it up.
METRICS = Port("the workers' metrics", "DOXA_WORKER_METRICS_PORT", "DOXA_WORKER_METRICS_PORT", 0)


class Ports(Struct, frozen=True):
    """The four ports of one engine; 0 asks for a free one."""

    api: int = PORTS["api"].default
    bolt: int = PORTS["bolt"].default
    http: int = PORTS["http"].default
    redis: int = PORTS["redis"].default


FREE = Ports(0, 0, 0, 0)


def wanted_ports(given: Mapping[str, int | None], environment: Mapping[str, str]) -> Ports:
    """Ports from options (by key of `PORTS`), else from the environment, else the defaults.

    Raises:
        PortFault: a number is not a port.
    """
    return Ports(**{key: _wanted(port, given.get(key), environment) for key, port in PORTS.items()})


def _wanted(port: Port, given: int | None, environment: Mapping[str, str]) -> int:
    text = environment.get(port.variable, "").strip()
    source = port.option if given is not None else port.variable
    try:
        number = given if given is not None else int(text or port.default)
    except ValueError:
        number = -1
    if not 0 <= number <= 65_535:
        raise PortFault(f"{source} must be a port number from 0 (any free one) to 65535")
    return number


class Reservations:
    """Ports held by this process until `release` or its end."""

    def __init__(self, cache: Path) -> None:
        self._directory = cache / "ports"
        self._held: list[IO[str]] = []

    def take(self, key: str, number: int, before: int | None = None) -> int:
        """Reserve one port and return it.

        Args:
            key: which of `PORTS` it is for, or `workers` for the workers' metrics.
            number: the port, or 0 for a free one.
            before: the free port this home had last time; it is preferred, so that addresses stay.

        Raises:
            PortFault: the port is taken, or no free one is found.
        """
        if number:
            if not self._try(number):
                port = PORTS.get(key, METRICS)
                raise PortFault(
                    f"port {number} is taken, and {port.name} needs it: free it, or choose another with "
                    f"{port.option} (0 picks a free one)"
                )
            return number
        choices = random.Random()
        candidates = ([before] if before else []) + choices.sample(FREE_RANGE, 200)
        for candidate in candidates:
            if self._try(candidate):
                return candidate
        raise PortFault(f"no free port found for {PORTS.get(key, METRICS).name}")

    def release(self) -> None:
        """Give all ports back."""
        while self._held:
            self._held.pop().close()

    def _try(self, number: int) -> bool:
        self._directory.mkdir(parents=True, exist_ok=True)
        handle = (self._directory / str(number)).open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            return False
        if not is_free(number):
            handle.close()
            return False
        self._held.append(handle)
        return True


def is_free(number: int) -> bool:
    """Whether nothing listens on a loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose old connections linger in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError:
            return False
    return True
