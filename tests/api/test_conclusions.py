"""Conclusions over HTTP."""

import asyncio

import httpx
import msgspec
import pytest

from tests.api.conftest import detail, problems
from tests.api.stating import peers, session, state

FIELDS = {
    "id",
    "content",
    "observer_id",
    "observed_id",
    "session_id",
    "level",
    "created_at",
    "source_ids",
    "times_derived",
    "source_message_ids",
    "observed_at",
    "about_at",
}
PAIR = {"observer_id": "ann", "observed_id": "bob"}


async def contents(client: httpx.AsyncClient, path: str, body: object = None, **query: object) -> list[str]:
    response = await client.post(path, json=body, params={key: str(value) for key, value in query.items()})
    assert response.status_code == 200, response.text
    found = response.json()
    items = msgspec.convert(found["items"] if path.endswith("/list") else found, list[dict[str, object]])
    return [str(item["content"]) for item in items]


async def test_stated_conclusions_come_back_in_order_with_all_their_fields(
    client: httpx.AsyncClient, base: str
) -> None:
    await peers(client, base, "ann", "bob")
    await session(client, base, "s")

    created = await state(client, base, "Bob likes tea", "Bob has a cat", session_id="s")

    assert [each["content"] for each in created] == ["Bob likes tea", "Bob has a cat"]
    for each in created:
        assert set(each) == FIELDS
        expected = {"observer_id": "ann", "observed_id": "bob", "session_id": "s", "level": "explicit"}
        assert expected.items() <= each.items()
        assert (each["times_derived"], each["source_ids"], each["source_message_ids"]) == (1, None, [])
        assert str(each["created_at"]).endswith("Z")


