"""Message search over HTTP, as a client meets it: at once by words, in any script, within what the route imposes."""

from collections.abc import Sequence

import httpx
import pytest

from tests.api.conftest import detail, problems

Searched = list[str]


class Search:
    """A workspace to search."""

    def __init__(self, client: httpx.AsyncClient, base: str) -> None:
        self.client = client
        self.base = base

    async def say(self, session: str, *said: tuple[str, str], **more: object) -> None:
        messages = [{"peer_id": peer, "content": content, **more} for peer, content in said]
        answer = await self.client.post(f"{self.base}/sessions/{session}/messages", json={"messages": messages})
        assert answer.status_code == 201, answer.text

    async def find(self, query: str, part: str = "", **options: object) -> Searched:
        answer = await self.client.post(f"{self.base}{part}/search", json={"query": query, **options})
        assert answer.status_code == 200, answer.text
        return [message["content"] for message in answer.json()]


@pytest.fixture
def search(client: httpx.AsyncClient, base: str) -> Search:
    return Search(client, base)


async def test_what_was_just_said_is_found_at_once(search: Search) -> None:
    for number in range(20):
        await search.say("s", ("ann", f"The parcel is number quux{number}."))
        assert (await search.find(f"quux{number}"))[0] == f"The parcel is number quux{number}."


async def test_a_message_is_shown_as_lists_show_it(search: Search, client: httpx.AsyncClient, base: str) -> None:
    await search.say("s", ("ann", "The lake is frozen."), metadata={"mood": {"is": ["calm"]}})
    (found,) = (await client.post(f"{base}/search", json={"query": "frozen lakes"})).json()
    listed = (await client.post(f"{base}/sessions/s/messages/list", json={})).json()["items"]
    assert [found] == listed


@pytest.mark.parametrize(
    ("content", "queries"),
    [
        ("Ich habe gestern Brötchen gekauft.", ("Brötchen", "brotchen", "Wo hast du Brötchen gekauft?", "röt")),
        ("我的猫喜欢睡觉", ("猫", "喜欢", "什么猫喜欢睡觉")),
        ("昨日ニューヨークへ行きました", ("ヨーク", "ﾆｭｰﾖｰｸ", "ニューヨークはどこ")),
        ("고양이가 좋아해요", ("고양이", "고양이는 어디")),
        ("ฉันชอบแมวมาก", ("แมว",)),
        ("Ειμαι στην Αθήνα", ("αθηνα", "ΑΘΉΝΑ")),
        ("Я живу в Москве", ("москве",)),
        ("See ticket AB-1234_x at https://a.example/x?y=1", ("ab-1234_x", "a.example/x?y", "1234", "AB-12")),
    ],
)
async def test_text_of_any_language_is_found(search: Search, content: str, queries: Sequence[str]) -> None:
    await search.say("s", ("ann", "Nothing of interest."), ("ann", content))
    for query in queries:
        assert (await search.find(query))[:1] == [content], query


@pytest.mark.parametrize(
    "query",
    ['"', "\\", "AND OR NOT", "search_scope:*", "*:*", "a* OR b~2", "+(", ")^0 OR (x", "/.*/", "[a TO z]", "-x"],
)
async def test_what_looks_like_the_index_language_is_text(search: Search, query: str, workspace: str) -> None:
    await search.say("s", ("ann", "Unrelated words here."))
    assert await search.find(query) in ([], ["Unrelated words here."])
    await search.say("s", ("ann", f"Literally {query} so."))
    assert (await search.find(query))[0] == f"Literally {query} so."


async def test_equal_words_in_two_workspaces_stay_apart(client: httpx.AsyncClient, base: str) -> None:
    mine, theirs = Search(client, base), Search(client, f"{base}-other")
    await mine.say("s", ("ann", "The harvest begins, mine."))
    await theirs.say("s", ("ann", "The harvest begins, theirs."))
    for query in ("harvest", "harves", "begins, "):
        for part in ("", "/peers/ann", "/sessions/s"):
            assert await mine.find(query, part) == ["The harvest begins, mine."]
            assert await theirs.find(query, part) == ["The harvest begins, theirs."]
    widening = {"OR": [{"workspace_id": "*"}, {"workspace_id": f"{base}-other"}]}
    assert await mine.find("harvest", filters=widening) == ["The harvest begins, mine."]


async def test_no_filter_widens_what_the_route_imposes(search: Search) -> None:
    await search.say("s", ("ann", "Apples by Ann in s."), ("bob", "Apples by Bob in s."))
    await search.say("t", ("ann", "Apples by Ann in t."))
    for filters in (None, {}, {"peer_id": "bob"}, {"OR": [{"peer_id": "*"}, {"peer_id": "ann"}]}):
        assert set(await search.find("apples", "/peers/ann", filters=filters)) == {
            "Apples by Ann in s.",
            "Apples by Ann in t.",
        }
    for filters in (None, {"session_id": "t"}, {"OR": [{"session_id": "*"}]}, {"workspace_id": "other"}):
        assert set(await search.find("apples", "/sessions/s", filters=filters)) == {
            "Apples by Ann in s.",
            "Apples by Bob in s.",
        }
    assert await search.find("apples", "/peers/ann", filters={"session_id": "t"}) == ["Apples by Ann in t."]
    assert await search.find("apples", filters={"NOT": [{"peer_id": "ann"}]}) == ["Apples by Bob in s."]
    assert await search.find("apples", filters={"session_id": {"in": []}}) == []


