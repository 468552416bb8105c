"""Who is in a session: join, leave, and what observing is configured for whom."""

import asyncio

import httpx
import pytest

from tests.api.conftest import detail, problems

BOTH_NULL = {"observe_me": None, "observe_others": None}


class Members:
    """The members of one session, over HTTP."""

    def __init__(self, client: httpx.AsyncClient, base: str, session: str = "s") -> None:
        self.client = client
        self.path = f"{base}/sessions/{session}"

    async def change(self, verb: str, body: object) -> httpx.Response:
        return await self.client.request(verb, f"{self.path}/peers", json=body)

    async def present(self) -> list[str]:
        answer = await self.client.get(f"{self.path}/peers")
        return [peer["id"] for peer in answer.json()["items"]]

    async def configuration(self, peer: str) -> object:
        answer = await self.client.get(f"{self.path}/peers/{peer}/config")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def say(self, peer: str) -> None:
        answer = await self.client.post(
            f"{self.path}/messages", json={"messages": [{"peer_id": peer, "content": "Hello."}]}
        )
        assert answer.status_code == 201, answer.text


@pytest.fixture
def members(client: httpx.AsyncClient, base: str) -> Members:
    return Members(client, base)


async def test_adding_creates_the_session_and_the_peers_and_returns_the_session(members: Members) -> None:
    answer = await members.change("POST", {"ana": {"observe_me": False}, "bob": {}})

    assert (answer.status_code, answer.json()["id"]) == (200, "s")
    assert await members.present() == ["ana", "bob"]
    assert await members.configuration("ana") == {"observe_me": False, "observe_others": None}
    assert await members.configuration("bob") == BOTH_NULL


async def test_adding_a_peer_that_is_in_changes_nothing_of_it(members: Members) -> None:
    await members.change("POST", {"ana": {"observe_others": True}})
    await members.change("POST", {"bob": {}})
    await members.change("POST", {"ana": {"observe_others": False, "observe_me": False}})

    assert await members.configuration("ana") == {"observe_me": None, "observe_others": True}
    assert await members.present() == ["ana", "bob"]


async def test_a_peer_that_left_comes_back_with_the_new_configuration(members: Members) -> None:
    await members.change("POST", {"ana": {"observe_others": True}, "bob": {}})
    left = await members.change("DELETE", ["ana", "nobody"])
    while_away = await members.configuration("ana")
    present = await members.present()
    await members.change("POST", {"ana": {"observe_me": False}})

    assert (left.status_code, left.json()["id"]) == (200, "s")
    assert while_away == {"observe_me": None, "observe_others": True}
    assert present == ["bob"]
    assert await members.present() == ["bob", "ana"]
    assert await members.configuration("ana") == {"observe_me": False, "observe_others": None}


async def test_replacing_lets_all_others_leave_and_replaces_configurations(members: Members) -> None:
    await members.change("POST", {"ana": {"observe_others": True}, "bob": {}, "eve": {}})

    answer = await members.change("PUT", {"ana": {"observe_me": True}, "new": {}})

    assert (answer.status_code, answer.json()["id"]) == (200, "s")
    assert await members.present() == ["ana", "new"]
    assert await members.configuration("ana") == {"observe_me": True, "observe_others": None}
    assert (await members.change("PUT", {})).status_code == 200
    assert await members.present() == []


async def test_the_author_of_a_message_joins_and_a_removed_one_comes_back(members: Members) -> None:
    await members.change("POST", {"ana": {"observe_others": True}})
    await members.say("ana")
    await members.say("bob")
    assert await members.configuration("ana") == {"observe_me": None, "observe_others": True}
    assert await members.configuration("bob") == BOTH_NULL
    await members.change("DELETE", ["bob"])
    assert await members.present() == ["ana"]

    await members.say("bob")

    assert await members.present() == ["ana", "bob"]


async def test_a_peer_that_left_stays_in_the_history_and_no_longer_observes(
    members: Members, client: httpx.AsyncClient, base: str
) -> None:
    await members.change("POST", {"ana": {"observe_others": True}})
    await members.say("ana")
    await members.change("DELETE", ["ana"])

    sessions = (await client.post(f"{base}/peers/ana/sessions")).json()
    assert [session["id"] for session in sessions["items"]] == ["s"]
    assert (await client.post(f"{members.path}/messages/list")).json()["total"] == 1
    assert (await members.change("POST", {f"o{n}": {"observe_others": True} for n in range(10)})).status_code == 200


async def test_replacing_the_members_leaves_a_session_in_its_scopes(
    members: Members, client: httpx.AsyncClient, base: str
) -> None:
    await client.post(f"{base}/scopes", json={"id": "team"})
    await members.change("POST", {"ana": {}})
    added = await client.post(f"{base}/scopes/team/sessions", json={"session_ids": ["s"]})
    assert added.status_code == 204, added.text

    await members.change("PUT", {})

    assert await members.present() == []
    assert (await client.post(f"{base}/scopes/team/sessions/list")).json()["total"] == 1
    copy = (await client.post(f"{members.path}/clone")).json()
    listed = (await client.post(f"{base}/scopes/team/sessions/list")).json()["items"]
    assert {session["id"] for session in listed} == {"s", copy["id"]}
    await client.delete(f"{base}/scopes/team/sessions/s")
    await client.post(f"{members.path}/clone")
    listed = (await client.post(f"{base}/scopes/team/sessions/list")).json()["items"]
    assert [session["id"] for session in listed] == [copy["id"]]


