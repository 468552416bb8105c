"""The context of sessions and of peers over HTTP."""

from collections.abc import Mapping

import httpx
import msgspec
import pytest
from msgspec import Struct

from app.models import tokens
from tests.api.conftest import detail, problems
from tests.api.stating import lines, peers, session, state

WORDS = "one two three four five six seven eight nine ten"


class Said(Struct, frozen=True):
    content: str


class Found(Struct, frozen=True):
    messages: list[Said]
    peer_representation: str | None
    peer_card: list[str] | None


async def context(client: httpx.AsyncClient, path: str, **query: object) -> Mapping[str, object]:
    response = await client.get(f"{path}/context", params={key: str(value).lower() for key, value in query.items()})
    assert response.status_code == 200, response.text
    return response.json()


async def said(client: httpx.AsyncClient, path: str, **query: object) -> list[str]:
    return [message.content for message in msgspec.convert(await context(client, path, **query), Found).messages]


async def held(client: httpx.AsyncClient, path: str, key: str = "peer_representation", **query: object) -> list[str]:
    text = (await context(client, path, **query))[key]
    assert isinstance(text, str)
    return lines(text)


async def test_an_unknown_session_has_an_empty_context_and_no_summaries(client: httpx.AsyncClient, base: str) -> None:
    assert await context(client, f"{base}/sessions/nowhere") == {
        "id": "nowhere",
        "messages": [],
        "summary": None,
        "peer_representation": None,
        "peer_card": None,
    }
    summaries = await client.get(f"{base}/sessions/nowhere/summaries")
    assert (summaries.status_code, summaries.json()) == (
        200,
        {"id": "nowhere", "short_summary": None, "long_summary": None},
    )


async def test_all_messages_of_a_short_session_come_back_oldest_first(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s", *(f"message {number}" for number in range(60)))
    await session(client, base, "s", *(f"message {number}" for number in range(60, 120)))
    path = f"{base}/sessions/s"

    found = await context(client, path)

    listed: list[object] = []
    for page in (1, 2):
        response = await client.post(f"{path}/messages/list", params={"page": page, "size": 100})
        listed += response.json()["items"]
    assert found["messages"] == listed
    assert len(listed) == 120


async def test_the_budget_takes_the_newest_messages_that_fit(client: httpx.AsyncClient, base: str) -> None:
    each = tokens.count(WORDS)
    await session(client, base, "s", *[WORDS] * 9, "last")
    path = f"{base}/sessions/s"
    last = tokens.count("last")

    assert len(await said(client, path, tokens=last + 3 * each)) == 4
    assert len(await said(client, path, tokens=last + 3 * each - 1)) == 3
    assert await said(client, path, tokens=last) == ["last"]
    assert await said(client, path, tokens=0) == []
    assert await said(client, path, tokens=-7) == []
    assert len(await said(client, path, tokens=100_000, summary=False)) == 10


async def test_the_representation_and_messages_together_stay_within_the_budget(
    client: httpx.AsyncClient, base: str
) -> None:
    await session(client, base, "s", *[WORDS] * 30)
    await peers(client, base, "ann", "bob")
    await state(client, base, *(f"Bob likes dish number {number}" for number in range(5)))
    path = f"{base}/sessions/s"

    for budget in (130, 200, 300):
        query = {"tokens": budget, "peer_target": "bob", "peer_perspective": "ann"}
        found = msgspec.convert(await context(client, path, **query), Found)
        assert found.peer_representation
        room = budget - tokens.count(found.peer_representation)
        assert len(found.messages) == room // tokens.count(WORDS)
        assert found.peer_card is None


async def test_the_observer_is_the_perspective_or_else_the_target(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, "Bob as Ann sees him")
    await state(client, base, "Bob as he is", observer="bob")
    path = f"{base}/sessions/s"

    assert await held(client, path, peer_target="bob") == ["Bob as he is"]
    assert await held(client, path, peer_target="bob", peer_perspective="ann") == ["Bob as Ann sees him"]


async def test_a_session_s_context_can_be_limited_to_sessions(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    for name in ("s", "t", "u"):
        await session(client, base, name)
        await state(client, base, f"said in {name}", session_id=name)
    path = f"{base}/sessions/s"
    pair = {"peer_target": "bob", "peer_perspective": "ann"}

    assert await held(client, path, **pair) == ["said in s", "said in t", "said in u"]
    assert await held(client, path, **pair, limit_to_session=True) == ["said in s"]
    response = await client.get(f"{path}/context", params={**pair, "sessions": ["s", "t"]})
    assert lines(response.json()["peer_representation"]) == ["said in s", "said in t"]


async def test_an_unknown_observer_is_not_found_unless_recall_is_limited(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann")
    path = f"{base}/sessions/s/context"

    assert "nobody" in detail(await client.get(path, params={"peer_target": "nobody"}), 404)
    unknown = {"peer_target": "ann", "peer_perspective": "nobody"}
    assert "nobody" in detail(await client.get(path, params=unknown), 404)
    limited = await client.get(path, params={**unknown, "limit_to_session": "true"})
    assert (limited.status_code, limited.json()["peer_representation"]) == (200, "")
    known = await client.get(path, params={"peer_target": "nobody", "peer_perspective": "ann"})
    assert (known.status_code, known.json()["peer_representation"]) == (200, "")


@pytest.mark.parametrize(
    "query",
    [
        {"peer_perspective": "ann"},
        {"sessions": "s"},
        {"peer_target": "bob", "sessions": "t"},
        {"peer_target": "bob", "sessions": "s", "limit_to_session": "true"},
        {"peer_target": "bob", "sessions": ["s", "*"]},
        {"peer_target": "bob", "sessions": ["s", *(f"s{number}" for number in range(1000))]},
        {"peer_target": "scope.team"},
        {"peer_target": "x" * 513},
    ],
    ids=range(8),
)
async def test_options_that_contradict_one_another_are_refused(
    client: httpx.AsyncClient, base: str, query: dict[str, str | list[str]]
) -> None:
    assert detail(await client.get(f"{base}/sessions/s/context", params=query))


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"tokens": "100001"}, "less_than_equal"),
        ({"tokens": "many"}, "int_parsing"),
        ({"search_top_k": "0"}, "greater_than_equal"),
        ({"search_max_distance": "2"}, "less_than_equal"),
        ({"max_conclusions": "101"}, "less_than_equal"),
        ({"include_most_frequent": "perhaps"}, "bool_parsing"),
        ({"summary": "perhaps"}, "bool_parsing"),
    ],
)
async def test_options_out_of_bounds_are_refused(
    client: httpx.AsyncClient, base: str, query: dict[str, str], kind: str
) -> None:
    found = problems(await client.get(f"{base}/sessions/s/context", params=query))

    assert [(problem["type"], problem["loc"]) for problem in found] == [(kind, ["query", next(iter(query))])]


