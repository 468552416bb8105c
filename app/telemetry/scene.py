"""What the task at hand is about: log lines, metrics and traces read it wherever they are made.

A request or a unit of work opens a scene; whatever runs inside, in this task or in those it starts, finds it there. So
nothing has to be handed down through the layers that only carry it.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.telemetry.process import Telemetry

#: Longest id or name that goes into a log line or a span.
LONGEST_NAME = 200


@dataclass
class Scene:
    """What one request or one unit of work is about.

    Attributes:
        telemetry: counts and traces what happens.
        purpose: why models are called, of a closed set: a kind of work, or `dialectic`.
        request_id: of the request, or None.
        work_id: key of the unit, or None.
        workspace: finds the workspace's name, which a request knows only once it is routed.
        outcome: how the unit ended, as far as it is known.
        attempt: which attempt of the unit this is.
        led_by: `traceparent`s of what led to the unit.
    """

    telemetry: "Telemetry | None" = None
    purpose: str = "other"
    request_id: str | None = None
    work_id: str | None = None
    workspace: Callable[[], str | None] = lambda: None
    outcome: str | None = None
    attempt: int = 0
    led_by: list[str] = field(default_factory=list[str])

    def named(self) -> dict[str, str]:
        """The ids that a log line or a span carries, those that are known."""
        known = {"request_id": self.request_id, "work_id": self.work_id, "workspace_id": self.workspace()}
        return {name: value[:LONGEST_NAME] for name, value in known.items() if value}


_scene: ContextVar[Scene | None] = ContextVar("scene", default=None)


def current() -> Scene | None:
    """The scene of this task, or None outside of any."""
    return _scene.get()


@contextmanager
def opened(scene: Scene) -> Generator[Scene]:
    """Make a scene the one of this task while the block runs."""
    token = _scene.set(scene)
    try:
        yield scene
    finally:
        _scene.reset(token)