async def test_a_filter_loses_nothing_however_many_others_fit_better(search: Search) -> None:
    for _ in range(3):
        await search.say("s", *(("bob", "Pears, pears and pears!") for _ in range(100)))
    await search.say("s", ("bob", "A long sentence in which among much else a pear is named."), metadata={"kept": 1})
    for query in ("pears", "pear is", "ear"):
        found = await search.find(query, filters={"metadata": {"kept": 1}})
        assert found == ["A long sentence in which among much else a pear is named."], query


async def test_a_peer_perspective_is_what_was_said_while_the_peer_was_there(
    search: Search, client: httpx.AsyncClient, base: str
) -> None:
    async def cid(verb: str) -> None:
        body: object = {"cid": {}} if verb == "POST" else ["cid"]
        answer = await client.request(verb, f"{base}/sessions/s/peers", json=body)
        assert answer.status_code == 200, answer.text

    await search.say("s", ("ann", "Plums one."))
    await cid("POST")
    await search.say("s", ("ann", "Plums two."))
    await cid("DELETE")
    await search.say("s", ("ann", "Plums three."))
    await cid("POST")
    await search.say("s", ("ann", "Plums four."))
    await search.say("t", ("ann", "Plums elsewhere."))

    heard = {"peer_perspective": "cid"}
    for part in ("", "/peers/ann", "/sessions/s"):
        assert set(await search.find("plums", part, filters=heard)) == {"Plums two.", "Plums four."}
    assert await search.find("plums", filters={"peer_perspective": "nobody"}) == []
    await cid("DELETE")
    await search.say("s", ("ann", "Plums five."))
    assert set(await search.find("plums", filters=heard)) == {"Plums two.", "Plums four."}
    refused = await client.post(f"{base}/sessions/s/messages/list", json={"filters": heard})
    assert "peer_perspective" in detail(refused)


async def test_the_empty_query_finds_the_newest(search: Search) -> None:
    await search.say("s", *(("ann", f"Number {number}.") for number in range(30)))
    assert await search.find("", "/sessions/s", limit=3) == ["Number 29.", "Number 28.", "Number 27."]
    assert len(await search.find("", limit=3)) == 3
    assert len(await search.find("number")) == 10


async def test_unknown_places_have_no_messages(search: Search) -> None:
    for part in ("", "/peers/ann", "/sessions/s"):
        assert await search.find("anything", part) == []
    await search.say("s", ("ann", "Something."))
    for part in ("/peers/nobody", "/sessions/none"):
        assert await search.find("something", part) == []


async def test_a_scope_is_searched_alone(search: Search, client: httpx.AsyncClient, base: str) -> None:
    await search.say("s", ("ann", "Figs in s."))
    await search.say("t", ("ann", "Figs in t."))
    assert detail(await client.post(f"{base}/search", json={"query": "figs", "scope": "team"}), 404)
    assert (await client.post(f"{base}/scopes", json={"id": "team"})).status_code == 201
    assert await search.find("figs", scope="team") == []
    joined = await client.post(f"{base}/scopes/team/sessions", json={"session_ids": ["t"]})
    assert joined.status_code == 204, joined.text
    assert await search.find("figs", scope="team") == ["Figs in t."]
    assert await search.find("figs", scope="team", filters={"peer_id": "bob"}) == []
    both = await client.post(f"{base}/search", json={"query": "figs", "scope": "team", "filters": {"session_id": "s"}})
    assert "scope" in detail(both)


async def test_bodies_that_break_rules_are_refused(client: httpx.AsyncClient, base: str) -> None:
    for part in ("", "/peers/ann", "/sessions/s"):
        for limit in (0, 101):
            refused = await client.post(f"{base}{part}/search", json={"query": "x", "limit": limit})
            assert problems(refused)[0]["loc"] == ["body", "limit"]
        assert problems(await client.post(f"{base}{part}/search", json={}))[0]["loc"] == ["body", "query"]
        bad = await client.post(f"{base}{part}/search", json={"query": "x", "filters": {"content": "x"}})
        assert "content" in detail(bad)
        long = await client.post(f"{base}{part}/search", json={"query": "word " * 9000})
        assert "8192" in detail(long)
        nul = await client.post(f"{base}{part}/search", json={"query": "x\0y", "limit": 100, "filters": None})
        assert nul.status_code == 200
