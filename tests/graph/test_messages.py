"""Messages get gapless numbers and leave their reasoning work behind in the same transaction."""

import asyncio
from datetime import timedelta

import pytest

from graph.configuration import Reasoning
from graph.driver import Database
from graph.errors import Invalid, NotFound
from graph.query import Predicate
from graph.store import messages, peers, work
from graph.store.messages import Deployment
from graph.types import Message, NewMessage, PageRequest
from tests.graph.conftest import said

DUE_AT_ONCE = Deployment(wait=timedelta(0))


async def test_seq_is_gapless_when_many_write_to_one_session(database: Database, workspace_id: str) -> None:
    async def write(writer: int) -> None:
        for turn in range(5):
            batch = [said(f"p{writer % 7}", f"{writer}.{turn}.{part}") for part in range(1 + turn % 3)]
            await messages.append(
                database, workspace_id=workspace_id, session_id="s", messages=batch, deployment=DUE_AT_ONCE
            )

    await asyncio.gather(*(write(writer) for writer in range(20)))

    found: list[Message] = []
    for number in range(1, 4):
        page = await messages.page(database, workspace_id, "s", Predicate(), PageRequest(page=number, size=100))
        assert page.total == 180
        found += page.items
    assert [message.seq for message in found] == list(range(1, 20 * 9 + 1))
    for writer in range(20):
        of_writer = [message.content for message in found if message.content.split(".")[0] == str(writer)]
        assert of_writer == sorted(of_writer, key=lambda content: [int(part) for part in content.split(".")])


async def test_a_batch_comes_back_in_order_with_ids_that_can_be_read(database: Database, workspace_id: str) -> None:
    batch = [said("ann", "one"), said("bob", "two"), said("ann", "three")]
    stored = (
        await messages.append(
            database, workspace_id=workspace_id, session_id="s", messages=batch, deployment=Deployment()
        )
    ).messages

    assert [(message.peer_id, message.content, message.seq) for message in stored] == [
        ("ann", "one", 1),
        ("bob", "two", 2),
        ("ann", "three", 3),
    ]
    assert await messages.get(database, workspace_id, "s", stored[1].id) == stored[1]
    with pytest.raises(NotFound):
        await messages.get(database, workspace_id, "another", stored[1].id)
    with pytest.raises(NotFound):
        await messages.get(database, "another", "s", stored[1].id)


async def test_a_unit_of_work_is_recorded_for_each_author_and_one_to_embed_the_session(
    database: Database, workspace_id: str
) -> None:
    batch = [said("ann", "one"), said("bob", "two"), said("ann", "three")]
    appended = await messages.append(
        database, workspace_id=workspace_id, session_id="s", messages=batch, deployment=DUE_AT_ONCE
    )

    assert sorted(wake.key for wake in appended.wakes) == [
        f"embedding/{workspace_id}/s",
        f"reasoning/{workspace_id}/s/ann",
        f"reasoning/{workspace_id}/s/bob",
    ]
    status = await work.status(database, workspace_id)
    assert (status.overall.pending, status.overall.completed) == (3, 0)
    assert set(status.sessions) == {"s"}


async def test_a_unit_that_waits_already_wakes_nobody_again_until_it_is_full(
    database: Database, workspace_id: str
) -> None:
    patient = Deployment(wait=timedelta(hours=1), full_tokens=10)

    async def write(content: str) -> list[str]:
        appended = await messages.append(
            database, workspace_id=workspace_id, session_id="s", messages=[said("ann", content)], deployment=patient
        )
        return sorted(wake.key.partition("/")[0] for wake in appended.wakes)

    assert await write("one two three") == ["embedding", "reasoning"]
    assert await write("four five six") == []
    assert await write("seven eight nine ten eleven") == ["reasoning"]