async def test_configuring_merges_what_is_given_and_may_join(
    members: Members, client: httpx.AsyncClient, base: str
) -> None:
    await members.change("POST", {"ana": {"observe_others": True}})
    await client.post(f"{base}/peers", json={"id": "bob"})

    first = await client.put(f"{members.path}/peers/ana/config", json={"observe_me": False, "observe_others": None})
    joined = await client.put(f"{members.path}/peers/bob/config", json={})

    assert (first.status_code, first.content, joined.status_code) == (204, b"", 204)
    assert await members.configuration("ana") == {"observe_me": False, "observe_others": True}
    assert await members.configuration("bob") == BOTH_NULL
    assert await members.present() == ["ana", "bob"]


async def test_what_is_not_there_is_not_found(members: Members, client: httpx.AsyncClient, base: str) -> None:
    assert detail(await members.change("PUT", {"ana": {}}), 404) == "Session s not found"
    assert detail(await members.change("DELETE", ["ana"]), 404) == "Session s not found"
    assert "not found" in detail(await client.put(f"{members.path}/peers/ana/config", json={}), 404)
    await members.change("POST", {"ana": {}})
    await client.post(f"{base}/peers", json={"id": "bob"})
    assert "not found" in detail(await client.get(f"{members.path}/peers/bob/config"), 404)
    assert "not found" in detail(await client.get(f"{members.path}/peers/nobody/config"), 404)
    assert "not found" in detail(await client.put(f"{members.path}/peers/nobody/config", json={}), 404)


async def test_a_session_has_ten_observers_and_no_more(members: Members, client: httpx.AsyncClient, base: str) -> None:
    observing = {"observe_others": True}
    ten = {f"o{n}": observing for n in range(10)}
    assert (await members.change("POST", {**ten, "quiet": {}})).status_code == 200

    eleventh = await members.change("POST", {"o10": observing})

    assert "11" in detail(eleventh, 400)
    assert "10" in detail(eleventh, 400)
    assert "o10" not in await members.present()
    detail(await client.post(f"{base}/sessions", json={"id": "s", "peers": {"o10": observing}}), 400)
    detail(await client.post(f"{base}/sessions", json={"id": "t", "peers": {**ten, "o10": observing}}), 400)
    detail(await members.change("PUT", {**ten, "o10": observing}), 400)
    detail(await client.put(f"{members.path}/peers/quiet/config", json=observing), 400)
    assert (await client.put(f"{members.path}/peers/o1/config", json=observing)).status_code == 204
    assert (await members.change("POST", ten)).status_code == 200
    assert (await members.change("PUT", {"other": observing})).status_code == 200


async def test_clients_at_once_do_not_get_past_the_limit_on_observers(members: Members) -> None:
    await members.change("POST", {})

    answers = await asyncio.gather(*(members.change("POST", {f"o{n}": {"observe_others": True}}) for n in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] * 10 + [400] * 10
    assert len(await members.present()) == 10


async def test_thirty_clients_at_once_join_thirty_peers_to_a_session_that_is_not_there_yet(members: Members) -> None:
    answers = await asyncio.gather(*(members.change("POST", {f"p{n}": {}, "shared": {}}) for n in range(30)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(await members.present()) == 31


async def test_members_are_listed_by_page(members: Members, client: httpx.AsyncClient) -> None:
    await members.change("POST", {f"p{n}": {"observe_me": None} for n in range(5)})

    page = (await client.get(f"{members.path}/peers?page=2&size=2")).json()

    assert [peer["id"] for peer in page["items"]] == ["p2", "p3"]
    assert (page["total"], page["pages"], page["page"], page["size"]) == (5, 3, 2, 2)
    assert set(page["items"][0]) == {"id", "uid", "workspace_id", "metadata", "configuration", "created_at"}


async def test_bodies_of_the_wrong_shape_are_refused(members: Members) -> None:
    wrong = problems(await members.change("POST", {"ana": {"observe_me": "perhaps"}, "bob": None}))
    assert [(problem["type"], problem["loc"]) for problem in wrong] == [
        ("bool_parsing", ["body", "ana", "observe_me"]),
        ("model_attributes_type", ["body", "bob"]),
    ]
    assert problems(await members.change("POST", ["ana"]))[0]["type"] == "dict_type"
    assert problems(await members.change("DELETE", {"ana": {}}))[0]["type"] == "list_type"
    assert problems(await members.change("DELETE", [1]))[0]["loc"] == ["body", 0]
    assert "must match" in detail(await members.change("POST", {"a b": {}}))
    assert "at most 512" in detail(await members.change("POST", {"p" * 513: {}}))
    assert "reserved" in detail(await members.change("POST", {"scope.x": {}}))
