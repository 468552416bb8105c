"""What still answers while the embedder does not."""

from collections.abc import Generator

import httpx
import pytest
from msgspec import Struct

from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.ids import new_id
from tests.api.conftest import Served, detail, serve, wait_until_ready
from tests.api.stating import lines, peers, state
from tests.models.scripted import Call, Fail, ScriptedServer, Vectors


class Switched(Struct):
    """A service, and the switch of its embedder."""

    served: Served
    works: bool = True


@pytest.fixture(scope="module")
def switched(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Switched]:
    folder = tmp_path_factory.mktemp("failing")

    def script(call: Call) -> Vectors | Fail:
        working = switch is None or switch.works
        return Vectors([[1.0] + [0.0] * 383 for _ in call.texts]) if working else Fail(400, "no such deployment")

    switch: Switched | None = None
    with ScriptedServer(script) as model:
        environment = {
            "NEO4J_URI": neo4j_server.uri,
            "NEO4J_USERNAME": neo4j_server.user,
            "NEO4J_PASSWORD": neo4j_server.password,
            "REDIS_URL": redis_server.url,
            "DOXA_HOME": str(folder),
            "DOXA_EMBEDDING_BASE_URL": model.url,
            "DOXA_EMBEDDING_API_KEY": "none",
            # The database that all tests share takes vectors of this name only.
            "DOXA_EMBEDDING_MODEL": "minilm-l6-v2-int8",
            "DOXA_EMBEDDING_DIMENSIONS": "384",
        }
        switch = Switched(serve(environment, folder / "api.log"))
        try:
            wait_until_ready(switch.served)
            yield switch
        finally:
            switch.served.process.terminate()
            switch.served.process.wait(30)


async def test_without_its_embedder_recall_goes_on_and_what_needs_vectors_says_try_again(switched: Switched) -> None:
    base = f"/v3/workspaces/w-{new_id()}"
    async with httpx.AsyncClient(base_url=switched.served.url, timeout=60) as client:
        switched.works = True
        await peers(client, base, "ann", "bob")
        for number in range(4):
            await state(client, base, f"fact {number}")
        found = await client.post(f"{base}/conclusions/query", json={"query": "fact"})
        assert len(found.json()) == 4

        switched.works = False

        body = {"target": "bob", "search_query": "fact", "max_conclusions": 3}
        represented = await client.post(f"{base}/peers/ann/representation", json=body)
        assert lines(represented.json()["representation"]) == ["fact 1", "fact 2", "fact 3"]
        query = {"target": "bob", "search_query": "fact"}
        context = await client.get(f"{base}/peers/ann/context", params=query)
        assert len(lines(context.json()["representation"])) == 4
        query = {"peer_target": "bob", "peer_perspective": "ann", "search_query": "fact"}
        context = await client.get(f"{base}/sessions/s/context", params=query)
        assert len(lines(context.json()["peer_representation"])) == 4

        refused = await client.post(f"{base}/conclusions/query", json={"query": "fact"})
        assert "embedder" in detail(refused, 503)
        assert refused.headers["Retry-After"]
        stated = {"content": "new", "observer_id": "ann", "observed_id": "bob"}
        assert "embedder" in detail(await client.post(f"{base}/conclusions", json={"conclusions": [stated]}), 503)
        assert (await client.post(f"{base}/conclusions/list")).json()["total"] == 4


def test_the_log_says_why(switched: Switched) -> None:
    assert "recalling without the search" in switched.served.log.read_text()
