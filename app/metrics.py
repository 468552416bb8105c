"""What the service counts about itself, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest

#: Anybody can send any verb and any path: what is none of ours is counted together.
VERBS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
OTHER = "other"

#: Seconds. Reading takes milliseconds, a chat with a language model up to minutes.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """The counters of one process, in a registry of their own.

    Args:
        namespace: what the deployment is called, on every sample.
    """

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "api_requests",
            "Requests that were answered.",
            ("namespace", "method", "endpoint", "status_code"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "api_request_duration_seconds",
            "Seconds from a request's arrival to the end of its answer.",
            ("namespace", "method", "endpoint"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._messages = Counter(
            "messages_created", "Messages that were stored.", ("namespace",), registry=self._registry
        )
        self._dialectic = Counter(
            "dialectic_calls",
            "Chats that were answered.",
            ("namespace", "reasoning_level"),
            registry=self._registry,
        )
        # From the start, so that a rate over the first minutes is right.
        self._messages.labels(namespace)

    def request_answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request.

        Args:
            method: its verb.
            route: the template of its path, such as `/v3/workspaces/{workspace_id}`.
            status: of the answer.
            seconds: that it took.
        """
        verb = method if method in VERBS else OTHER
        self._requests.labels(self._namespace, verb, route, str(status)).inc()
        self._seconds.labels(self._namespace, verb, route).observe(seconds)

    def messages_stored(self, number: int) -> None:
        """Count messages that were stored."""
        self._messages.labels(self._namespace).inc(number)

    def dialectic_called(self, reasoning_level: str) -> None:
        """Count a chat; its reasoning level is one of the closed set that the API takes."""
        self._dialectic.labels(self._namespace, reasoning_level).inc()

    def text(self) -> bytes:
        """All of it in the text format of Prometheus."""
        return generate_latest(self._registry)
