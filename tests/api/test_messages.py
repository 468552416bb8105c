"""The routes of messages, and the queue status that they raise."""

import asyncio

import httpx
import pytest

from app.models import tokens
from tests.api.conftest import deep, detail, problems


@pytest.fixture
def path(base: str) -> str:
    return f"{base}/sessions/s/messages"


def said(content: str = "Hello.", peer: str = "ana", **more: object) -> dict[str, object]:
    return {"content": content, "peer_id": peer, **more}


async def send(client: httpx.AsyncClient, path: str, *messages: dict[str, object]) -> httpx.Response:
    return await client.post(path, json={"messages": messages})


async def test_messages_are_stored_in_their_order_with_all_that_was_said(
    client: httpx.AsyncClient, workspace: str, base: str, path: str
) -> None:
    answer = await send(
        client,
        path,
        said("First <|endoftext|> words.", metadata={"a": [1, {"b": "c"}]}),
        said("", "bob", created_at="2023-05-08T13:56:00.250+02:00"),
        said("nul\0 inside", created_at="2024-01-01"),
        said("seconds", created_at=1700000000, metadata=None, configuration={"reasoning": {"enabled": False}, "x": 1}),
    )

    assert answer.status_code == 201
    stored = answer.json()
    assert [message["content"] for message in stored] == ["First <|endoftext|> words.", "", "nul inside", "seconds"]
    assert [message["peer_id"] for message in stored] == ["ana", "bob", "ana", "ana"]
    assert [message["token_count"] for message in stored] == [tokens.count(message["content"]) for message in stored]
    assert [message["metadata"] for message in stored] == [{"a": [1, {"b": "c"}]}, {}, {}, {}]
    assert [message["created_at"] for message in stored[1:]] == [
        "2023-05-08T11:56:00.250000Z",
        "2024-01-01T00:00:00Z",
        "2023-11-14T22:13:20Z",
    ]
    assert {(message["session_id"], message["workspace_id"]) for message in stored} == {("s", workspace)}
    assert len({message["id"] for message in stored}) == 4
    assert {len(message["id"]) for message in stored} == {21}
    assert set(stored[0]) == {
        "id",
        "content",
        "peer_id",
        "session_id",
        "workspace_id",
        "metadata",
        "created_at",
        "token_count",
    }
    listed = (await client.post(f"{path}/list")).json()
    assert listed["items"] == stored
    assert (await client.get(f"{path}/{stored[1]['id']}")).json() == stored[1]
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 2


async def test_messages_of_one_request_share_the_time_they_were_stored(client: httpx.AsyncClient, path: str) -> None:
    stored = (await send(client, path, said(), said(), said())).json()

    assert len({message["created_at"] for message in stored}) == 1


async def test_the_path_with_a_slash_at_its_end_is_served_too(client: httpx.AsyncClient, path: str) -> None:
    answer = await send(client, path + "/", said())

    assert (answer.status_code, len(answer.json())) == (201, 1)


@pytest.mark.parametrize(("count", "status"), [(0, 422), (1, 201), (100, 201), (101, 422)])
async def test_a_batch_holds_one_to_a_hundred_messages(
    client: httpx.AsyncClient, path: str, count: int, status: int
) -> None:
    answer = await send(client, path, *[said()] * count)

    assert answer.status_code == status
    if status == 422:
        (problem,) = problems(answer)
        assert problem["loc"] == ["body", "messages"]
        assert problem["type"] == ("too_short" if count == 0 else "too_long")
        assert (await client.post(f"{path}/list")).json()["total"] == 0
    else:
        assert len(answer.json()) == count


async def test_content_has_at_most_25000_characters_counted_before_nul_is_taken_out(
    client: httpx.AsyncClient, path: str
) -> None:
    assert (await send(client, path, said("é" * 25_000))).status_code == 201

    for content in ("a" * 25_001, "a" * 25_000 + "\0"):
        (problem,) = problems(await send(client, path, said(), said(content)))
        assert problem["type"] == "string_too_long"
        assert problem["loc"] == ["body", "messages", 1, "content"]
        assert problem["msg"] == "String should have at most 25000 characters"
        assert problem["ctx"] == {"max_length": 25_000}


async def test_every_problem_of_a_batch_is_told(client: httpx.AsyncClient, path: str) -> None:
    answer = await send(
        client,
        path,
        {"content": 1},
        said(created_at="yesterday", metadata=[]),
        said(configuration={"reasoning": {"enabled": 7}}),
        said(metadata=deep(6)),
    )

    assert [(problem["type"], problem["loc"]) for problem in problems(answer)] == [
        ("string_type", ["body", "messages", 0, "content"]),
        ("missing", ["body", "messages", 0, "peer_id"]),
        ("dict_type", ["body", "messages", 1, "metadata"]),
        ("datetime_from_date_parsing", ["body", "messages", 1, "created_at"]),
        ("bool_parsing", ["body", "messages", 2, "configuration", "reasoning", "enabled"]),
        ("value_error", ["body", "messages", 3, "metadata"]),
    ]


