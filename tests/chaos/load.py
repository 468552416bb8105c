"""Clients that write while everything around them dies, and repeat each request until it is acknowledged."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

import httpx
import msgspec

from tests.chaos.schedule import Batch, Schedule, members

#: Statuses after which a client repeats its request, as the published clients do; 507 needs a person, who comes.
REPEATED = frozenset({429, 500, 502, 503, 504, 507})
LONGEST_PAUSE = 2.0
#: Longest time for one batch; it only ends a run that would never end.
PATIENCE = 900.0


class Acknowledged(msgspec.Struct, frozen=True):
    """A message as the service acknowledged it."""

    id: str
    content: str
    peer_id: str


class Load:
    """What the clients of a schedule have written so far.

    Attributes:
        acknowledged: by the key of each batch, its messages as they were answered.
        answers: how often each status came; 0 stands for no answer at all.
    """

    def __init__(self, schedule: Schedule, url: str) -> None:
        self.schedule = schedule
        self.url = url
        self.acknowledged: dict[str, list[Acknowledged]] = {}
        self.answers: Counter[int] = Counter()
        self.reasons: Counter[str] = Counter()

    @property
    def written(self) -> int:
        """Messages acknowledged."""
        return sum(map(len, self.acknowledged.values()))

    @property
    def retries(self) -> int:
        """Requests that were sent once more."""
        return sum(self.answers.values()) - self.answers[201]

    async def set_up(self) -> None:
        """Make the sessions with their members, while nothing is killed yet."""
        async with httpx.AsyncClient(base_url=self.url, timeout=120) as http:
            for workspace in self.schedule.workspaces:
                for session, peers in members().items():
                    body = {"id": session, "peers": peers}
                    (await http.post(f"/v3/workspaces/{workspace}/sessions", json=body)).raise_for_status()

    async def write(self, may_go_on: Callable[[float], Awaitable[None]]) -> None:
        """Let all clients write at once.

        Args:
            may_go_on: waits until a client that has done this share of its batches may go on.
        """
        limits = httpx.Limits(max_connections=len(self.schedule.clients))
        async with httpx.AsyncClient(base_url=self.url, timeout=60, limits=limits) as http, asyncio.TaskGroup() as all_:
            for number, batches in enumerate(self.schedule.clients):
                all_.create_task(self._client(http, number, batches, may_go_on))

    async def _client(
        self,
        http: httpx.AsyncClient,
        number: int,
        batches: tuple[Batch, ...],
        may_go_on: Callable[[float], Awaitable[None]],
    ) -> None:
        dice = random.Random(f"{self.schedule.seed}/{number}")
        for place, batch in enumerate(batches):
            await may_go_on(place / len(batches))
            await asyncio.sleep(batch.pause)
            async with asyncio.timeout(PATIENCE):
                self.acknowledged[batch.key] = await self._until_acknowledged(http, batch, dice)

    async def _until_acknowledged(
        self, http: httpx.AsyncClient, batch: Batch, dice: random.Random
    ) -> list[Acknowledged]:
        path = f"/v3/workspaces/{batch.workspace}/sessions/{batch.session}/messages"
        body = {"messages": [{"peer_id": line.author, "content": line.content} for line in batch.lines]}
        pause = 0.1
        while True:
            try:
                answer = await http.post(path, json=body, headers={"Idempotency-Key": batch.key})
            except httpx.TransportError:
                self.answers[0] += 1
            else:
                self.answers[answer.status_code] += 1
                if answer.status_code == 201:
                    return msgspec.json.decode(answer.content, type=list[Acknowledged])
                assert answer.status_code in REPEATED, f"{answer.status_code}: {answer.text}"
                self.reasons[f"{answer.status_code} {answer.json()['detail']}"] += 1
            await asyncio.sleep(pause * dice.uniform(0.5, 1.0))
            pause = min(LONGEST_PAUSE, pause * 2)