async def test_a_peer_s_context_says_what_it_holds(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, "Bob likes tea")
    await state(client, base, "Ann likes tea", observed="ann")
    path = f"{base}/peers/ann"

    of_bob = await context(client, path, target="bob")
    assert set(of_bob) == {"peer_id", "target_id", "representation", "peer_card"}
    assert (of_bob["peer_id"], of_bob["target_id"], of_bob["peer_card"]) == ("ann", "bob", None)
    assert lines(str(of_bob["representation"])) == ["Bob likes tea"]
    assert (await context(client, path))["target_id"] == "ann"
    assert await held(client, path, "representation") == ["Ann likes tea"]
    assert await held(client, path, "representation", target="bob", search_query="drinks") == ["Bob likes tea"]
    assert (await context(client, path, target="nobody"))["representation"] == ""


async def test_a_peer_s_context_holds_up_to_a_hundred_with_the_most_frequent(
    client: httpx.AsyncClient, base: str
) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, *(f"fact {number}" for number in range(60)))
    await state(client, base, *(f"fact {number}" for number in range(60, 120)))
    path = f"{base}/peers/ann"

    # All were concluded once, so the most frequent half and the newest half are the same fifty.
    assert len(await held(client, path, "representation", target="bob")) == 50
    assert len(await held(client, path, "representation", target="bob", include_most_frequent=False)) == 100
    assert len(await held(client, path, "representation", target="bob", max_conclusions=10)) == 5


async def test_the_context_of_an_unknown_peer_is_not_found(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann")

    assert "nobody" in detail(await client.get(f"{base}/peers/nobody/context"), 404)
    assert "ann" in detail(await client.get(f"{base}-other/peers/ann/context"), 404)
    assert "scope." in detail(await client.get(f"{base}/peers/ann/context", params={"target": "scope.team"}))


async def test_contexts_of_the_same_names_in_two_workspaces_share_nothing(client: httpx.AsyncClient, base: str) -> None:
    for where in (base, f"{base}-other"):
        await session(client, where, "s", f"said in {where}")
        await peers(client, where, "ann", "bob")
        await state(client, where, f"concluded in {where}")

    for where in (base, f"{base}-other"):
        query = {"peer_target": "bob", "peer_perspective": "ann", "search_query": "concluded"}
        assert await said(client, f"{where}/sessions/s", **query) == [f"said in {where}"]
        assert await held(client, f"{where}/sessions/s", **query) == [f"concluded in {where}"]
        assert await held(client, f"{where}/peers/ann", "representation", target="bob") == [f"concluded in {where}"]
