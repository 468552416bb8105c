"""What the writes of this task are done for: units of work that they make pending keep the trace that led to them.

Whoever traces says so around what it does; the graph only keeps what it is told, so that who does the work can link to
it, in whichever process and however much later. Where nothing is traced nothing is kept.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)


@contextmanager
def caused_by(traceparent: str | None) -> Generator[None]:
    """Make a trace the one that leads to what this task writes while the block runs.

    Args:
        traceparent: names it as W3C has it; None where nothing is recorded.
    """
    token = _traceparent.set(traceparent)
    try:
        yield
    finally:
        _traceparent.reset(token)


def led_by() -> Sequence[str]:
    """The trace that leads to what this task writes, for the parameter `led_by` of a query; or none."""
    traceparent = _traceparent.get()
    return () if traceparent is None else (traceparent,)
