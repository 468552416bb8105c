"""One scenario, played both ways: with the client's plain methods, and with those under `.aio`."""

# The client is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

from honcho import Honcho
from msgspec import Struct

from graph.ids import new_id


class Way(Struct, frozen=True):
    """How a scenario calls the client.

    `await do(thing).method(...)` is `thing.method(...)`, or `await thing.aio.method(...)` on the asynchronous way.

    Attributes:
        url: address of the service.
        asynchronous: whether `.aio` is called wherever a thing has it.
    """

    url: str
    asynchronous: bool

    def __call__(self, thing: Any) -> "Hand":
        return Hand(thing.aio if self.asynchronous and hasattr(thing, "aio") else thing)

    def client(self, name: str) -> Honcho:
        """A client of a workspace that nobody else uses."""
        return Honcho(base_url=self.url, workspace_id=f"{name}-{new_id()}", max_retries=0)

    async def all(self, page: Any) -> list[Any]:
        """Every item of a page and of those after it, as the client's own iteration finds them."""
        if self.asynchronous:
            return [item async for item in page]
        return list(page)

    async def settled(self, honcho: Honcho, units: int = 1) -> None:
        """Wait until the service has nothing left to think about in this workspace."""
        deadline = time.monotonic() + 120
        while True:
            status = await self(honcho).queue_status()
            open_units = status.pending_work_units + status.in_progress_work_units
            if open_units == 0 and status.completed_work_units >= units:
                return
            assert time.monotonic() < deadline, f"still at work after 120 s: {status}"
            await asyncio.sleep(0.1)

    async def becomes(self, check: Callable[[], Awaitable[bool]], what: str, seconds: float = 120) -> None:
        """Wait until `check` holds; the limit only ends a test that would never end."""
        deadline = time.monotonic() + seconds
        while not await check():
            assert time.monotonic() < deadline, f"{what}: still not so after {seconds:.0f} s"
            await asyncio.sleep(0.1)


class Hand:
    """A thing of the client whose methods can all be awaited."""

    def __init__(self, thing: Any) -> None:
        self._thing = thing

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._thing, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            found = method(*args, **kwargs)
            return await found if inspect.isawaitable(found) else found

        return call
