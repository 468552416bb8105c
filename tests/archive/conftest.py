"""A store of the tests' own, which they empty, and a load on it: writers, workers, and somebody who deletes."""

import asyncio
import random
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from app.archive.backup import write_archive
from app.archive.container import Manifest
from app.archive.restore import Restored, restore
from app.engine import neo4j
from app.engine.neo4j import Neo4jServer
from app.importers.progress import Report
from app.settings import load
from graph.driver import Database
from graph.queries import work as work_queries
from graph.store import deletion, members, messages, scope_members, scopes, work
from graph.store.messages import Deployment
from graph.types import MemberConfiguration, NewMessage
from tests.live import PLAN_ONCE
from workers.service import Service, open_service
from workers.unit import do

#: Said by everybody again and again: held once, counted as often as it was said.
REFRAIN = "I like tea."


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Neo4jServer]:
    """A database of the archives' tests alone: they restore into an empty one."""
    with neo4j.start_server(tmp_path_factory.mktemp("archived"), settings=PLAN_ONCE) as server:
        yield server


@pytest.fixture(scope="session")
async def shared_service(own_server: Neo4jServer) -> AsyncGenerator[Service]:
    async with AsyncExitStack() as stack:
        where = {"NEO4J_URI": own_server.uri, "NEO4J_USERNAME": own_server.user}
        service = await open_service(load({**where, "NEO4J_PASSWORD": own_server.password}))
        stack.push_async_callback(service.close)
        yield service


@pytest.fixture
async def service(shared_service: Service) -> Service:
    """A worker's service on an empty store."""
    await empty(shared_service.database)
    return shared_service


@pytest.fixture
def report() -> Report:
    return Report(Console(quiet=True))


async def empty(database: Database) -> None:
    await database.schema_statement(
        "MATCH (n) WHERE NOT n:Schema AND NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS"
    )


async def back_up(service: Service, path: Path, workspace_id: str | None = None) -> Manifest:
    return await write_archive(service.database, path, Report(Console(quiet=True)), workspace_id)


async def bring_back(service: Service, path: Path) -> Restored:
    await empty(service.database)
    return await restore(service.database, path, Report(Console(quiet=True)), service.embedder)


async def say(service: Service, workspace_id: str, session_id: str, peer_id: str, *contents: str) -> list[str]:
    """Let a peer say something; the ids of what is stored then."""
    said = [
        NewMessage(peer_id=peer_id, content=content, token_count=10, metadata={"of": peer_id}) for content in contents
    ]
    appended = await messages.append(
        service.database,
        workspace_id=workspace_id,
        session_id=session_id,
        messages=said,
        deployment=Deployment(wait=timedelta(0)),
    )
    return [message.id for message in appended.messages]


async def finish_work(service: Service, but: str = "none") -> None:
    """Do what waits until nothing does, as the sweep and the workers would; all but one kind."""
    later = datetime.now(UTC) + timedelta(days=1)
    while True:
        rows = await service.database.many(work_queries.DUE, work_queries.Due(now=later, limit=1000))
        keys = [row.key for row in rows if not row.key.startswith(f"{but}/")]
        if not keys:
            return
        await asyncio.gather(*(do(service, key) for key in keys[:8]))


@dataclass
class Load:
    """Messages that are written in several sessions at once, reasoned over meanwhile, and partly deleted.

    Attributes:
        said: ids of acknowledged messages, by workspace and session.
        unique: a text that was said once, by the id of its message.
        deleted: sessions whose deletion began.
        allowed: so many writes, so that a slow machine does not make the load a large one.
    """

    service: Service
    seed: int
    workspaces: tuple[str, ...] = ("north", "south")
    sessions: int = 3
    said: dict[tuple[str, str], list[str]] = field(default_factory=dict[tuple[str, str], list[str]])
    unique: dict[str, str] = field(default_factory=dict[str, str])
    deleted: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    running: bool = True
    allowed: int = 0
    _number: int = 0

    async def prepare(self) -> None:
        """Sessions with an observer each; two of them in a scope."""
        for workspace_id in self.workspaces:
            for number in range(self.sessions):
                await self._write(workspace_id, f"s{number}", "ann")
                await members.add(
                    self.service.database,
                    workspace_id,
                    f"s{number}",
                    {"bot": MemberConfiguration(observe_me=False, observe_others=True)},
                )
            await scopes.get_or_create(self.service.database, workspace_id, "team", None)
            await scope_members.add(self.service.database, workspace_id, "team", ["s0"])
        await finish_work(self.service, but="embedding")

    async def run(self) -> None:
        """Write, reason, join and leave scopes until `running` is False."""
        rng = random.Random(self.seed)
        writers = [
            self._writer(workspace_id, peer_id, random.Random(rng.random()))
            for workspace_id in self.workspaces
            for peer_id in ("ann", "bob")
        ]
        await asyncio.gather(*writers, *(self._worker() for _ in range(2)), self._scoping())

    def allow(self, more: int) -> None:
        """Let so many more writes happen from now on."""
        self.allowed = self._number + more

    async def delete(self, workspace_id: str, session_id: str) -> None:
        self.deleted.add((workspace_id, session_id))
        await deletion.accept_session(self.service.database, workspace_id, session_id)

    async def _writer(self, workspace_id: str, peer_id: str, rng: random.Random) -> None:
        while self.running:
            session_id = f"s{rng.randrange(self.sessions)}"
            if (workspace_id, session_id) not in self.deleted and self._number < self.allowed:
                await self._write(workspace_id, session_id, peer_id)
            await asyncio.sleep(rng.uniform(0.1, 0.4))

    async def _write(self, workspace_id: str, session_id: str, peer_id: str) -> None:
        self._number += 1
        name = f"Tom{self._number}"
        try:
            first, second = await say(
                self.service, workspace_id, session_id, peer_id, f"I have a cat named {name}.", REFRAIN
            )
        except Exception:
            if (workspace_id, session_id) in self.deleted:
                return
            raise
        self.said.setdefault((workspace_id, session_id), []).extend((first, second))
        self.unique[first] = f"{peer_id} has a cat named {name}."

    async def _worker(self) -> None:
        while self.running:
            # Embedding takes the processor from everything else: it is tested apart.
            keys = [key for key in await work.due(self.service.database, 50) if not key.startswith("embedding/")]
            if keys:
                await do(self.service, random.choice(keys))
            await asyncio.sleep(0.02)

    async def _scoping(self) -> None:
        """Sessions join a scope and leave it again."""
        inside = False
        while self.running:
            change = scope_members.remove if inside else _add
            await change(self.service.database, self.workspaces[0], "team", "s1")
            inside = not inside
            await asyncio.sleep(0.3)


async def _add(database: Database, workspace_id: str, name: str, session_id: str) -> object:
    return await scope_members.add(database, workspace_id, name, [session_id])
