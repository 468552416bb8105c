"""From what is said to what is held: slots that a reasoner names reach the graph, and the old value leaves recall."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.engine.neo4j import Neo4jServer
from graph.recall.recipes import PEER_CONTEXT
from graph.recall.representation import Asked, representation
from graph.store import members, scope_members, scopes
from graph.types import MemberConfiguration
from tests.graph.looking import miscounted, rows, unsound
from tests.workers.conftest import Serve, key_of, tell
from workers.reasoners import Batch, Extraction
from workers.service import Service
from workers.turns import Proposition
from workers.unit import do


class Noted:
    """A reasoner that takes from each message just what a table says of it."""

    model = "noted"

    def __init__(self, table: Mapping[str, Proposition]) -> None:
        self._table = table

    async def prepare(self) -> None: ...

    async def extract(self, batch: Batch) -> Extraction:
        found = [
            Proposition(
                content=noted.content,
                message_ids=(turn.message_id,),
                quote=turn.content,
                slot=noted.slot,
                value=noted.value,
                exclusive=noted.exclusive,
                negated=noted.negated,
                lasting=noted.lasting,
            )
            for turn in batch.turns
            if (noted := self._table.get(turn.content)) is not None
        ]
        return Extraction(propositions=tuple(found), model=self.model, prompt_hash="0")

    async def close(self) -> None: ...


def _home(town: str) -> Proposition:
    content = f"theo lives in {town}."
    return Proposition(content=content, message_ids=(), slot="lives_in", value=town, exclusive=True)


TABLE = {
    "I live in Hull.": _home("Hull"),
    "I moved to Leeds.": _home("Leeds"),
    "I enjoy jazz.": Proposition("theo enjoys jazz.", (), slot="likes", value="jazz"),
    "I like jazz!": Proposition("theo likes jazz.", (), slot="likes", value="jazz"),
}


async def _service(serve: Serve) -> Service:
    return replace(await serve(), reasoner=Noted(TABLE))


async def _recalled(service: Service, workspace_id: str, observer_id: str, query: str) -> Sequence[str]:
    asked = Asked(
        observer_id=observer_id,
        observed_id="theo",
        recipe=PEER_CONTEXT,
        max_conclusions=20,
        include_most_frequent=True,
        vector=await service.embedder.query(query),
    )
    found = await representation(service.database, workspace_id, asked)
    return [one.conclusion.content for one in found.recalled]


async def test_where_somebody_lives_now_is_all_that_is_recalled_for_every_observer(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await _service(serve)
    await tell(service, workspace_id, "bob", "hello")
    await members.configure(service.database, workspace_id, "s", "bob", MemberConfiguration(observe_others=True))
    for text in ("I live in Hull.", "I moved to Leeds."):
        await tell(service, workspace_id, "theo", text)
        await do(service, key_of(workspace_id, "theo"))

    for observer_id in ("theo", "bob"):
        found = await _recalled(service, workspace_id, observer_id, "Where does theo live now?")
        assert found == ["theo lives in Leeds."]
    edges = await rows(
        neo4j_server,
        "MATCH (a:Conclusion {workspace_id: $w})-[e:SUPERSEDES]->(b) WHERE a.created_at IS NOT NULL "
        "RETURN a.content, e.slot, b.content, b.retired_because",
        w=workspace_id,
    )
    assert edges == [["theo lives in Leeds.", "lives_in", "theo lives in Hull.", "superseded"]] * 2
    assert await unsound(neo4j_server, workspace_id) == 0
    assert await miscounted(neo4j_server, workspace_id) == []


async def test_a_change_within_one_request_is_a_change(serve: Serve, workspace_id: str) -> None:
    service = await _service(serve)
    await tell(service, workspace_id, "theo", "I live in Hull.", "I moved to Leeds.")
    await do(service, key_of(workspace_id, "theo"))

    assert await _recalled(service, workspace_id, "theo", "Where does theo live now?") == ["theo lives in Leeds."]


async def test_the_built_in_embedder_and_the_guard_merge_what_says_the_same(serve: Serve, workspace_id: str) -> None:
    service = await _service(serve)
    await tell(service, workspace_id, "theo", "I enjoy jazz.", "I like jazz!")
    await do(service, key_of(workspace_id, "theo"))

    assert await _recalled(service, workspace_id, "theo", "music") == ["theo enjoys jazz."]


async def test_what_a_scope_catches_up_with_is_revised_with_what_it_holds(
    serve: Serve, neo4j_server: Neo4jServer, workspace_id: str
) -> None:
    service = await _service(serve)
    await scopes.get_or_create(service.database, workspace_id, "work", None)
    await tell(service, workspace_id, "theo", "I live in Hull.")
    await do(service, key_of(workspace_id, "theo"))
    for wake in await scope_members.add(service.database, workspace_id, "work", ["s"]):
        await do(service, wake.key)
    await tell(service, workspace_id, "theo", "I moved to Leeds.")
    await do(service, key_of(workspace_id, "theo"))

    found = await _recalled(service, workspace_id, "scope.work", "Where does theo live now?")
    assert found == ["theo lives in Leeds."]
    assert await unsound(neo4j_server, workspace_id) == 0
    assert await miscounted(neo4j_server, workspace_id) == []