@pytest.mark.parametrize("peer", ["", "a b", "scope.x", "p" * 513, "a\0"])
async def test_an_author_that_cannot_be_created_is_refused_and_nothing_is_stored(
    client: httpx.AsyncClient, base: str, path: str, peer: str
) -> None:
    assert "peer name" in detail(await send(client, path, said(), said(peer=peer)))
    assert (await client.post(f"{base}/sessions/list")).json()["total"] == 0


async def test_names_in_the_path_that_nothing_can_have_are_refused(client: httpx.AsyncClient, base: str) -> None:
    assert "session name" in detail(await send(client, f"{base}/sessions/a.b/messages", said()))
    assert "workspace name" in detail(await send(client, "/v3/workspaces/a.b/sessions/s/messages", said()))


async def test_messages_are_listed_as_stored_whatever_time_they_bear(client: httpx.AsyncClient, path: str) -> None:
    times = ["2026-01-03", "2026-01-01", "2026-01-02", None]
    for number, time in enumerate(times):
        await send(client, path, said(str(number), created_at=time))

    async def listed(query: str = "", filters: object = None) -> list[str]:
        answer = await client.post(f"{path}/list{query}", json={"filters": filters})
        return [item["content"] for item in answer.json()["items"]]

    assert await listed() == ["0", "1", "2", "3"]
    assert await listed("?reverse=true&size=3") == ["3", "2", "1"]
    assert await listed("?page=2&size=3") == ["3"]
    assert await listed(filters={"created_at": {"gte": "2026-01-02", "lt": "2026-01-04"}}) == ["0", "2"]
    assert await listed(filters={"OR": [{"peer_id": "bob"}, {"created_at": "2026-01-01"}]}) == ["1"]


async def test_metadata_of_a_message_is_replaced_and_its_content_stays(client: httpx.AsyncClient, path: str) -> None:
    (message,) = (await send(client, path, said("Stay.", metadata={"a": 1}))).json()
    one = f"{path}/{message['id']}"

    untouched = await client.put(one, json={"metadata": None, "content": "Go."})
    replaced = await client.put(one, json={"metadata": {"b": 2}})
    found = await client.post(f"{path}/list", json={"filters": {"metadata": {"b": 2}}})
    cleared = await client.put(one, json={"metadata": {}})

    assert untouched.json() == message
    assert replaced.json() == {**message, "metadata": {"b": 2}}
    assert found.json()["items"] == [replaced.json()]
    assert cleared.json()["metadata"] == {}
    assert (await client.get(one)).json() == cleared.json()


async def test_a_message_is_found_in_its_own_session_alone(client: httpx.AsyncClient, base: str, path: str) -> None:
    (message,) = (await send(client, path, said())).json()

    for wrong in (f"{base}/sessions/t/messages", f"{base}x/sessions/s/messages"):
        detail(await client.get(f"{wrong}/{message['id']}"), 404)
        detail(await client.put(f"{wrong}/{message['id']}", json={"metadata": {}}), 404)
    detail(await client.get(f"{path}/no-such-message"), 404)


async def test_thirty_clients_at_once_write_one_new_session_without_loss(
    client: httpx.AsyncClient, base: str, path: str
) -> None:
    answers = await asyncio.gather(
        *(send(client, path, said(f"{n}a", f"p{n % 3}"), said(f"{n}b", f"p{n % 3}")) for n in range(30))
    )

    assert {answer.status_code for answer in answers} == {201}
    listed = (await client.post(f"{path}/list?size=100")).json()
    contents = [item["content"] for item in listed["items"]]
    assert sorted(contents) == sorted(f"{n}{half}" for n in range(30) for half in "ab")
    assert all(contents.index(f"{n}a") + 1 == contents.index(f"{n}b") for n in range(30))
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 3


async def test_the_queue_counts_messages_that_wait(client: httpx.AsyncClient, base: str, path: str) -> None:
    zeros = {f"{state}_work_units": 0 for state in ("total", "completed", "in_progress", "pending", "failed")}
    nothing: dict[str, object] = {
        **zeros,
        "sessions": None,
        "oldest_pending_at": None,
        "oldest_pending_seconds": None,
        "unwell": [],
    }
    assert (await client.get(f"{base}/queue/status")).json() == nothing
    await client.put(base, json={"configuration": {"reasoning": {"enabled": False}}})
    await send(client, path, said())
    assert (await client.get(f"{base}/queue/status")).json() == nothing

    await client.put(base, json={"configuration": {"reasoning": {"enabled": True}}})
    await send(client, path, said(), said("Two.", "bob"))
    await send(client, f"{base}/sessions/t/messages", said())

    status = (await client.get(f"{base}/queue/status")).json()
    assert status["total_work_units"] == 3
    assert status["sessions"]["s"]["session_id"] == "s"
    assert status["sessions"]["s"]["total_work_units"] == 2
    narrow = (await client.get(f"{base}/queue/status?session_id=t")).json()
    assert (narrow["total_work_units"], narrow["sessions"]) == (1, None)
    assert (await client.get(f"{base}/queue/status?sender_id=bob")).json()["total_work_units"] == 1
    assert (await client.get(f"{base}/queue/status?sender_id=nobody&observer_id=")).json() == nothing
