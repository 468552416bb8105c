"""Fifty clients that want the same things at once make one of each, and none of them fails."""

import asyncio
from collections import Counter

import httpx

CLIENTS = 50


async def test_fifty_clients_make_one_workspace_one_peer_and_one_session(
    client: httpx.AsyncClient, base: str, workspace: str
) -> None:
    said = {"messages": [{"peer_id": "ann", "content": "Hello."}, {"peer_id": "bob", "content": "Hi."}]}

    async def everything(number: int) -> list[httpx.Response]:
        wanted = [
            client.post("/v3/workspaces", json={"id": workspace}),
            client.post(f"{base}/peers", json={"id": "ann", "metadata": {"by": number}}),
            client.post(f"{base}/sessions", json={"id": "s", "peers": {"ann": {}, "bob": {}}}),
        ]
        # Every client begins with another one, so that each is created by way of each.
        order = [(number + step) % 3 for step in range(3)]
        made = dict(zip(order, await asyncio.gather(*(wanted[place] for place in order)), strict=True))
        spoken = await client.post(f"{base}/sessions/s/messages", json=said)
        return [made[0], made[1], made[2], spoken]

    answers = await asyncio.gather(*(everything(number) for number in range(CLIENTS)))

    for place in range(3):
        statuses = Counter(answer[place].status_code for answer in answers)
        assert set(statuses) <= {200, 201}, [answer[place].text for answer in answers]
        # A workspace, or a peer, that a session brought along is no longer new to who asks for it.
        assert statuses[201] <= 1
        assert len({answer[place].json()["uid"] for answer in answers}) == 1
    assert {answer[3].status_code for answer in answers} == {201}
    page = (await client.post(f"{base}/sessions/s/messages/list?size=100")).json()
    assert page["total"] == 2 * CLIENTS
    assert [message["peer_id"] for message in page["items"]] == ["ann", "bob"] * CLIENTS
    assert (await client.get(f"{base}/sessions/s/peers")).json()["total"] == 2
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 2


async def test_of_fifty_clients_exactly_one_creates(client: httpx.AsyncClient, base: str, workspace: str) -> None:
    for path, body in (
        ("/v3/workspaces", {"id": workspace}),
        (f"{base}/peers", {"id": "ann"}),
        (f"{base}/sessions", {"id": "s"}),
    ):
        answers = await asyncio.gather(*(client.post(path, json=body) for _ in range(CLIENTS)))

        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: CLIENTS - 1}, path
        assert len({answer.text for answer in answers}) == 1


async def test_fifty_clients_write_the_first_messages_of_everything(client: httpx.AsyncClient, base: str) -> None:
    async def say(number: int) -> int:
        said = {"messages": [{"peer_id": f"p{number % 5}", "content": f"{number}"}]}
        return (await client.post(f"{base}/sessions/s/messages", json=said)).status_code

    assert set(await asyncio.gather(*(say(number) for number in range(CLIENTS)))) == {201}
    page = (await client.post(f"{base}/sessions/s/messages/list?size=100")).json()
    assert sorted(int(message["content"]) for message in page["items"]) == list(range(CLIENTS))
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 5
    assert (await client.post(f"{base}/sessions/list")).json()["total"] == 1
