"""Traces that are sent to a collector by OpenTelemetry's own means and settings (`OTEL_…`).

No span holds the words of an exception: they may quote what users wrote.
"""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.telemetry.tracing import NO_ATTRIBUTES, Kind, Span, Tracing, Value

_KINDS: Mapping[Kind, trace.SpanKind] = {
    "server": trace.SpanKind.SERVER,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
    "client": trace.SpanKind.CLIENT,
    "internal": trace.SpanKind.INTERNAL,
}
_HEADER = "traceparent"
_PROPAGATOR = TraceContextTextMapPropagator()


class Recorded(Span):
    """A span that is sent when it has ended."""

    def __init__(self, inner: trace.Span) -> None:
        self._inner = inner

    def rename(self, name: str) -> None:
        """Call it otherwise."""
        self._inner.update_name(name)

    def say(self, attributes: Mapping[str, Value]) -> None:
        """Note what is known of it."""
        self._inner.set_attributes(attributes)

    def fail(self, kind: str) -> None:
        """Note that it failed."""
        self._inner.set_status(trace.Status(trace.StatusCode.ERROR))
        self._inner.set_attribute("error.type", kind)

    def link(self, traces: Sequence[str]) -> None:
        """Note what led to it."""
        for one in traces:
            if (linked := _remote(one)).is_valid:
                self._inner.add_link(linked)

    def end(self) -> None:
        """End it."""
        self._inner.end()

    @property
    def carried(self) -> str | None:
        """Its `traceparent`; None for one that the sampler leaves out."""
        if not self._inner.get_span_context().trace_flags.sampled:
            return None
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier, trace.set_span_in_context(self._inner))
        return carrier.get(_HEADER)


class Recording(Tracing):
    """Records spans and sends them in the background."""

    def __init__(self, exporter: SpanExporter, part: str) -> None:
        """Begin to record.

        Args:
            exporter: where spans go.
            part: which part of the service this process is, unless `OTEL_SERVICE_NAME` names it.
        """
        named = "OTEL_SERVICE_NAME" in os.environ or "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
        resource = Resource.create(None if named else {SERVICE_NAME: f"doxa-{part}"})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("doxa")

    @contextmanager
    def span(
        self,
        name: str,
        *,
        kind: Kind = "internal",
        attributes: Mapping[str, Value] = NO_ATTRIBUTES,
        parent: str | None = None,
    ) -> Generator[Span]:
        """A span around a block."""
        with self._tracer.start_as_current_span(
            name,
            context=None if parent is None else _PROPAGATOR.extract({_HEADER: parent}, context.get_current()),
            kind=_KINDS[kind],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as inner:
            span = Recorded(inner)
            try:
                yield span
            except BaseException as fault:
                span.fail(type(fault).__name__)
                raise

    def begin(self, name: str, *, kind: Kind, attributes: Mapping[str, Value] = NO_ATTRIBUTES) -> Span:
        """A span that outlives the block it is begun in."""
        return Recorded(self._tracer.start_span(name, kind=_KINDS[kind], attributes=attributes))

    def record(
        self,
        name: str,
        began: int,
        seconds: float,
        attributes: Mapping[str, Value] = NO_ATTRIBUTES,
        failure: str | None = None,
    ) -> None:
        """A span that is over already."""
        inner = self._tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=attributes, start_time=began)
        if failure is not None:
            Recorded(inner).fail(failure)
        inner.end(began + int(seconds * 1e9))

    def close(self) -> None:
        """Send what is left, and end."""
        self._provider.shutdown()


def recording(part: str) -> Recording:
    """Record spans for the collector that `OTEL_EXPORTER_OTLP_ENDPOINT` names."""
    return Recording(OTLPSpanExporter(), part)


def _remote(carried: str) -> trace.SpanContext:
    return trace.get_current_span(_PROPAGATOR.extract({_HEADER: carried}, context.Context())).get_span_context()
