"""Messages are embedded in the background, in batches, each once, and found by their meaning then."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.models.embedders import embedder
from app.models.passages import PIECE_TOKENS, pieces, texts
from app.settings import EmbeddingSettings
from graph.errors import LeaseLost
from graph.recall.branches import Sought
from graph.recall.message_search import search_messages
from graph.store import messages, passages, work
from graph.store.messages import Deployment
from graph.types import Lease, Message, NewMessage
from tests.graph.conftest import NOON
from tests.models.scripted import Fail, ScriptedServer
from tests.workers.conftest import Serve, tell
from workers.service import Service
from workers.steps.embedding import BATCH, embed_messages
from workers.unit import do


async def _found(service: Service, workspace_id: str, text: str) -> list[Message]:
    vector = await service.embedder.query(text)
    return await search_messages(service.database, workspace_id, Sought(text=text, limit=3, vector=vector))


async def _held(service: Service, workspace_id: str) -> Lease:
    held = await work.lease(service.database, passages.unit_key(workspace_id, "s"), 60)
    assert held is not None
    return held


async def test_a_session_is_embedded_and_found_by_its_meaning(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", *(f"Item {number} of the agenda." for number in range(2 * BATCH)))
    await tell(service, workspace_id, "bob", "  \n ", "My kitten sleeps on the sofa all day.")
    key = passages.unit_key(workspace_id, "s")
    assert [message.content for message in await _found(service, workspace_id, "pets that nap")] == []

    await do(service, key)

    assert (await _found(service, workspace_id, "pets that nap"))[0].content.startswith("My kitten")
    assert key not in await work.due(service.database, 100_000)
    await tell(service, workspace_id, "bob", "We sailed across the bay.")
    await do(service, key)
    assert (await _found(service, workspace_id, "a trip by boat"))[0].content.startswith("We sailed")


async def test_what_is_said_while_a_batch_is_embedded_is_embedded_next(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "One.")
    held = await _held(service, workspace_id)
    assert await embed_messages(service, held)
    assert await passages.missing(service.database, held, 10) == []
    await tell(service, workspace_id, "ann", "Two.")
    assert await embed_messages(service, held)
    # Asked for anew since the lease was taken, so there may be more.
    assert await embed_messages(service, held)
    held = await work.renew(service.database, held, 60)
    assert not await embed_messages(service, held)


async def test_a_worker_that_lost_its_lease_writes_no_vector(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "One.")
    held = await _held(service, workspace_id)
    await work.release(service.database, held)
    with pytest.raises(LeaseLost):
        await embed_messages(service, held)
    (spoken,) = await passages.missing(service.database, await _held(service, workspace_id), 10)
    assert not spoken.embedded


async def test_sessions_wait_without_a_lease_while_others_are_embedded(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "One.")
    held = await _held(service, workspace_id)
    async with service.embedding, service.embedding:
        assert not await embed_messages(service, held)
    with pytest.raises(LeaseLost):
        await work.renew(service.database, held, 60)
    assert held.key not in await work.due(service.database, 100_000)


async def test_an_embedder_that_fails_loses_nothing(serve: Serve, workspace_id: str, scripted: ScriptedServer) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "My kitten sleeps on the sofa all day.")
    key = passages.unit_key(workspace_id, "s")
    scripted.script = lambda call: Fail(503)
    settings = EmbeddingSettings(base_url=scripted.url, api_key="k", model="vectors-1", dimensions=384)
    failing = replace(service, embedder=embedder(settings))
    await do(failing, key)
    await failing.embedder.close()
    assert key not in await work.due(service.database, 100_000)

    await service.database.schema_statement("MATCH (w:Work {key: $key}) SET w.due_at = w.created_at", {"key": key})
    await do(service, key)

    assert (await _found(service, workspace_id, "pets that nap"))[0].content.startswith("My kitten")


async def test_messages_of_before_are_made_searchable_and_embedded(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    await tell(service, workspace_id, "ann", "The gazebo is green.")
    await service.database.schema_statement(
        "MATCH (m:Message {workspace_id: $workspace_id, session_id: 's'}) WHERE m.seq > 0 "
        "REMOVE m.search_scope, m.search_text",
        {"workspace_id": workspace_id},
    )
    await do(service, passages.unit_key(workspace_id, "s"))
    (found,) = await search_messages(service.database, workspace_id, Sought(text="gazebos", limit=3))
    assert found.content == "The gazebo is green."


async def test_a_long_message_is_found_by_each_of_its_parts(serve: Serve, workspace_id: str) -> None:
    service = await serve()
    filler = "The committee reviewed the minutes of the previous meeting and found them in order. " * 40
    long = f"{filler}\n\nA whale was seen off the coast near the lighthouse.\n\n{filler}"
    new = [
        NewMessage(peer_id="ann", content=content, token_count=1, metadata={}, created_at=NOON)
        for content in (long, "Quarterly figures are due on Monday.", "Thanks, noted.")
    ]
    await messages.append(
        service.database,
        workspace_id=workspace_id,
        session_id="s",
        messages=new,
        deployment=Deployment(wait=timedelta(0)),
    )
    await do(service, passages.unit_key(workspace_id, "s"))
    found = await _found(service, workspace_id, "marine mammals by the shore")
    assert found[0].content == long
    assert len({message.id for message in found}) == len(found)


def test_a_long_text_is_cut_where_sentences_end_and_nothing_is_lost() -> None:
    sentence = "Each of these sentences has the same few words in it. "
    cut = pieces(sentence * 60)
    assert len(cut) > 2
    assert all(piece.endswith(".") for piece in cut)
    assert "".join(cut).replace(" ", "") == (sentence * 60).replace(" ", "")
    assert pieces("x" * 30_000)
    assert pieces(" \n\t") == []
    assert PIECE_TOKENS < 256


def test_speaker_and_date_stand_before_each_piece() -> None:
    assert texts("ann", NOON, "Hello.") == ["2026-05-04 ann: Hello."]
    assert all(text.startswith("2026-05-04 ann: ") for text in texts("ann", NOON, "word " * 1000))
