"""Measures first and last pages of long lists: `python -m tests.bench.pages [--messages 100000] [--others 20000]`.

Uses the Neo4j that `DOXA_TEST_NEO4J_URI` names, else starts one. The lists are put there directly, for speed; they are
read over HTTP from a service of its own, without workers. Compare rows of one run.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from app.engine.neo4j import Neo4jServer, start_server
from graph import schema
from graph.driver import Database, connect
from graph.ids import new_id
from tests.api.conftest import serve, wait_until_ready

SIZE = 50
ROUNDS = 30
_CHUNK = 10_000

_WORKSPACE = """
CREATE (:Workspace {id: $w, uid: $w, metadata: '{}', metadata_terms: [], configuration: '{}', created_at: datetime()})
CREATE (:Session {
  workspace_id: $w, id: 's', uid: 's', is_active: true, seq: $number, metadata: '{}', metadata_terms: [],
  configuration: '{}', created_at: datetime()
})
"""
_MESSAGES = """
MATCH (s:Session {workspace_id: $w, id: 's'})
UNWIND range($first, $last) AS seq
CREATE (:Message {
  id: $w + seq, workspace_id: $w, session_id: 's', seq: seq, peer_id: 'p' + (seq % 5),
  content: 'What number ' + seq + ' says of Lisbon.', token_count: 12, metadata: '{}', metadata_terms: [],
  created_at: datetime()
})-[:IN_SESSION]->(s)
"""
_OTHERS = """
UNWIND range($first, $last) AS number
CREATE (p:Peer {
  workspace_id: $w, id: 'p' + number, uid: $w + number, metadata: '{}', metadata_terms: [], configuration: '{}',
  created_at: datetime()
})
CREATE (:Session {
  workspace_id: $w, id: 's' + number, uid: $w + number, is_active: true, seq: 0, metadata: '{}', metadata_terms: [],
  configuration: '{}', created_at: datetime()
})
CREATE (p)-[:HOLDS]->(c:Conclusion:Held {
  id: $w + number, workspace_id: $w, observer_id: p.id, observed_id: p.id, perspective: $w + '/' + number,
  session_id: 's', level: 'explicit', content: 'It is ' + number, content_key: $w + number, created_at: datetime(),
  observed_at: datetime(), times_derived: 1
})
CREATE (c)-[:ABOUT]->(p)
"""


async def fill(database: Database, workspace: str, messages: int, others: int) -> None:
    """Put a workspace into the graph with one long session, and as many peers, sessions and conclusions."""
    await schema.migrate(database)
    await database.schema_statement(_WORKSPACE, {"w": workspace, "number": messages})
    for statement, number in ((_MESSAGES, messages), (_OTHERS, others)):
        for first in range(1, number + 1, _CHUNK):
            last = min(number, first + _CHUNK - 1)
            await database.schema_statement(statement, {"w": workspace, "first": first, "last": last})


def median(http: httpx.Client, path: str, body: object) -> float:
    """Median milliseconds of one request, made again and again."""
    seconds: list[float] = []
    for _ in range(ROUNDS + 3):
        begun = time.perf_counter()
        http.post(path, json=body).raise_for_status()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds[3:]) * 1000


@contextmanager
def neo4j() -> Generator[Neo4jServer]:
    """The Neo4j of the environment, or one that is stopped again."""
    uri = os.environ.get("DOXA_TEST_NEO4J_URI")
    if uri is not None:
        user, password = os.environ.get("DOXA_TEST_NEO4J_USER", "neo4j"), os.environ.get("DOXA_TEST_NEO4J_PASSWORD", "")
        yield Neo4jServer(uri, user, password, "")
        return
    with tempfile.TemporaryDirectory(prefix="doxa-bench-") as folder, start_server(Path(folder)) as server:
        yield server


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=20_000, help="peers, sessions and conclusions, each")
    chosen = parser.parse_args()
    workspace = f"bench-{new_id()}"

    async def prepare(server: Neo4jServer) -> None:
        database = connect(server.uri, server.user, server.password)
        await fill(database, workspace, chosen.messages, chosen.others)
        await database.close()

    table = Table("list", "items", "first page ms", "last page ms", "ratio", title="Pages of 50, medians")
    for column in table.columns[1:]:
        column.justify = "right"
    base = f"/v3/workspaces/{workspace}"
    lists: list[tuple[str, str, int, object]] = [
        ("messages", f"{base}/sessions/s/messages/list", chosen.messages, {}),
        ("messages, newest first", f"{base}/sessions/s/messages/list?reverse=true", chosen.messages, {}),
        ("messages of one peer (filter)", f"{base}/sessions/s/messages/list", chosen.messages // 5, {"peer_id": "p1"}),
        ("peers", f"{base}/peers/list", chosen.others, {}),
        ("sessions", f"{base}/sessions/list", chosen.others + 1, {}),
        ("conclusions", f"{base}/conclusions/list", chosen.others, {}),
    ]
    with neo4j() as server, tempfile.TemporaryDirectory(prefix="doxa-bench-") as folder:
        asyncio.run(prepare(server))
        environment = {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}
        running = serve({**environment, "DOXA_HOME": folder}, Path(folder) / "api.log")
        try:
            wait_until_ready(running)
            with httpx.Client(base_url=running.url, timeout=120) as http:
                for name, path, number, filters in lists:
                    joined = "&" if "?" in path else "?"
                    first = median(http, f"{path}{joined}size={SIZE}", {"filters": filters})
                    end = -(-number // SIZE)
                    last = median(http, f"{path}{joined}size={SIZE}&page={end}", {"filters": filters})
                    table.add_row(name, f"{number:,}", f"{first:.1f}", f"{last:.1f}", f"{last / first:.2f}")
        finally:
            running.process.terminate()
            running.process.wait(30)
    Console().print(table)


if __name__ == "__main__":
    main()
