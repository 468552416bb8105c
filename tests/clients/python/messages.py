"""What a client does with messages: writing, paging, metadata, files, and contexts for prompts."""

# pyright: reportMissingTypeStubs=false

import io
import json
from datetime import UTC, datetime

import pytest
from honcho import APIError, NotFoundError, UnprocessableEntityError

from tests.clients.python.told import told
from tests.clients.python.way import Way


async def are_kept_in_the_order_of_writing(do: Way) -> None:
    honcho = do.client("order")
    ana, bot = await do(honcho).peer("ana"), await do(honcho).peer("bot")
    session = await do(honcho).session("s")
    old = datetime(2020, 1, 1, tzinfo=UTC)
    lines = [ana.message("one"), bot.message("two", created_at=old), ana.message(""), bot.message("four 4️⃣")]
    stored = await do(session).add_messages(lines)
    assert [message.content for message in stored] == ["one", "two", "", "four 4️⃣"]
    assert (str(stored[0]), "one" in repr(stored[0])) == ("one", True)
    assert stored[1].created_at == old

    page = await do(session).messages(size=3)
    assert [message.id for message in await do.all(page)] == [message.id for message in stored]
    newest = await do(session).messages(reverse=True, size=1)
    assert newest[0].id == stored[-1].id
    of_bot = await do.all(await do(session).messages(filters={"peer_id": "bot"}))
    assert [message.content for message in of_bot] == ["two", "four 4️⃣"]

    assert (await do(session).get_message(stored[1].id)).content == "two"
    changed = await do(session).update_message(stored[1], {"seen": True})
    assert (changed.metadata, changed.content) == ({"seen": True}, "two")
    assert (await do(session).update_message(stored[1].id, {})).metadata == {}
    with pytest.raises(NotFoundError) as missing:
        await do(session).get_message("no-such-message")
    assert (missing.value.status, missing.value.code) == (404, "not_found")
    with pytest.raises(UnprocessableEntityError) as refused:
        await do(session).add_messages([ana.message("x") for _ in range(101)])
    assert refused.value.body["detail"][0]["loc"][-1] == "messages"


async def are_made_of_files(do: Way) -> None:
    honcho = do.client("files")
    ana = await do(honcho).peer("ana")
    session = await do(honcho).session("s")
    text = "I was born in Coimbra.\n\nI study law."
    (plain,) = await do(session).upload_file(
        ("life.txt", text.encode(), "text/plain"),
        ana,
        metadata={"source": "file"},
        configuration={"reasoning": {"enabled": False}},
        created_at="2026-01-02T03:04:05Z",
    )
    assert (plain.content, plain.peer_id, plain.session_id) == (text, "ana", "s")
    assert (plain.metadata, plain.created_at) == ({"source": "file"}, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    opened = io.BytesIO(json.dumps({"city": "Évora"}).encode())
    opened.name = "facts.json"
    (facts,) = await do(session).upload_file(opened, "bot")
    assert json.loads(facts.content) == {"city": "Évora"}
    words = [f"word{n}" for n in range(10_000)]
    long = await do(session).upload_file(("long.md", " ".join(words).encode(), "text/markdown"), ana)
    assert len(long) > 1
    assert all(len(message.content) <= 25_000 for message in long)
    assert " ".join(message.content for message in long).split() == words
    everything = await do.all(await do(session).messages(size=100))
    assert [message.id for message in everything] == [plain.id, facts.id, *(message.id for message in long)]
    with pytest.raises(APIError) as refused:
        await do(session).upload_file(("picture.png", b"\x89PNG", "image/png"), ana)
    assert refused.value.status == 415


async def become_a_context_for_a_prompt(do: Way) -> None:
    chat = await told(do)
    context = await do(chat.first).context(
        summary=True,
        tokens=4000,
        peer_target="ana",
        peer_perspective="bot",
        search_query=chat.messages[0],
        limit_to_session=False,
        search_top_k=5,
        search_max_distance=1.0,
        include_most_frequent=True,
        max_conclusions=20,
    )
    assert context.session_id == "first"
    assert [message.id for message in context.messages] == [message.id for message in chat.messages]
    assert context.summary is None
    assert context.peer_representation is not None
    assert "piano" in context.peer_representation, "without a limit all sessions count"
    assert (len(context), "messages=3" in repr(context)) == (3, True)

    asked = context.to_openai(assistant=chat.bot)
    # Representation and card stand before what was said.
    assert [line["role"] for line in asked] == ["system", "system", "user", "assistant", "user"]
    assert [line.get("name") for line in asked[2:]] == ["ana", "bot", "ana"]
    claude = context.to_anthropic(assistant="bot")
    assert [line["role"] for line in claude] == ["user", "user", "user", "assistant", "user"]
    assert claude[2]["content"] == "ana: I moved to Lisbon last week."

    alone = await do(chat.first).context(peer_target="ana", limit_to_session=True)
    assert alone.peer_representation is not None
    assert ("Lisbon" in alone.peer_representation, "piano" in alone.peer_representation) == (True, False)
    both = await do(chat.first).context(peer_target="ana", sessions=[chat.first, chat.second])
    assert both.peer_representation is not None
    assert "piano" in both.peer_representation
    tiny = await do(chat.first).context(tokens=chat.messages[-1].token_count, summary=False)
    assert [message.id for message in tiny.messages] == [chat.messages[-1].id], "the newest that fit"
    with pytest.raises(ValueError, match="peer_target"):
        await do(chat.first).context(peer_perspective="bot")
    unknown = chat.first.__class__("never-made", chat.honcho)
    empty = await do(unknown).context()
    assert (empty.messages, empty.summary, empty.peer_representation, empty.peer_card) == ([], None, None, None)


SCENARIOS = (
    are_kept_in_the_order_of_writing,
    are_made_of_files,
    become_a_context_for_a_prompt,
)
