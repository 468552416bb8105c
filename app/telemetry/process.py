"""All that one process counts and traces, and the hooks by which the layers below tell it what they do."""

from typing import TYPE_CHECKING

from app.metrics import Metrics
from app.settings import Settings
from app.telemetry.scene import current
from app.telemetry.tracing import Tracing

if TYPE_CHECKING:
    from graph.driver import Ran


class Telemetry:
    """The counters and traces of one process.

    Attributes:
        metrics: what is counted.
        tracing: begins spans.
    """

    def __init__(self, settings: Settings, part: str, tracing: Tracing | None = None) -> None:
        """Begin to count, and to trace where a collector is named.

        Args:
            settings: the deployment's.
            part: which part of the service this process is: `api` or `worker`.
            tracing: begins spans, instead of what the settings say.
        """
        self.metrics = Metrics(settings.redis.namespace, settings.llm.prices)
        self.tracing = tracing or _tracing(settings, part)

    def query_ran(self, ran: "Ran") -> None:
        """Take in that a query ran: the observer that `graph.driver.connect` is given."""
        self.metrics.query_ran(ran.name, ran.seconds, ran.failure)
        about = {"db.system.name": "neo4j", "db.query.name": ran.name}
        self.tracing.record(f"query {ran.name}", ran.began, ran.seconds, about, ran.failure)

    def close(self) -> None:
        """Send what is left."""
        self.tracing.close()


def at_hand() -> tuple[Telemetry | None, str]:
    """The telemetry of the scene that this task is in, and why models are called in it."""
    scene = current()
    return (None, "other") if scene is None else (scene.telemetry, scene.purpose)


def _tracing(settings: Settings, part: str) -> Tracing:
    if not settings.telemetry.traces:
        return Tracing()
    from app.telemetry.collector import recording  # noqa: PLC0415 -- OpenTelemetry is loaded only where it is used

    return recording(part)
