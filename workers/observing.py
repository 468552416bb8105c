"""Every attempt at a unit of work: its line in the log, its counters and its trace; and where the counters are read."""

# dramatiq leaves some of its signatures open.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import errno
import logging
import time
from collections.abc import Awaitable, Callable

import dramatiq
from dramatiq.middleware import Middleware
from prometheus_client import start_http_server

from app.metrics import KINDS, OTHER
from app.settings import Settings
from app.telemetry import logs
from app.telemetry.process import Telemetry
from app.telemetry.scene import Scene, current, opened
from graph.cause import caused_by
from graph.types import Lease
from workers.service import Service

_log = logging.getLogger(__name__)

#: Ports that are tried after the first one: as many processes can share a machine's address.
PORTS = 64


class Observing(Middleware):
    """Serves this process's metrics."""

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self._settings = settings.telemetry
        self._telemetry = telemetry

    def before_worker_boot(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Begin to serve the metrics, where a port is set."""
        if self._settings.worker_metrics_port:
            serve(self._settings.worker_metrics_host, self._settings.worker_metrics_port, self._telemetry)


def serve(host: str, first: int, telemetry: Telemetry) -> int | None:
    """Serve the metrics of this process on the first free port; the port, or None if all are taken.

    That costs the metrics and nothing else, so it is an error in the log.
    """
    for port in range(first, min(first + PORTS, 65536)):
        try:
            start_http_server(port, host, telemetry.metrics.registry)
        except OSError as fault:
            if fault.errno != errno.EADDRINUSE:
                _log.error("metrics cannot be served on %s, port %d: %s", host, port, fault.strerror)
                return None
        else:
            _log.info("metrics on %s, port %d", host, port)
            return port
    _log.error("metrics cannot be served: the ports from %d on are taken", first)
    return None


async def observed(service: Service, key: str, do: Callable[[Service, str], Awaitable[bool]]) -> bool:
    """Do a unit of work and tell of it, however it ends; what `do` returns.

    Args:
        service: what the unit is done with.
        key: of the unit.
        do: does it, and says with `noted` how it ends.
    """
    kind, _, rest = key.partition("/")
    kind = kind if kind in KINDS else OTHER
    workspace = rest.partition("/")[0]
    scene = Scene(telemetry=service.telemetry, purpose=kind, work_id=key, workspace=lambda: workspace)
    clock = time.perf_counter()
    about = {"doxa.work.kind": kind, "doxa.work.key": key, "doxa.workspace_id": workspace}
    with (
        opened(scene),
        service.telemetry.tracing.span(f"unit {kind}", kind="consumer", attributes=about) as span,
        caused_by(span.carried),
    ):
        try:
            return await do(service, key)
        except Exception:
            scene.outcome = "failed"
            raise
        finally:
            outcome, seconds = scene.outcome or "idle", time.perf_counter() - clock
            service.telemetry.metrics.unit_ended(kind, outcome, seconds)
            service.telemetry.metrics.connections(service.database.busy)
            span.link(scene.led_by)
            span.say({"doxa.work.outcome": outcome, "doxa.work.attempt": scene.attempt})
            if outcome in {"dead", "deferred"}:
                span.fail(outcome)
            _tell(kind, outcome, scene.attempt, seconds)


def noted(outcome: str, attempt: int | None = None) -> None:
    """Note how the unit at hand ends, as far as it is known: one of `app.metrics.OUTCOMES`; the last word counts."""
    scene = current()
    if scene is not None:
        scene.outcome = outcome
        scene.attempt = scene.attempt if attempt is None else attempt


def linked(held: Lease) -> None:
    """Note what led to what is taken up now: the span of the unit at hand links to it."""
    scene = current()
    if scene is not None:
        scene.led_by.extend(one for one in held.led_by if one not in scene.led_by)


async def stepped(step: Callable[[Service, Lease], Awaitable[bool]], service: Service, held: Lease) -> bool:
    """Run a step over one batch, and tell of it."""
    with service.telemetry.tracing.span(f"step {held.kind}", attributes={"doxa.work.kind": held.kind}):
        more = await step(service, held)
    service.telemetry.metrics.batch_done(held.kind)
    return more


def _tell(kind: str, outcome: str, attempt: int, seconds: float) -> None:
    # Wake-ups that find nothing to do are as common as those that do.
    level = logging.DEBUG if outcome == "idle" else logging.INFO
    ms = round(seconds * 1000, 1)
    told = logs.fields(kind=kind, outcome=outcome, attempt=attempt, ms=ms)
    _log.log(level, "%s %s, attempt %d, %.1f ms", kind, outcome, attempt, ms, extra=told)