async def test_the_same_text_stated_twice_makes_two(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")

    first, second = await state(client, base, "Bob likes tea", "Bob likes tea")

    assert first["id"] != second["id"]


async def test_the_older_name_of_the_list_is_accepted_and_level_is_ignored(
    client: httpx.AsyncClient, base: str
) -> None:
    await peers(client, base, "ann", "bob")
    stated = {"content": "Bob likes tea", "level": "inductive", "source_ids": ["x"], **PAIR}

    response = await client.post(f"{base}/conclusions", json={"observations": [stated]})

    assert response.status_code == 201
    assert (response.json()[0]["level"], response.json()[0]["source_ids"]) == ("explicit", None)


@pytest.mark.parametrize(
    "wrong",
    [{"observer_id": "nobody"}, {"observed_id": "nobody"}, {"session_id": "nowhere"}],
    ids=["observer", "observed", "session"],
)
async def test_one_that_names_what_does_not_exist_fails_the_whole_batch(
    client: httpx.AsyncClient, base: str, wrong: dict[str, str]
) -> None:
    await peers(client, base, "ann", "bob")
    good = {"content": "Bob likes tea", **PAIR}

    response = await client.post(f"{base}/conclusions", json={"conclusions": [good, {**good, **wrong}]})

    assert "nobody" in detail(response, 404) or "nowhere" in detail(response, 404)
    assert await contents(client, f"{base}/conclusions/list") == []


async def test_a_workspace_that_does_not_exist_is_not_made(client: httpx.AsyncClient, base: str) -> None:
    response = await client.post(f"{base}/conclusions", json={"conclusions": [{"content": "x", **PAIR}]})

    assert response.status_code == 404
    assert await contents(client, f"{base}/peers/list") == []


async def test_nobody_concludes_about_a_reserved_name(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann")
    stated = {"content": "x", "observer_id": "ann", "observed_id": "scope.team"}

    assert "scope." in detail(await client.post(f"{base}/conclusions", json={"conclusions": [stated]}))


async def test_contents_up_to_the_limits_are_stored(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")

    # As many characters as there may be, in as many tokens as there may be.
    (long,) = await state(client, base, " explain" * 8191 + " person")
    (short,) = await state(client, base, "\0x\0")

    assert len(str(long["content"])) == 65_535
    assert short["content"] == "x"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("", "string_too_short"),
        ("\0", "string_too_short"),
        ("x" * 65_536, "string_too_long"),
        (" a" * 8193, "value_error"),
        (7, "string_type"),
    ],
    ids=["empty", "nul", "long", "tokens", "number"],
)
async def test_contents_past_the_limits_are_refused(
    client: httpx.AsyncClient, base: str, content: object, kind: str
) -> None:
    await peers(client, base, "ann", "bob")
    good = {"content": "Bob likes tea", **PAIR}

    found = problems(
        await client.post(f"{base}/conclusions", json={"conclusions": [good, {**good, "content": content}]})
    )

    assert [(problem["type"], problem["loc"]) for problem in found] == [(kind, ["body", "conclusions", 1, "content"])]


@pytest.mark.parametrize(("number", "kind"), [(0, "too_short"), (101, "too_long")])
async def test_a_batch_holds_one_to_a_hundred(client: httpx.AsyncClient, base: str, number: int, kind: str) -> None:
    found = problems(
        await client.post(f"{base}/conclusions", json={"conclusions": [{"content": "x", **PAIR}] * number})
    )

    assert [problem["type"] for problem in found] == [kind]


async def test_the_list_runs_from_the_newest_and_can_be_turned_round(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    for number in range(3):
        await state(client, base, f"fact {number}")

    assert await contents(client, f"{base}/conclusions/list") == ["fact 2", "fact 1", "fact 0"]
    assert await contents(client, f"{base}/conclusions/list", reverse="true") == ["fact 0", "fact 1", "fact 2"]
    assert await contents(client, f"{base}/conclusions/list", page=2, size=2) == ["fact 0"]
    whole = (await client.post(f"{base}/conclusions/list", params={"size": "2"})).json()
    assert {key: whole[key] for key in ("total", "page", "size", "pages")} == {
        "total": 3,
        "page": 1,
        "size": 2,
        "pages": 2,
    }


async def test_the_list_is_filtered(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await session(client, base, "s")
    (first,) = await state(client, base, "Bob likes tea", session_id="s")
    await state(client, base, "Ann likes tea", observed="ann")
    path = f"{base}/conclusions/list"

    assert await contents(client, path, {"filters": {"observer": "ann", "observed": "bob"}}) == ["Bob likes tea"]
    assert await contents(client, path, {"filters": {"session_id": "s"}}) == ["Bob likes tea"]
    assert await contents(client, path, {"filters": {"id": {"in": [first["id"]]}}}) == ["Bob likes tea"]
    assert await contents(client, path, {"filters": {"level": "deductive"}}) == []
    assert await contents(client, path, {"filters": {"source_ids": {"contains": "x"}}}) == []
    assert "colour" in detail(await client.post(path, json={"filters": {"colour": "red"}}))


async def test_a_search_finds_by_meaning_nearest_first(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await state(client, base, "Bob owns a small dog named Rex", "Bob works as a baker", "Bob plays the cello")
    path = f"{base}/conclusions/query"
    asked = {"query": "Which pet does he have?", "filters": {"observer": "ann", "observed_id": "bob"}}

    assert (await contents(client, path, asked))[0] == "Bob owns a small dog named Rex"
    assert len(await contents(client, path, asked)) == 3
    assert await contents(client, path, {**asked, "top_k": 1}) == ["Bob owns a small dog named Rex"]
    assert await contents(client, path, {**asked, "query": "Bob works as a baker", "distance": 0.1}) == [
        "Bob works as a baker"
    ]
    assert await contents(client, path, {**asked, "distance": 0.0, "query": "Nothing of the kind"}) == []


async def test_a_search_honours_further_filters_and_needs_no_pair(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    await session(client, base, "s")
    await state(client, base, "Bob owns a dog")
    await state(client, base, "Bob works as a baker", session_id="s")
    await state(client, base, "Ann owns a dog", observed="ann")
    path = f"{base}/conclusions/query"
    pair = {"observer": "ann", "observed": "bob"}

    assert await contents(client, path, {"query": "dog", "filters": {**pair, "session_id": "s"}}) == [
        "Bob works as a baker"
    ]
    assert set(await contents(client, path, {"query": "dog", "top_k": 2})) == {"Bob owns a dog", "Ann owns a dog"}
    assert await contents(client, path, {"query": "dog", "filters": {"observed": "ann"}}) == ["Ann owns a dog"]
    assert await contents(client, path, {"query": "dog", "filters": {**pair, "observer": "nobody"}}) == []


@pytest.mark.parametrize(
    ("body", "kind", "loc"),
    [
        ({}, "missing", ["body", "query"]),
        ({"query": "x", "top_k": 0}, "greater_than_equal", ["body", "top_k"]),
        ({"query": "x", "top_k": 101}, "less_than_equal", ["body", "top_k"]),
        ({"query": "x", "distance": 1.1}, "less_than_equal", ["body", "distance"]),
        ({"query": "x", "distance": -0.1}, "greater_than_equal", ["body", "distance"]),
        ({"query": "x", "filters": []}, "dict_type", ["body", "filters"]),
    ],
)
async def test_a_search_out_of_bounds_is_refused(
    client: httpx.AsyncClient, base: str, body: dict[str, object], kind: str, loc: list[str]
) -> None:
    found = problems(await client.post(f"{base}/conclusions/query", json=body))

    assert [(problem["type"], problem["loc"]) for problem in found] == [(kind, loc)]


async def test_a_search_for_more_than_an_embedding_takes_is_refused(client: httpx.AsyncClient, base: str) -> None:
    path = f"{base}/conclusions/query"

    assert await contents(client, path, {"query": " a" * 8192}) == []
    assert "8192" in detail(await client.post(path, json={"query": " a" * 8193}))


async def test_one_is_got_and_retired_by_its_id_in_its_own_workspace(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    (stated,) = await state(client, base, "Bob likes tea")
    path = f"{base}/conclusions/{stated['id']}"
    elsewhere = f"{base}-other/conclusions/{stated['id']}"

    assert (await client.get(path)).json() == stated
    assert (await client.get(elsewhere)).status_code == 404
    assert (await client.delete(elsewhere)).status_code == 404

    gone = await client.delete(path)

    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(path)).status_code == 404
    assert (await client.delete(path)).status_code == 404
    assert await contents(client, f"{base}/conclusions/list") == []
    assert await contents(client, f"{base}/conclusions/query", {"query": "tea"}) == []


async def test_of_many_who_retire_one_at_once_one_succeeds(client: httpx.AsyncClient, base: str) -> None:
    await peers(client, base, "ann", "bob")
    (stated,) = await state(client, base, "Bob likes tea")

    answers = await asyncio.gather(*(client.delete(f"{base}/conclusions/{stated['id']}") for _ in range(12)))

    assert sorted(answer.status_code for answer in answers) == [204] + [404] * 11
