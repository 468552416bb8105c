"""What a process counts about itself, for Prometheus.

Labels are of closed sets, or named by the deployment's own settings: nobody who calls can make the counters grow. No
label names a workspace, a key or anything that users wrote.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from app.settings import Price
from graph.types import WorkKind

#: Anybody can send any verb and any path: what is none of ours is counted together.
VERBS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})
OTHER = "other"

#: Seconds. Reading takes milliseconds, a chat with a language model up to minutes.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
#: Seconds of one query: fewer, as there is a set of them for each query.
QUERY_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

#: Statuses by which the service says that it takes no more now.
REFUSALS = frozenset({429, 503})

KINDS: tuple[str, ...] = get_args(WorkKind)
#: How a unit of work may end; `idle`: somebody else did it already, or it was not due.
OUTCOMES = ("done", "deferred", "dead", "lost", "returned", "failed", "idle")
PURPOSES = frozenset({*KINDS, "summary", "dialectic"})
#: The families of the API's own names that tokens are counted in beside, by purpose.
DIALECTIC, DREAM = "dialectic", "dream"


class Metrics:
    """The counters of one process, in a registry of their own.

    Args:
        namespace: what the deployment is called, on every sample.
        prices: what a million tokens cost, by model.
    """

    def __init__(self, namespace: str, prices: Mapping[str, Price] | None = None) -> None:
        self.registry = CollectorRegistry()
        self._namespace = namespace
        self._prices = prices or {}
        self._serving()
        self._working()
        self._calling()

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
        if status in REFUSALS:
            self._refused.labels(self._namespace, str(status)).inc()

    def messages_stored(self, number: int) -> None:
        """Count messages that were stored."""
        self._messages.labels(self._namespace).inc(number)

    def dialectic_called(self, reasoning_level: str) -> None:
        """Count a chat; its reasoning level is one of the closed set that the API takes."""
        self._dialectic.labels(self._namespace, reasoning_level).inc()

    def unit_ended(self, kind: str, outcome: str, seconds: float) -> None:
        """Count an attempt at a unit of work.

        Args:
            kind: of work.
            outcome: one of `OUTCOMES`.
            seconds: that it took.
        """
        kind = kind if kind in KINDS else OTHER
        self._outcomes.labels(self._namespace, kind, outcome).inc()
        if outcome != "idle":
            self._unit_seconds.labels(self._namespace, kind).observe(seconds)

    def batch_done(self, kind: str) -> None:
        """Count a batch of work that took effect."""
        self._processed.labels(self._namespace, kind if kind in KINDS else OTHER).inc()

    def model_called(self, model: str, purpose: str, outcome: str, seconds: float) -> None:
        """Count a call of a language model.

        Args:
            model: as the settings name it.
            purpose: a kind of work, `dialectic`, or whatever else counts as `other`.
            outcome: of a closed set.
            seconds: that it took.
        """
        purpose = purpose if purpose in PURPOSES else OTHER
        self._calls.labels(self._namespace, model, purpose, outcome).inc()
        self._call_seconds.labels(self._namespace, model, purpose).observe(seconds)

    def model_tokens(self, model: str, purpose: str, prompt: int, completion: int) -> None:
        """Count tokens that went into a model and came out, and what they cost where the price is known."""
        purpose = purpose if purpose in PURPOSES else OTHER
        for kind, number in (("input", prompt), ("output", completion)):
            self._tokens.labels(self._namespace, model, purpose, kind).inc(number)
            if purpose != OTHER:
                self._by_purpose.get(purpose, self._deriver).labels(self._namespace, kind).inc(number)
        price = self._prices.get(model)
        if price is not None:
            cost = (prompt * price.prompt + completion * price.completion) / 1e6
            self._cost.labels(self._namespace, model, purpose).inc(cost)

    @contextmanager
    def embedding(self) -> Generator[None]:
        """Count a call of the embedder as under way while the block runs."""
        with self._embedding.labels(self._namespace).track_inprogress():
            yield

    def embedded(self, use: str, texts: int, seconds: float, failure: str | None) -> None:
        """Count a call of the embedder.

        Args:
            use: `passages` or `query`.
            texts: how many were embedded.
            seconds: that it took.
            failure: None if it succeeded.
        """
        outcome = "done" if failure is None else "failed"
        self._embed_seconds.labels(self._namespace, use, outcome).observe(seconds)
        self._embed_texts.labels(self._namespace, use).inc(texts)

    def embedding_put_off(self) -> None:
        """Count messages that were to be embedded and have to wait, since others are being embedded."""
        self._shed.labels(self._namespace).inc()

    def query_ran(self, name: str, seconds: float, failure: str | None) -> None:
        """Count a query; its name is that of its file."""
        self._query_seconds.labels(self._namespace, name).observe(seconds)
        if failure is not None:
            self._query_failures.labels(self._namespace, name).inc()

    def woke(self, number: int, outcome: str) -> None:
        """Count wake-ups: `sent` or `failed`."""
        self._wakes.labels(self._namespace, outcome).inc(number)

    def connections(self, number: int) -> None:
        """Say how many connections to the database are in use."""
        self._connections.labels(self._namespace, "in_use").set(number)

    def text(self) -> bytes:
        """All of it in the text format of Prometheus."""
        return generate_latest(self.registry)

    def gauge(self, name: str, documentation: str, labels: Iterable[str] = ()) -> Gauge:
        """A further gauge of this registry; the namespace is its first label."""
        return Gauge(name, documentation, ("namespace", *labels), registry=self.registry)

    def _counter(self, name: str, documentation: str, *labels: str) -> Counter:
        return Counter(name, documentation, ("namespace", *labels), registry=self.registry)

    def _histogram(
        self, name: str, documentation: str, *labels: str, buckets: tuple[float, ...] = BUCKETS
    ) -> Histogram:
        return Histogram(name, documentation, ("namespace", *labels), buckets=buckets, registry=self.registry)

    def _serving(self) -> None:
        counter, histogram = self._counter, self._histogram
        self._requests = counter("api_requests", "Requests that were answered.", "method", "endpoint", "status_code")
        self._seconds = histogram(
            "api_request_duration_seconds", "Seconds from a request's arrival to the end of its answer.",
            "method", "endpoint",
        )  # fmt: skip
        self._refused = counter("doxa_requests_refused", "Requests refused since there is too much to do.", "status")
        self._messages = counter("messages_created", "Messages that were stored.")
        self._dialectic = counter("dialectic_calls", "Chats that were answered.", "reasoning_level")
        self._wakes = counter("doxa_wake_ups", "Wake-ups for workers, by whether Redis took them.", "outcome")
        # From the start, so that a rate over the first minutes is right.
        self._messages.labels(self._namespace)
        for status in REFUSALS:
            self._refused.labels(self._namespace, str(status))
        for outcome in ("sent", "failed"):
            self._wakes.labels(self._namespace, outcome)

    def _working(self) -> None:
        counter, histogram = self._counter, self._histogram
        self._outcomes = counter(
            "doxa_work_outcomes", "Attempts at units of work, by how they ended.", "kind", "outcome"
        )
        self._unit_seconds = histogram("doxa_work_seconds", "Seconds of one attempt at a unit of work.", "kind")
        self._processed = counter("deriver_queue_items_processed", "Batches of work that took effect.", "kind")
        for kind in KINDS:
            self._processed.labels(self._namespace, kind)
            for outcome in OUTCOMES:
                self._outcomes.labels(self._namespace, kind, outcome)

    def _calling(self) -> None:
        counter, histogram = self._counter, self._histogram
        self._calls = counter("doxa_model_calls", "Calls of language models.", "model", "purpose", "outcome")
        self._call_seconds = histogram("doxa_model_call_seconds", "Seconds of one such call.", "model", "purpose")
        self._tokens = counter("doxa_model_tokens", "Tokens of such calls.", "model", "purpose", "token_type")
        self._cost = counter(
            "doxa_model_cost", "What they cost, in the currency of DOXA_LLM_PRICES.", "model", "purpose"
        )
        self._deriver = counter("deriver_tokens_processed", "Tokens of models in background work.", "token_type")
        self._by_purpose = {
            DIALECTIC: counter("dialectic_tokens_processed", "Tokens of models in chats.", "token_type"),
            DREAM: counter("dreamer_tokens_processed", "Tokens of models in dreams.", "token_type"),
        }
        for family in (self._deriver, *self._by_purpose.values()):
            for kind in ("input", "output"):
                family.labels(self._namespace, kind)
        self._embed_seconds = histogram(
            "doxa_embedding_seconds", "Seconds of one call of the embedder.", "use", "outcome"
        )
        self._embed_texts = counter("doxa_embedding_texts", "Texts that were given to the embedder.", "use")
        self._embedding = self.gauge("embed_now_tasks_in_flight", "Calls of the embedder under way in this process.")
        self._embedding.labels(self._namespace)
        self._shed = counter("embed_now_tasks_shed", "Embedding that was put off, since others are being embedded.")
        self._shed.labels(self._namespace)
        self._query_seconds = histogram(
            "doxa_query_seconds", "Seconds of one run of a query.", "query", buckets=QUERY_BUCKETS
        )
        self._query_failures = counter("doxa_query_failures", "Runs of a query that failed.", "query")
        self._connections = self.gauge("db_pool_connections", "Connections to the database.", ("state",))
        self._connections.labels(self._namespace, "in_use")
