"""Load on a running Doxa over HTTP, and what it took."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

import httpx
from msgspec import Struct

#: First-person statements, questions and chatter, in the mix that chats have; the numbers make each message its own.
SENTENCES = (
    "I moved to house number {n} in Lisbon last week.",
    "Did you see the game yesterday?",
    "My sister Eva has {n} apple trees in her garden.",
    "Haha, that is so true!",
    "I work as a nurse on ward {n} and I like my colleagues.",
    "Thanks, that helps a lot.",
    "I don't eat meat, and I cook for {n} people on Sundays.",
    "What do you think we should do about it?",
)


class Timing(Struct, frozen=True):
    """What one kind of request took.

    Attributes:
        seconds: how long each request took.
        elapsed: how long all of them took together.
        each: how many messages (or reads) one request stands for.
    """

    seconds: Sequence[float]
    elapsed: float
    each: int = 1

    def percentile(self, share: float) -> float:
        """Milliseconds under which this share of the requests stayed."""
        if len(self.seconds) < 2:
            return self.seconds[0] * 1000
        return statistics.quantiles(self.seconds, n=100, method="inclusive")[round(share * 100) - 1] * 1000

    @property
    def rate(self) -> float:
        """Messages (or reads) a second over all clients."""
        return len(self.seconds) * self.each / self.elapsed


def batch(peer: str, first: int, size: int) -> dict[str, object]:
    """A request body with `size` messages by `peer`."""
    texts = (SENTENCES[number % len(SENTENCES)].format(n=number) for number in range(first, first + size))
    return {"messages": [{"peer_id": peer, "content": text} for text in texts]}


async def timed(clients: int, rounds: int, each: int, request: Callable[[int, int], Awaitable[None]]) -> Timing:
    """Let some clients make requests one after another, all clients at once.

    Args:
        clients: how many at once.
        rounds: requests of each client.
        each: what one request counts for.
        request: takes the client's and the round's number.
    """
    seconds: list[float] = []

    async def client(number: int) -> None:
        for turn in range(rounds):
            begun = time.perf_counter()
            await request(number, turn)
            seconds.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    return Timing(seconds, time.perf_counter() - begun, each)


async def write(http: httpx.AsyncClient, workspace: str, clients: int, rounds: int, size: int) -> Timing:
    """Write batches of `size` messages, each client as a peer of its own in a session of its own."""

    async def request(number: int, turn: int) -> None:
        path = f"/v3/workspaces/{workspace}/sessions/s{number}/messages"
        reply = await http.post(path, json=batch(f"p{number}", turn * size, size))
        reply.raise_for_status()

    return await timed(clients, rounds, size, request)


async def reason(http: httpx.AsyncClient, workspace: str, sessions: int, messages: int) -> Timing:
    """Write `messages` in each of some sessions, then wait until the queue is empty; counts messages a second."""
    begun = time.perf_counter()
    for number in range(sessions):
        for first in range(0, messages, 100):
            path = f"/v3/workspaces/{workspace}/sessions/s{number}/messages"
            reply = await http.post(path, json=batch(f"p{number}", first, min(100, messages - first)))
            reply.raise_for_status()
    await drain(http, workspace)
    elapsed = time.perf_counter() - begun
    return Timing([elapsed], elapsed, sessions * messages)


async def settle(http: httpx.AsyncClient, workspace: str, rounds: int) -> Timing:
    """Write a short chat, again and again, each time anew: from the last message's answer to its last conclusion."""

    async def request(number: int, turn: int) -> None:
        base = f"/v3/workspaces/{workspace}-{turn}"
        for text in ("Hi there!", "I live in Porto.", "I have two cats."):
            (await http.post(f"{base}/sessions/s/messages", json=_said("ana", text))).raise_for_status()
        begun.append(time.perf_counter())
        await drain(http, f"{workspace}-{turn}")
        waited.append(time.perf_counter() - begun[-1])

    begun: list[float] = []
    waited: list[float] = []
    await timed(1, rounds, 1, request)
    return Timing(waited, sum(waited))


def _said(peer: str, text: str) -> dict[str, object]:
    return {"messages": [{"peer_id": peer, "content": text}]}


async def drain(http: httpx.AsyncClient, workspace: str) -> None:
    """Wait until nothing in a workspace is pending."""
    while True:
        reply = await http.get(f"/v3/workspaces/{workspace}/queue/status")
        status = reply.raise_for_status().json()
        if status["pending_work_units"] + status["in_progress_work_units"] == 0:
            return
        await asyncio.sleep(0.05)


async def read(http: httpx.AsyncClient, path: str, rounds: int, clients: int = 1, **query: str) -> Timing:
    """Read one path again and again."""

    async def request(number: int, turn: int) -> None:
        (await http.get(path, params=query)).raise_for_status()

    return await timed(clients, rounds, 1, request)
