"""What a client does with a session: its data, its members, its copies, its end."""

# pyright: reportMissingTypeStubs=false

import pytest
from honcho import BadRequestError, NotFoundError
from honcho.api_types import (
    ReasoningConfiguration,
    SessionConfiguration,
    SummaryConfiguration,
)

from tests.clients.python.told import member, told
from tests.clients.python.way import Way


async def keeps_its_metadata_and_configuration(do: Way) -> None:
    honcho = do.client("session")
    off = SessionConfiguration(reasoning=ReasoningConfiguration(enabled=False))
    session = await do(honcho).session("s", metadata={"topic": "moving"}, configuration=off)
    assert (session.metadata, session.configuration, session.is_active) == ({"topic": "moving"}, off, True)
    assert session.created_at is not None
    assert session.uid is None or session.uid
    assert (str(session), repr(session)) == ("s", "Session(id='s')")

    same = await do(honcho).session("s")
    assert (same.metadata, same.created_at) == ({"topic": "moving"}, session.created_at)
    await do(same).set_metadata({"topic": "work"})
    assert await do(session).get_metadata() == {"topic": "work"}
    brief = SummaryConfiguration(messages_per_short_summary=15)
    await do(same).set_configuration(SessionConfiguration(summary=brief))
    assert await do(session).get_configuration() == SessionConfiguration(reasoning=off.reasoning, summary=brief)
    await do(same).set_metadata({})
    await do(session).refresh()
    assert (session.metadata, session.is_active) == ({}, True)


async def has_members_that_come_and_go(do: Way) -> None:
    honcho = do.client("members")
    session = await do(honcho).session("s", peers=["ana"])
    watching = member(observe_others=True, observe_me=False)
    bot = await do(honcho).peer("bot")
    await do(session).add_peers([(bot, watching), "carl"])
    assert {peer.id for peer in await do(session).peers()} == {"ana", "bot", "carl"}
    assert await do(session).get_peer_configuration(bot) == watching
    await do(session).add_peers((bot, member(observe_me=True)))
    assert await do(session).get_peer_configuration("bot") == watching, "who is there already keeps its settings"
    await do(session).set_peer_configuration("ana", member(observe_me=False))
    assert await do(session).get_peer_configuration("ana") == member(observe_me=False)

    await do(session).remove_peers([bot, "carl", "never-there"])
    assert [peer.id for peer in await do(session).peers()] == ["ana"]
    assert await do(session).get_peer_configuration(bot) == watching, "what was set stays readable"
    await do(session).set_peers([("dora", member(observe_others=True)), bot])
    assert {peer.id for peer in await do(session).peers()} == {"bot", "dora"}
    assert await do(session).get_peer_configuration(bot) == member(), "who comes back comes back afresh"
    await do(session).remove_peers("dora")
    assert [found.id for found in await do.all(await do(bot).sessions())] == ["s"]

    with pytest.raises(NotFoundError):
        await do(session).get_peer_configuration("nobody")
    many = [(f"watcher-{n}", member(observe_others=True)) for n in range(11)]
    with pytest.raises(BadRequestError) as refused:
        await do(session).add_peers(many)
    assert (refused.value.status, "10" in refused.value.message) == (400, True)


async def is_copied_up_to_a_message(do: Way) -> None:
    honcho = do.client("clone")
    ana = await do(honcho).peer("ana")
    session = await do(honcho).session("s", metadata={"topic": "x"}, peers=[ana, "bot"])
    stored = await do(session).add_messages([ana.message(f"Line {n}.", metadata={"n": n}) for n in range(3)])

    copy = await do(session).clone(message_id=stored[1].id)
    assert copy.id != session.id
    assert copy.metadata == {"topic": "x"}
    copied = await do.all(await do(copy).messages())
    assert [(m.content, m.peer_id, m.metadata, m.token_count) for m in copied] == [
        (m.content, m.peer_id, m.metadata, m.token_count) for m in stored[:2]
    ]
    assert {m.id for m in copied}.isdisjoint(m.id for m in stored)
    assert {peer.id for peer in await do(copy).peers()} == {"ana", "bot"}
    whole = await do(session).clone()
    assert len(await do.all(await do(whole).messages())) == 3
    with pytest.raises(NotFoundError):
        await do(session).clone(message_id="no-such-message")


async def ends_and_its_name_can_be_used_again(do: Way) -> None:
    honcho = do.client("end")
    ana = await do(honcho).peer("ana")
    session = await do(honcho).session("s")
    await do(session).add_messages(ana.message("I have two cats."))
    await do(session).delete()
    assert await do.all(await do(honcho).sessions()) == []

    async def usable() -> bool:
        try:
            await do(honcho).session("s")
        except NotFoundError:
            return False
        return True

    await do.becomes(usable, "the name is free")
    again = await do(honcho).session("s")
    assert (again.is_active, await do.all(await do(again).messages())) == (True, [])
    never = again.__class__("never-made", honcho)
    with pytest.raises(NotFoundError):
        await do(never).delete()


async def tells_how_far_its_reasoning_is(do: Way) -> None:
    chat = await told(do)
    status = await do(chat.first).queue_status()
    assert (status.pending_work_units, status.in_progress_work_units) == (0, 0)
    assert status.total_work_units == status.completed_work_units == 2
    assert (await do(chat.first).queue_status(sender="nobody", observer=None)).total_work_units == 0
    assert (await do(chat.first).queue_status(observer=chat.bot)).total_work_units == 2
    whole = await do(chat.honcho).queue_status(sender=chat.ana)
    assert whole.total_work_units == whole.completed_work_units == 3
    assert (await do(chat.honcho).queue_status(session=chat.second)).total_work_units == 1


async def is_searched_and_summed_up_alone(do: Way) -> None:
    chat = await told(do)
    found = await do(chat.first).search("Lisbon", limit=3)
    assert "Lisbon" in found[0].content
    assert {message.session_id for message in found} == {"first"}
    assert {m.peer_id for m in await do(chat.first).search("nurse", filters={"peer_id": "ana"})} == {"ana"}
    everywhere = await do(chat.honcho).search("piano", limit=1)
    assert [(message.session_id, message.content) for message in everywhere] == [("second", "I play the piano.")]
    assert (
        await do(chat.honcho).search("piano", filters={"session_id": "first", "peer_id": "bot"}, limit=1) != everywhere
    )

    summaries = await do(chat.first).summaries()
    assert (summaries.id, summaries.short_summary, summaries.long_summary) == ("first", None, None), "it is too short"
    of_bot = await do(chat.first).representation(
        chat.bot,
        target=chat.ana,
        search_query="work",
        search_top_k=5,
        search_max_distance=1.0,
        include_most_frequent=True,
        max_conclusions=10,
    )
    assert ("nurse" in of_bot, "piano" in of_bot) == (True, False)


SCENARIOS = (
    keeps_its_metadata_and_configuration,
    has_members_that_come_and_go,
    is_copied_up_to_a_message,
    ends_and_its_name_can_be_used_again,
    tells_how_far_its_reasoning_is,
    is_searched_and_summed_up_alone,
)