@pytest.mark.parametrize(
    ("configuration", "default"),
    [
        ({"reasoning": {"enabled": False}}, Reasoning()),
        (None, Reasoning(enabled=False)),
        ({"skip_deriver": True}, Reasoning()),
    ],
)
async def test_messages_that_are_not_to_be_reasoned_over_leave_no_reasoning(
    database: Database, workspace_id: str, configuration: dict[str, object] | None, default: Reasoning
) -> None:
    silent = NewMessage(peer_id="ann", content="x", token_count=1, metadata={}, configuration=configuration)
    appended = await messages.append(
        database,
        workspace_id=workspace_id,
        session_id="s",
        messages=[silent],
        deployment=Deployment(reasoning=default),
    )

    assert [wake.key for wake in appended.wakes] == [f"embedding/{workspace_id}/s"]
    assert (await work.status(database, workspace_id)).overall.total == 0


async def test_what_a_peer_s_own_configuration_says_is_frozen_with_its_messages(
    database: Database, workspace_id: str
) -> None:
    async def write(content: str) -> int:
        appended = await messages.append(
            database, workspace_id=workspace_id, session_id="s", messages=[said("ann", content)], deployment=DUE_AT_ONCE
        )
        return sum(wake.key.startswith("reasoning/") for wake in appended.wakes)

    async def configure(configuration: dict[str, object]) -> None:
        await peers.get_or_create(database, workspace_id, "ann", metadata=None, configuration=configuration)

    await configure({"reasoning": {"enabled": False}, "odd": [1]})
    assert await write("silent") == 0
    await configure({"reasoning": {"custom_instructions": "be terse"}})
    assert await write("spoken") == 1
    await configure({"reasoning": "nonsense"})

    held = await work.lease(database, f"reasoning/{workspace_id}/s/ann", 60)
    assert held is not None
    pending = await work.pending(database, held, 10)
    assert [(message.content, message.instructions) for message in pending] == [("spoken", "be terse")]
    assert await write("spoken again") == 0
    assert (await work.status(database, workspace_id)).overall.total == 2


async def test_a_name_that_breaks_the_rules_changes_nothing(database: Database, workspace_id: str) -> None:
    for peer_id in ("no spaces", "scope.team", "", "x" * 513, "nul\0"):
        with pytest.raises(Invalid, match="peer name"):
            await messages.append(
                database,
                workspace_id=workspace_id,
                session_id="s",
                messages=[said("ann", "kept only if all is well"), said(peer_id, "x")],
                deployment=Deployment(),
            )
    assert (await messages.page(database, workspace_id, "s", Predicate(), PageRequest())).total == 0


async def test_metadata_is_replaced_and_content_stays(database: Database, workspace_id: str) -> None:
    appended = await messages.append(
        database, workspace_id=workspace_id, session_id="s", messages=[said("ann", "x")], deployment=Deployment()
    )
    message_id = appended.messages[0].id

    assert (await messages.update(database, workspace_id, "s", message_id, {"a": [1, {"b": None}]})).metadata == {
        "a": [1, {"b": None}]
    }
    assert (await messages.update(database, workspace_id, "s", message_id, None)).metadata == {"a": [1, {"b": None}]}
    assert (await messages.update(database, workspace_id, "s", message_id, {})).metadata == {}
    with pytest.raises(NotFound):
        await messages.update(database, workspace_id, "s", "missing", {})


async def test_two_workspaces_with_equal_names_inside_stay_apart(database: Database, workspace_id: str) -> None:
    other = f"{workspace_id}-other"
    for name, content in ((workspace_id, "mine"), (other, "theirs")):
        await messages.append(
            database, workspace_id=name, session_id="s", messages=[said("ann", content)], deployment=Deployment()
        )

    for name, content in ((workspace_id, "mine"), (other, "theirs")):
        page = await messages.page(database, name, "s", Predicate(), PageRequest())
        assert [message.content for message in page.items] == [content]
        assert (await work.status(database, name)).overall.total == 1
