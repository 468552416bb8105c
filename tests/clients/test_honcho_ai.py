"""The published Python client, unmodified, against a Doxa that runs."""

# The client is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

from datetime import UTC, datetime

import pytest
from honcho import Honcho
from honcho.api_types import ReasoningConfiguration, SessionConfiguration, SessionPeerConfig

from graph.ids import new_id
from tests.live import Live, eventually

pytestmark = [pytest.mark.client, pytest.mark.engine]


def test_the_python_client_writes_a_chat_and_reads_back_what_is_held(live_doxa: Live) -> None:
    honcho = Honcho(base_url=live_doxa.url, workspace_id=f"sdk-{new_id()}")
    ana, bot = honcho.peer("ana", metadata={"role": "user"}), honcho.peer("bot")
    session = honcho.session("first", metadata={"topic": "moving"})
    session.add_peers([ana, bot])
    session.set_peer_configuration(bot, SessionPeerConfig(observe_me=False, observe_others=True))

    stored = session.add_messages(
        [
            ana.message("I moved to Lisbon last week.", created_at=datetime(2026, 5, 4, 12, tzinfo=UTC)),
            bot.message("How do you like it?"),
            ana.message("I work as a nurse.", metadata={"n": 2}),
        ]
    )
    assert [message.content for message in session.messages()] == [message.content for message in stored]
    assert session.get_message(stored[2].id).metadata == {"n": 2}
    assert {peer.id for peer in session.peers()} == {"ana", "bot"}
    assert {peer.id for peer in honcho.peers()} == {"ana", "bot"}
    assert [found.id for found in ana.sessions()] == ["first"]
    assert ana.get_metadata() == {"role": "user"}

    def idle() -> bool:
        status = honcho.queue_status()
        return status.pending_work_units + status.in_progress_work_units == 0 and status.completed_work_units == 2

    eventually(idle, "the queue is empty")

    own = [conclusion.content for conclusion in ana.conclusions.list()]
    assert any("Lisbon" in content for content in own)
    assert any("nurse" in content for content in own)
    of_bot = [conclusion.content for conclusion in bot.conclusions_of(ana).list()]
    assert sorted(of_bot) == sorted(own)
    assert list(bot.conclusions_of(bot).list()) == []

    nearest = bot.conclusions_of(ana).query("Where does she live?", top_k=1)
    assert "Lisbon" in nearest[0].content
    one = nearest[0]
    assert (one.observer_id, one.observed_id, one.session_id, one.level) == ("bot", "ana", "first", "explicit")

    assert "Lisbon" in bot.representation(target=ana)
    assert "nurse" in ana.representation(search_query="job", session=session)
    held = bot.context(target=ana, search_query="home")
    assert held.representation is not None
    assert "Lisbon" in held.representation

    context = session.context(tokens=2000, peer_target="ana", peer_perspective="bot")
    assert [message.content for message in context.messages] == [message.content for message in stored]
    assert context.peer_representation is not None
    assert "Lisbon" in context.peer_representation
    assert context.to_openai(assistant=bot)[-1]["role"] == "user"


async def test_the_async_client_sees_the_same(live_doxa: Live) -> None:
    honcho = Honcho(base_url=live_doxa.url, workspace_id=f"sdk-{new_id()}")
    ana = await honcho.aio.peer("ana")
    session = await honcho.aio.session("first")
    await session.aio.add_messages([ana.message("I have two cats.")])

    context = await session.aio.context(tokens=100)

    assert [message.content for message in context.messages] == ["I have two cats."]
    assert await ana.aio.representation() is not None


def test_the_python_client_reads_summaries(live_doxa: Live) -> None:
    honcho = Honcho(base_url=live_doxa.url, workspace_id=f"sdk-{new_id()}")
    ana, session = honcho.peer("ana"), honcho.session("long")
    session.set_configuration(SessionConfiguration(reasoning=ReasoningConfiguration(enabled=False)))
    said = session.add_messages([ana.message(f"The harbour has {n} boats.") for n in range(1, 61)])
    eventually(lambda: session.summaries().long_summary is not None, "there is a long summary")

    read = session.summaries()
    assert read.short_summary is not None
    assert read.long_summary is not None
    assert {read.short_summary.message_id, read.long_summary.message_id} == {said[59].id}
    assert (read.short_summary.summary_type, read.long_summary.summary_type) == (
        "honcho_chat_summary_short",
        "honcho_chat_summary_long",
    )
    assert "ana: The harbour has" in read.short_summary.content
    assert 0 < read.short_summary.token_count < read.long_summary.token_count
    context = session.context(tokens=10_000)
    assert context.summary is not None
    assert context.summary.content == read.long_summary.content
    assert [message.id for message in context.messages] == [said[59].id]
