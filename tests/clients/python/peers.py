"""What a client does with peers: their data, their cards, and what is held about them."""

# pyright: reportMissingTypeStubs=false

from datetime import UTC, datetime, timedelta, timezone

import pytest
from honcho import NotFoundError, UnprocessableEntityError
from honcho.api_types import PeerConfig

from tests.clients.python.told import told
from tests.clients.python.way import Way


async def keeps_its_metadata_and_configuration(do: Way) -> None:
    honcho = do.client("peer")
    before = datetime.now(UTC)
    ana = await do(honcho).peer("ana", metadata={"role": "nurse"}, configuration=PeerConfig(observe_me=False))
    assert (ana.metadata, ana.configuration) == ({"role": "nurse"}, PeerConfig(observe_me=False))
    assert ana.created_at is not None
    assert timedelta(minutes=-5) < ana.created_at - before < timedelta(minutes=5)
    assert ana.uid is None or ana.uid
    assert (str(ana), repr(ana)) == ("ana", "Peer(id='ana')")

    same = await do(honcho).peer("ana")
    assert (same.metadata, same.created_at) == ({"role": "nurse"}, ana.created_at)
    await do(same).set_metadata({"role": "doctor"})
    assert await do(ana).get_metadata() == {"role": "doctor"}
    await do(same).set_configuration(PeerConfig(observe_me=True))
    assert await do(ana).get_configuration() == PeerConfig(observe_me=True)
    await do(same).set_configuration(PeerConfig())
    await do(ana).refresh()
    assert ana.configuration == PeerConfig(), "a peer's configuration is replaced, not merged"

    with pytest.raises(UnprocessableEntityError) as refused:
        await do(honcho).peer("not a name")
    assert refused.value.status == 422


async def writes_messages_of_its_own(do: Way) -> None:
    honcho = do.client("author")
    ana = await do(honcho).peer("ana")
    session = await do(honcho).session("s")
    with pytest.raises(ValueError, match="whitespace"):
        ana.message("  ")
    said = ana.message(
        "I live in Porto.",
        metadata={"mood": "calm"},
        configuration={"reasoning": {"enabled": False}},
        created_at=datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2))),
    )
    (stored,) = await do(session).add_messages(said)
    assert (stored.peer_id, stored.session_id, stored.workspace_id) == ("ana", "s", honcho.workspace_id)
    assert (stored.content, stored.metadata) == ("I live in Porto.", {"mood": "calm"})
    assert stored.created_at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert stored.token_count > 0
    assert [found.id for found in await do.all(await do(ana).sessions())] == ["s"]
    assert await do.all(await do(ana).sessions(filters={"id": "other"})) == []


async def keeps_cards_about_itself_and_about_others(do: Way) -> None:
    honcho = do.client("cards")
    ana, bot = await do(honcho).peer("ana"), await do(honcho).peer("bot")
    assert await do(ana).get_card() is None
    assert await do(ana).set_card(["IDENTITY: Ana", "ATTRIBUTE: nurse"]) == ["IDENTITY: Ana", "ATTRIBUTE: nurse"]
    assert await do(bot).set_card(["RELATIONSHIP: my user"], target=ana) == ["RELATIONSHIP: my user"]
    assert await do(ana).get_card() == ["IDENTITY: Ana", "ATTRIBUTE: nurse"]
    assert await do(bot).get_card(target="ana") == ["RELATIONSHIP: my user"]
    assert await do(bot).get_card() is None
    with pytest.warns(DeprecationWarning, match="get_card"):
        assert await do(bot).card(ana) == ["RELATIONSHIP: my user"]
    held = await do(bot).context(target=ana)
    assert (held.peer_id, held.target_id, held.peer_card) == ("bot", "ana", ["RELATIONSHIP: my user"])
    nobody = honcho.peer("ghost-of-a-client").__class__("never-made", honcho)
    with pytest.raises(NotFoundError):
        await do(nobody).get_card()


async def holds_what_it_was_told(do: Way) -> None:
    chat = await told(do)
    ana, bot, first, second = chat.ana, chat.bot, chat.first, chat.second

    assert "Lisbon" in await do(ana).representation()
    assert "nurse" in await do(bot).representation(target=ana)
    assert await do(bot).representation() == "", "nothing is held about a peer that is not observed"
    in_first = await do(ana).representation(session=first)
    assert ("Lisbon" in in_first, "piano" in in_first) == (True, False)
    allowed = await do(ana).representation(sessions=[second])
    assert ("Lisbon" in allowed, "piano" in allowed) == (False, True)
    one = await do(ana).representation(
        search_query="music", search_top_k=1, search_max_distance=1.0, include_most_frequent=False, max_conclusions=1
    )
    assert "piano" in one
    assert "nurse" not in one

    held = await do(bot).context(
        target=ana,
        search_query="where does she live",
        search_top_k=5,
        search_max_distance=1.0,
        include_most_frequent=True,
        max_conclusions=10,
    )
    assert (held.peer_id, held.target_id) == ("bot", "ana")
    assert held.representation is not None
    assert "Lisbon" in held.representation

    found = await do(ana).search("Lisbon", limit=5)
    assert found
    assert "Lisbon" in found[0].content
    assert {message.peer_id for message in found} == {"ana"}
    assert await do(ana).search("Lisbon", filters={"session_id": second.id}, limit=1) != found[:1]
    assert [message.content for message in await do(bot).search("How do you like it?", limit=1)] == [
        "How do you like it?"
    ]


SCENARIOS = (
    keeps_its_metadata_and_configuration,
    writes_messages_of_its_own,
    keeps_cards_about_itself_and_about_others,
    holds_what_it_was_told,
)
