"""What the engine tells while it works: plain data, so that a console, a pipe or a test can listen."""

from collections.abc import Callable

from msgspec import Struct


class Began(Struct, frozen=True, tag="began"):
    """A stage has begun; `text` says what is being done."""

    stage: str
    text: str


class Finished(Struct, frozen=True, tag="finished"):
    """A stage has ended well after `seconds`."""

    stage: str
    text: str
    seconds: float


class Fetched(Struct, frozen=True, tag="fetched"):
    """Progress of the fetch: `done` of `total` jars, `received` bytes so far."""

    done: int
    total: int
    received: int


class Notice(Struct, frozen=True, tag="notice"):
    """Something worth a line: a part died, a part is back."""

    text: str


class Ready(Struct, frozen=True, tag="ready"):
    """Every part answers."""

    seconds: float


class Failed(Struct, frozen=True, tag="failed"):
    """The engine gives up; `text` is one line."""

    text: str


Event = Began | Finished | Fetched | Notice | Ready | Failed
Report = Callable[[Event], None]


def silent(event: Event) -> None:
    """A listener that does not care."""
