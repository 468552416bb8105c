"""The context of a session on the real engine: messages within a budget, next to what is held about a peer."""

from collections.abc import Sequence

import pytest

from graph.driver import Database
from graph.errors import NotFound
from graph.ids import new_id
from graph.queries import recall as queries
from graph.recall.context import peer_context, session_context
from graph.recall.recipes import SESSION_CONTEXT
from graph.recall.representation import Asked
from graph.store.messages import Deployment, append
from graph.types import Message, NewMessage
from tests.graph.conftest import said
from tests.graph.holding import Held, hold


def about(observer_id: str, observed_id: str, session_ids: Sequence[str] | None = None) -> Asked:
    return Asked(
        observer_id=observer_id,
        observed_id=observed_id,
        recipe=SESSION_CONTEXT,
        max_conclusions=100,
        include_most_frequent=False,
        session_ids=session_ids,
    )


async def say(database: Database, workspace_id: str, session_id: str, sizes: Sequence[int]) -> None:
    """Messages of so many tokens each; their contents are numbers from 1 on."""
    messages = [
        NewMessage(peer_id="ann", content=str(number), token_count=size, metadata={"n": number})
        for number, size in enumerate(sizes, 1)
    ]
    for start in range(0, len(messages), 100):
        await append(
            database,
            workspace_id=workspace_id,
            session_id=session_id,
            messages=messages[start : start + 100],
            deployment=Deployment(),
        )


async def recent(
    database: Database, workspace_id: str, session_id: str, tokens: int, asked: Asked | None = None
) -> Sequence[Message]:
    context = await session_context(
        database, workspace_id, session_id, tokens=tokens, about=asked, count=lambda text: len(text.split())
    )
    return context.messages


async def test_the_newest_messages_that_fit_come_back_oldest_first(database: Database, workspace_id: str) -> None:
    await say(database, workspace_id, "s", [10, 10, 50, 10, 10])

    assert [each.content for each in await recent(database, workspace_id, "s", 30)] == ["4", "5"]
    assert [each.content for each in await recent(database, workspace_id, "s", 70)] == ["3", "4", "5"]
    assert [each.seq for each in await recent(database, workspace_id, "s", 1000)] == [1, 2, 3, 4, 5]
    assert (await recent(database, workspace_id, "s", 10))[0].metadata == {"n": 5}


@pytest.mark.parametrize("tokens", [9, 1, 0, -5])
async def test_a_newest_message_that_does_not_fit_leaves_none(
    database: Database, workspace_id: str, tokens: int
) -> None:
    await say(database, workspace_id, "s", [1, 10])

    assert await recent(database, workspace_id, "s", tokens) == []


async def test_a_long_run_is_read_in_slices_without_gap_or_repeat(database: Database, workspace_id: str) -> None:
    sizes = [1 if number % 7 else 40 for number in range(700)]
    await say(database, workspace_id, "s", sizes)

    for tokens in (64, 65, 300, 2000, 4000, 10_000):
        found = await recent(database, workspace_id, "s", tokens)
        count = len(found)
        assert [each.seq for each in found] == list(range(701 - count, 701))
        assert sum(each.token_count for each in found) <= tokens
        assert count == 700 or sum(sizes[-count - 1 :]) > tokens


async def test_messages_without_tokens_fit_an_exhausted_budget(database: Database, workspace_id: str) -> None:
    await say(database, workspace_id, "s", [5, *[0] * 80, *[1] * 64])

    assert len(await recent(database, workspace_id, "s", 64)) == 144


async def test_an_unknown_session_has_no_messages(database: Database, workspace_id: str) -> None:
    assert await recent(database, workspace_id, "nowhere", 100) == []


async def test_sessions_of_one_name_in_two_workspaces_keep_their_messages_apart(
    database: Database, workspace_id: str
) -> None:
    other = f"w-{new_id()}"
    for each in (workspace_id, other):
        await append(
            database,
            workspace_id=each,
            session_id="s",
            messages=[said("ann", f"in {each}")],
            deployment=Deployment(),
        )
        await append(
            database,
            workspace_id=each,
            session_id="s2",
            messages=[said("ann", f"in another session of {each}")],
            deployment=Deployment(),
        )

    for each in (workspace_id, other):
        assert [found.content for found in await recent(database, each, "s", 1000)] == [f"in {each}"]


async def test_the_representation_takes_its_tokens_from_the_messages(database: Database, workspace_id: str) -> None:
    await say(database, workspace_id, "s", [10, 10, 10])
    await hold(database, Held(content="Bob likes tea", workspace_id=workspace_id, observed_id="bob"))

    context = await session_context(
        database, workspace_id, "s", tokens=28, about=about("ann", "bob"), count=lambda text: len(text.split())
    )

    assert context.representation == "## Explicit Conclusions\n\n[2026-05-04 12:00:00] Bob likes tea"
    # 28 less the representation's 8 words.
    assert [each.content for each in context.messages] == ["2", "3"]


async def test_a_representation_larger_than_the_budget_is_kept_whole_and_leaves_no_message(
    database: Database, workspace_id: str
) -> None:
    await say(database, workspace_id, "s", [1])
    await hold(database, Held(content="Bob likes tea", workspace_id=workspace_id, observed_id="bob"))

    context = await session_context(
        database, workspace_id, "s", tokens=3, about=about("ann", "bob"), count=lambda text: len(text.split())
    )

    assert context.messages == []
    assert context.representation is not None
    assert "Bob likes tea" in context.representation


async def test_an_unknown_observer_is_an_error_unless_recall_is_restricted_to_sessions(
    database: Database, workspace_id: str
) -> None:
    await say(database, workspace_id, "s", [1])

    assert len(await recent(database, workspace_id, "s", 10, about("ann", "nobody"))) == 1
    assert len(await recent(database, workspace_id, "s", 10, about("nobody", "ann", ["s"]))) == 1
    with pytest.raises(NotFound, match="Peer nobody not found"):
        await recent(database, workspace_id, "s", 10, about("nobody", "ann"))
    with pytest.raises(NotFound, match="Peer nobody not found"):
        await peer_context(database, workspace_id, about("nobody", "ann"))


async def test_the_peer_s_own_context_is_what_it_holds(database: Database, workspace_id: str) -> None:
    await hold(
        database,
        Held(content="of bob", workspace_id=workspace_id, observed_id="bob"),
        Held(content="of herself", workspace_id=workspace_id),
    )

    assert "of bob" in (await peer_context(database, workspace_id, about("ann", "bob"))).representation
    assert "of bob" not in (await peer_context(database, workspace_id, about("ann", "ann"))).representation


async def test_the_newest_messages_are_read_in_index_order_and_never_sorted(database: Database) -> None:
    parameters = {"workspace_id": "w", "session_id": "s", "before_seq": 9, "limit": 5}

    plan = await database.explain(queries.LATEST.statement(), parameters)

    names = [name for name, _ in plan.operators]
    assert not {"Sort", "Top", "PartialSort", "PartialTop"} & set(names)
    assert "Limit" in names
