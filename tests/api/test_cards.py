"""Peer cards over HTTP, and their place in contexts."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.models import tokens
from tests.api.conftest import detail, problems
from tests.api.stating import peers, session, state

CARD = ["Name: Bob", "Lives in Lisbon"]


async def card(client: httpx.AsyncClient, base: str, peer: str, target: str | None = None) -> object:
    response = await client.get(f"{base}/peers/{peer}/card", params={} if target is None else {"target": target})
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["peer_card"]
    return response.json()["peer_card"]


async def put(client: httpx.AsyncClient, base: str, peer: str, lines: list[str], target: str | None = None) -> object:
    query = {} if target is None else {"target": target}
    response = await client.put(f"{base}/peers/{peer}/card", params=query, json={"peer_card": lines})
    assert response.status_code == 200, response.text
    return response.json()["peer_card"]


async def test_a_card_belongs_to_one_peer_about_one_other(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")

    assert await card(client, base, "ann", "bob") is None
    assert await put(client, base, "ann", CARD, "bob") == CARD
    assert await card(client, base, "ann", "bob") == CARD
    assert await card(client, base, "bob", "ann") is None
    assert await card(client, base, "ann") is None

    assert await put(client, base, "ann", ["My own"]) == ["My own"]
    assert await card(client, base, "ann", "ann") == ["My own"]
    assert await card(client, base, "ann", "bob") == CARD


async def test_a_new_card_replaces_the_old_one_and_may_be_empty(client: httpx.AsyncClient, base: str) -> None:
    await put(client, base, "ann", CARD)
    await put(client, base, "ann", ["Other\0"])
    assert await card(client, base, "ann") == ["Other"]
    await put(client, base, "ann", [])
    assert await card(client, base, "ann") == []


async def test_a_card_makes_the_workspace_and_the_peers_it_needs(client: httpx.AsyncClient, base: str) -> None:
    assert await put(client, base, "ann", CARD, "bob") == CARD

    listed = await client.post(f"{base}/peers/list")
    assert [peer["id"] for peer in listed.json()["items"]] == ["ann", "bob"]


async def test_what_is_asked_of_nobody_is_not_found(client: httpx.AsyncClient, base: str) -> None:
    assert detail(await client.get(f"{base}/peers/ann/card"), 404) == "Peer ann not found"
    await peers(client, base, "ann")
    assert await card(client, base, "ann", "nobody") is None


async def test_a_card_that_breaks_rules_is_refused_and_changes_nothing(client: httpx.AsyncClient, base: str) -> None:
    await put(client, base, "ann", CARD)
    path = f"{base}/peers/ann/card"
    for body in ({"peer_card": None}, {"peer_card": "x"}, {"peer_card": [1]}, {}):
        assert problems(await client.put(path, json=body))[0]["loc"][:2] == ["body", "peer_card"]  # type: ignore[index]
    for target in ("scope.work", "a b", ""):
        detail(await client.put(path, params={"target": target}, json={"peer_card": []}))
    detail(await client.get(path, params={"target": "scope.work"}))
    detail(await client.put(f"{base}/peers/scope.work/card?target=bob", json={"peer_card": []}))
    assert await card(client, base, "ann") == CARD
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 1


async def test_contexts_carry_the_card_of_their_perspective(client: httpx.AsyncClient, base: str) -> None:
    await session(client, base, "s", "hello")
    await put(client, base, "ann", CARD, "bob")

    peer = (await client.get(f"{base}/peers/ann/context", params={"target": "bob"})).json()
    assert peer["peer_card"] == CARD
    assert (await client.get(f"{base}/peers/ann/context")).json()["peer_card"] is None

    path, pair = f"{base}/sessions/s/context", {"peer_target": "bob", "peer_perspective": "ann"}
    assert (await client.get(path)).json()["peer_card"] is None
    assert (await client.get(path, params=pair)).json()["peer_card"] == CARD
    assert (await client.get(path, params={"peer_target": "bob"})).json()["peer_card"] is None
    for allowlist in ({"sessions": "s"}, {"limit_to_session": "true"}):
        assert (await client.get(path, params={**pair, **allowlist})).json()["peer_card"] is None


async def test_a_card_comes_with_its_proof_when_it_is_asked_for(client: httpx.AsyncClient, base: str) -> None:
    path, asked = f"{base}/peers/ann/card", {"target": "bob", "proof": "true"}
    detail(await client.get(path, params=asked), 404)
    await put(client, base, "ann", CARD, "bob")

    assert (await client.get(path, params=asked)).json() == {
        "peer_card": CARD,
        "proof": [{"line": line, "conclusion_ids": []} for line in CARD],
    }
    assert await card(client, base, "ann", "bob") == CARD
    assert (await client.get(path, params={"proof": "true"})).json() == {"peer_card": None, "proof": []}
    assert problems(await client.get(path, params={"proof": "perhaps"}))[0]["loc"] == ["query", "proof"]


@pytest.mark.parametrize("room", [0, 1])
async def test_a_card_takes_its_tokens_from_the_messages(client: httpx.AsyncClient, base: str, room: int) -> None:
    await session(client, base, "s", "hello")
    await put(client, base, "ann", CARD, "bob")
    await state(client, base, "Bob likes rice")
    path, pair = f"{base}/sessions/s/context", {"peer_target": "bob", "peer_perspective": "ann"}
    held = (await client.get(path, params=pair)).json()["peer_representation"]
    budget = tokens.count(held) + tokens.count("\n".join(CARD)) + tokens.count("hello") - 1 + room

    found = (await client.get(path, params={**pair, "tokens": str(budget)})).json()

    assert len(found["messages"]) == room
    assert found["peer_card"] == CARD


async def test_the_card_of_a_time_is_told_by_its_route_and_by_contexts(client: httpx.AsyncClient, base: str) -> None:
    async def moment() -> str:
        await asyncio.sleep(0.05)
        return datetime.now(UTC).isoformat()

    await session(client, base, "s", "hello")
    await peers(client, base, "bob")
    before = await moment()
    await put(client, base, "ann", CARD, "bob")
    then = await moment()
    await put(client, base, "ann", ["later"], "bob")
    path, pair = f"{base}/peers/ann/card", {"target": "bob"}
    contexts = (
        (f"{base}/peers/ann/context", pair),
        (f"{base}/sessions/s/context", {"peer_target": "bob", "peer_perspective": "ann"}),
    )

    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for as_of, stood in ((before, None), (then, CARD), (await moment(), ["later"]), (tomorrow, ["later"])):
        answer = await client.get(path, params={**pair, "as_of": as_of})
        assert (answer.status_code, answer.json()) == (200, {"peer_card": stood})
        proven = (await client.get(path, params={**pair, "as_of": as_of, "proof": "true"})).json()
        assert proven == {
            "peer_card": stood,
            "proof": [{"line": line, "conclusion_ids": []} for line in stood or ()],
        }
        for where, asked in contexts:
            assert (await client.get(where, params={**asked, "as_of": as_of})).json()["peer_card"] == stood
    restricted = {**contexts[1][1], "limit_to_session": "true", "as_of": then}
    assert (await client.get(contexts[1][0], params=restricted)).json()["peer_card"] is None
    detail(await client.get(f"{base}/peers/nobody/card", params={"as_of": then}), 404)
    assert problems(await client.get(path, params={"as_of": "yesterday"}))[0]["loc"] == ["query", "as_of"]
