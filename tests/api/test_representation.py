"""Representations over HTTP."""

import httpx
import pytest

from tests.api.conftest import detail, problems
from tests.api.stating import lines, peers, session, state


async def represent(client: httpx.AsyncClient, base: str, peer: str = "ann", /, **body: object) -> list[str]:
    response = await client.post(f"{base}/peers/{peer}/representation", json=body)
    assert response.status_code == 200, response.text
    assert list(response.json()) == ["representation"]
    return lines(response.json()["representation"])


async def test_a_peer_s_view_of_another_is_text_oldest_first(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    (first,) = await state(client, base, "Bob likes tea")
    await state(client, base, "Bob has a cat")

    response = await client.post(f"{base}/peers/ann/representation", json={"target": "bob"})

    said = str(first["created_at"])[:19].replace("T", " ")
    text = response.json()["representation"]
    assert text.startswith(f"## Explicit Conclusions\n\n[{said}] Bob likes tea\n[")
    assert lines(text) == ["Bob likes tea", "Bob has a cat"]


async def test_without_a_target_it_is_the_peer_s_own(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, "Ann likes tea", observed="ann")
    await state(client, base, "Bob likes tea")

    assert await represent(client, base) == ["Ann likes tea"]


async def test_unknown_peers_have_an_empty_one_and_are_not_made(client: httpx.AsyncClient, base: str) -> None:
    assert await represent(client, base, "nobody") == []
    assert await represent(client, base, "nobody", target="noone", search_query="tea") == []
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 0


async def test_no_representation_shows_another_perspective_or_workspace(client: httpx.AsyncClient, base: str) -> None:
    for where in (base, f"{base}-other"):
        await peers(client, where, "ann", "bob")
        for observer in ("ann", "bob"):
            for observed in ("ann", "bob"):
                await state(client, where, f"{observer} on {observed} in {where}", observer=observer, observed=observed)

    for where in (base, f"{base}-other"):
        for observer in ("ann", "bob"):
            for observed in ("ann", "bob"):
                for search in (None, "who holds what of whom"):
                    found = await represent(
                        client, where, observer, target=observed, search_query=search, include_most_frequent=True
                    )
                    assert found == [f"{observer} on {observed} in {where}"]


async def test_25_come_by_default_and_100_for_null(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, *(f"fact {number}" for number in range(30)))

    assert len(await represent(client, base, target="bob")) == 25
    assert len(await represent(client, base, target="bob", max_conclusions=None)) == 30
    assert len(await represent(client, base, target="bob", max_conclusions=1)) == 1


async def test_a_search_brings_what_is_near_beside_what_is_new(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, "Bob owns a small dog named Rex")
    for number in range(4):
        await state(client, base, f"Bob solved riddle number {number}")
    asked: dict[str, object] = {"target": "bob", "max_conclusions": 3}

    assert "Bob owns a small dog named Rex" not in await represent(client, base, **asked)
    assert await represent(client, base, **asked, search_query="his pet") == [
        "Bob owns a small dog named Rex",
        "Bob solved riddle number 2",
        "Bob solved riddle number 3",
    ]
    assert "Bob owns a small dog named Rex" not in await represent(
        client, base, **asked, search_query="the weather on Mars", search_max_distance=0.1
    )
    assert len(await represent(client, base, **asked, search_query="his pet", search_top_k=3)) == 3
    assert len(await represent(client, base, **asked, search_query="")) == 3


async def test_sessions_restrict_it(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    for name in ("one", "two", "three"):
        await session(client, base, name)
        await state(client, base, f"said in {name}", session_id=name)
    await state(client, base, "said nowhere")

    async def allowed(filters: object = None, session_id: object = None) -> list[str]:
        return await represent(client, base, target="bob", filters=filters, session_id=session_id)

    assert len(await allowed()) == 4
    assert await allowed({"session_id": "one"}) == ["said in one"]
    assert await allowed({"session_id": ["one", "two", "one"]}) == ["said in one", "said in two"]
    assert await allowed({"session_id": {"in": ["three"]}}) == ["said in three"]
    assert await allowed({"session_id": []}) == []
    assert await allowed({"session_id": "unknown"}) == []
    assert await allowed(session_id="two") == ["said in two"]
    assert await allowed({"session_id": ["one", "two"]}, "two") == ["said in two"]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"peer_id": "x"},
        {"session_id": "s", "level": "explicit"},
        {"session_id": {"ne": "s"}},
        {"session_id": {"in": "s"}},
        {"session_id": {"in": ["s"], "ne": "t"}},
        {"session_id": None},
        {"session_id": 7},
        {"session_id": ["s", 7]},
        {"session_id": ""},
        {"session_id": "*"},
        {"session_id": ["a/b"]},
        {"session_id": "x" * 513},
        {"session_id": [f"s{number}" for number in range(1001)]},
        {"AND": [{"session_id": "s"}]},
    ],
    ids=range(15),
)
async def test_other_filters_are_refused(client: httpx.AsyncClient, base: str, filters: dict[str, object]) -> None:
    response = await client.post(f"{base}/peers/ann/representation", json={"filters": filters})

    assert "session" in detail(response)


async def test_a_thousand_sessions_may_be_allowed(client: httpx.AsyncClient, base: str) -> None:
    assert await represent(client, base, filters={"session_id": [f"s{number}" for number in range(1000)]}) == []


async def test_a_session_outside_the_filter_is_refused(client: httpx.AsyncClient, base: str) -> None:
    body = {"session_id": "two", "filters": {"session_id": "one"}}

    assert "session_id" in detail(await client.post(f"{base}/peers/ann/representation", json=body))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"search_top_k": 0}, "greater_than_equal"),
        ({"search_top_k": 101}, "less_than_equal"),
        ({"max_conclusions": 0}, "greater_than_equal"),
        ({"max_conclusions": 101}, "less_than_equal"),
        ({"search_max_distance": 1.01}, "less_than_equal"),
        ({"search_max_distance": -0.01}, "greater_than_equal"),
        ({"filters": "s"}, "dict_type"),
        ({"target": 7}, "string_type"),
    ],
)
async def test_options_out_of_bounds_are_refused(
    client: httpx.AsyncClient, base: str, body: dict[str, object], kind: str
) -> None:
    found = problems(await client.post(f"{base}/peers/ann/representation", json=body))

    assert [(problem["type"], problem["loc"]) for problem in found] == [(kind, ["body", next(iter(body))])]


async def test_the_body_is_required_and_may_be_empty(client: httpx.AsyncClient, base: str) -> None:
    path = f"{base}/peers/ann/representation"

    assert [problem["type"] for problem in problems(await client.post(path))] == ["missing"]
    assert (await client.post(path, json={})).json() == {"representation": ""}


@pytest.mark.parametrize("name", ["x" * 513, "scope.team", ""])
async def test_names_that_no_observed_peer_can_have_are_refused(
    client: httpx.AsyncClient, base: str, name: str
) -> None:
    assert detail(await client.post(f"{base}/peers/ann/representation", json={"target": name}))
