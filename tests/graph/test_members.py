"""What the graph keeps of memberships and peers that the API does not show."""

# The driver leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

from typing import cast

import neo4j
import pytest
from neo4j.time import DateTime

from app.engine.neo4j import Neo4jServer
from graph.driver import Database
from graph.ids import new_id
from graph.store import members, messages, peers
from graph.types import MemberConfiguration, NewMessage

QUIET = MemberConfiguration()
Stay = tuple[DateTime, DateTime | None, list[DateTime] | None]


class Graph:
    """One session's memberships, read past all our code."""

    def __init__(self, server: Neo4jServer, workspace: str) -> None:
        self._server = server
        self.workspace = workspace

    async def rows(self, statement: str, **parameters: object) -> list[list[object]]:
        async with neo4j.AsyncGraphDatabase.driver(
            self._server.uri, auth=(self._server.user, self._server.password)
        ) as driver:
            result = await driver.execute_query(
                cast("neo4j.Query", statement), {"workspace": self.workspace, **parameters}
            )
            return [list(record.values()) for record in result.records]

    async def stay(self, peer: str) -> Stay:
        rows = await self.rows(
            "MATCH (p:Peer {workspace_id: $workspace, id: $peer})-[m:MEMBER_OF]->(:Session) "
            "RETURN m.joined_at, m.left_at, m.past",
            peer=peer,
        )
        (row,) = rows
        return cast("Stay", tuple(row))


@pytest.fixture
def graph(neo4j_server: Neo4jServer) -> Graph:
    return Graph(neo4j_server, f"w-{new_id()}")


async def _say(database: Database, graph: Graph, peer: str) -> None:
    said = NewMessage(peer_id=peer, content="Hello.", token_count=2, metadata={})
    await messages.append(
        database,
        workspace_id=graph.workspace,
        session_id="s",
        messages=[said],
        deployment=messages.Deployment(),
    )


async def test_an_active_member_keeps_the_time_it_joined_whatever_happens(database: Database, graph: Graph) -> None:
    await members.add(database, graph.workspace, "s", {"ana": QUIET})
    first = await graph.stay("ana")

    await members.add(database, graph.workspace, "s", {"ana": QUIET})
    await _say(database, graph, "ana")
    await members.replace(database, graph.workspace, "s", {"ana": MemberConfiguration(observe_me=False)})
    await members.configure(database, graph.workspace, "s", "ana", MemberConfiguration(observe_others=True))

    assert await graph.stay("ana") == first
    assert first[1] is None


async def test_an_earlier_stay_is_kept_when_a_peer_comes_back(database: Database, graph: Graph) -> None:
    await members.add(database, graph.workspace, "s", {"ana": QUIET})
    joined, _, _ = await graph.stay("ana")
    await members.remove(database, graph.workspace, "s", ["ana"])
    _, left, _ = await graph.stay("ana")
    await members.remove(database, graph.workspace, "s", ["ana"])
    assert left is not None
    assert (await graph.stay("ana"))[:2] == (joined, left)

    await members.add(database, graph.workspace, "s", {"ana": QUIET})
    second, still_in, past = await graph.stay("ana")
    assert second > left
    assert still_in is None
    assert past == [joined, left]

    await members.replace(database, graph.workspace, "s", {})
    _, left_again, _ = await graph.stay("ana")
    await _say(database, graph, "ana")
    assert (await graph.stay("ana"))[2] == [joined, left, second, left_again]


async def test_every_peer_and_session_stands_once_in_its_workspace(database: Database, graph: Graph) -> None:
    for _ in range(2):
        await members.add(database, graph.workspace, "s", {"ana": QUIET, "bob": QUIET})
        await peers.get_or_create(database, graph.workspace, "ana", metadata={}, configuration=None)
        await _say(database, graph, "eve")

    rows = await graph.rows(
        "MATCH (n)-[r:IN_WORKSPACE]->(:Workspace {id: $workspace}) RETURN labels(n)[0], n.id, count(r) ORDER BY n.id"
    )

    assert rows == [["Peer", "ana", 1], ["Peer", "bob", 1], ["Peer", "eve", 1], ["Session", "s", 1]]


@pytest.mark.parametrize(
    ("configuration", "stored"),
    [({"observe_me": False}, False), ({"observe_me": True}, True), ({"observe_me": "no"}, None), ({}, None)],
)
async def test_what_a_peer_says_of_being_observed_is_a_property_that_queries_can_use(
    database: Database, graph: Graph, configuration: dict[str, object], stored: bool | None
) -> None:
    await peers.get_or_create(
        database, graph.workspace, "ana", metadata=None, configuration={"observe_me": stored is not True}
    )
    await peers.get_or_create(database, graph.workspace, "ana", metadata=None, configuration=configuration)
    await peers.get_or_create(database, graph.workspace, "ana", metadata={"a": 1}, configuration=None)

    rows = await graph.rows("MATCH (p:Peer {workspace_id: $workspace, id: 'ana'}) RETURN p.observe_me")

    assert rows == [[stored]]
