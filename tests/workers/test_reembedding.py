"""Changing the embedder: every start is refused until all vectors are of the new one, and then recall works again."""

from collections.abc import Generator

import pytest

from app.engine import neo4j
from app.engine.neo4j import Neo4jServer
from app.models.embedders import embedder
from app.models.faults import ModelFault
from app.reembedding import reembed
from app.settings import EmbeddingSettings
from graph import schema
from graph.errors import EmbeddingMismatch
from graph.ids import new_id
from graph.recall.branches import Sought, by_meaning
from graph.store import conclusions
from tests.live import PLAN_ONCE
from tests.models.scripted import Fail, ScriptedServer, embedding
from tests.workers.conftest import Serve, key_of, tell
from workers.unit import do

DIMENSIONS = 8

pytestmark = pytest.mark.engine


@pytest.fixture
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Neo4jServer]:
    """A database of its own: all that is in it is embedded anew, and nobody else may write meanwhile."""
    with neo4j.start_server(tmp_path_factory.mktemp("reembedded"), settings=PLAN_ONCE) as server:
        yield server


@pytest.fixture
def workspace_id() -> str:
    """A workspace of that database, which nobody else looks at."""
    return f"w-{new_id()}"


async def test_all_vectors_are_replaced_and_an_interrupted_run_leaves_no_mixture_in_use(
    serve: Serve, workspace_id: str, scripted: ScriptedServer
) -> None:
    service = await serve()
    database, own = service.database, service.embedder
    await tell(service, workspace_id, "ann", "I live in Porto.", "I have two cats.")
    await do(service, key_of(workspace_id, "ann"))
    other = embedder(EmbeddingSettings(base_url=scripted.url, api_key="k", model="vectors-1", dimensions=DIMENSIONS))
    scripted.script = embedding(DIMENSIONS)
    heard: list[tuple[int, int]] = []
    try:
        with pytest.raises(EmbeddingMismatch, match="doxa reembed"):
            await schema.use_embedder(database, other.model, other.dimensions)

        await other.prepare()
        words = embedding(DIMENSIONS)
        scripted.script = lambda call: words(call) if len(call.texts) == 1 else Fail(401)
        with pytest.raises(ModelFault):
            await reembed(database, other, lambda done, total: None)
        for embeds in (own, other):
            with pytest.raises(EmbeddingMismatch, match="unfinished"):
                await schema.use_embedder(database, embeds.model, embeds.dimensions)

        scripted.script = embedding(DIMENSIONS)
        done = await reembed(database, other, lambda done, total: heard.append((done, total)))
        assert heard[-1] == (done, done)
        assert done >= 2
        await schema.use_embedder(database, other.model, other.dimensions)
        vector = await other.query("ann lives in Porto.")
        (nearest, _) = await conclusions.nearest(database, workspace_id, "ann", "ann", vector, top_k=5)
        assert nearest.conclusion.content == "ann lives in Porto."
        assert nearest.distance < 0.001
    finally:
        scripted.script = embedding(DIMENSIONS)
        await reembed(database, own, lambda done, total: None)
        await other.close()

    await schema.use_embedder(database, own.model, own.dimensions)
    vector = await own.query("Where does she live?")
    (nearest, _) = await conclusions.nearest(database, workspace_id, "ann", "ann", vector, top_k=5)
    assert nearest.conclusion.content == "ann lives in Porto."
    sought = Sought(text="", limit=2, vector=await own.query("Does she keep pets?"))
    found = await database.read(lambda tx: by_meaning(tx, workspace_id, sought, sought.vector or (), 2, ()))
    assert [hit.seq for hit in sorted(found, key=lambda hit: -hit.score)] == [2, 1]
