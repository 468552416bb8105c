"""Traces as the rest of the service sees them. By itself nothing is recorded; `app.telemetry.collector` records."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

#: What attributes of spans may be: names, numbers, never what users wrote.
Value = str | int | float | bool
Kind = Literal["server", "producer", "consumer", "client", "internal"]

NO_ATTRIBUTES: Mapping[str, Value] = {}


class Span:
    """Something that takes time and is under way; this one is not recorded."""

    def rename(self, name: str) -> None:
        """Call it otherwise, once more is known."""

    def say(self, attributes: Mapping[str, Value]) -> None:
        """Note what is known of it."""

    def fail(self, kind: str) -> None:
        """Note that it failed, with the kind of the fault alone."""

    def link(self, traces: Sequence[str]) -> None:
        """Note what led to it, by `traceparent`s."""

    def end(self) -> None:
        """End it, if it was begun with `Tracing.begin`."""

    @property
    def carried(self) -> str | None:
        """What tells another process of it (a W3C `traceparent`); None where nothing is recorded."""
        return None


class Tracing:
    """Begins spans; this one records none of them."""

    @contextmanager
    def span(
        self,
        name: str,
        *,
        kind: Kind = "internal",
        attributes: Mapping[str, Value] = NO_ATTRIBUTES,
        parent: str | None = None,
    ) -> Generator[Span]:
        """A span around a block; what is begun inside is its child.

        Args:
            name: from a closed set.
            kind: what it is to other processes.
            attributes: what is known of it.
            parent: `traceparent` of what it is a part of, in another process.
        """
        yield Span()

    def begin(self, name: str, *, kind: Kind, attributes: Mapping[str, Value] = NO_ATTRIBUTES) -> Span:
        """A span that outlives the block it is begun in; whoever began it ends it."""
        return Span()

    def record(
        self,
        name: str,
        began: int,
        seconds: float,
        attributes: Mapping[str, Value] = NO_ATTRIBUTES,
        failure: str | None = None,
    ) -> None:
        """A span that is over already.

        Args:
            name: from a closed set.
            began: nanoseconds since 1970.
            seconds: that it took.
            attributes: what is known of it.
            failure: the kind of the fault, if it failed.
        """

    def close(self) -> None:
        """Send what is left."""
