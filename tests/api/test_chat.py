"""Chat without a language model: the closest memories, what may be read for them, and every refusal."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from tests.api.conftest import detail, problems
from tests.api.stating import peers, session, state

Json = dict[str, object]
HEADING = "What is remembered that comes closest:"
NOTHING = "Nothing that is remembered answers this."


async def chat(client: httpx.AsyncClient, path: str, query: str, **more: object) -> Json:
    response = await client.post(f"{path}/chat", json={"query": query, **more})
    assert response.status_code == 200, response.text
    return response.json()


async def content(client: httpx.AsyncClient, path: str, query: str, **more: object) -> str:
    found = (await chat(client, path, query, **more))["content"]
    assert isinstance(found, str)
    return found


async def evidence(client: httpx.AsyncClient, path: str, query: str, **more: object) -> Mapping[str, list[Json]]:
    found = (await chat(client, path, query, include_evidence=True, **more))["evidence"]
    return msgspec.convert({k: v for k, v in dict(found).items() if k != "reasoning_trace_id"}, dict[str, list[Json]])  # type: ignore[call-overload]


async def ana(client: httpx.AsyncClient, base: str) -> str:
    """Two sessions, and what ana says of herself in them; the path of ana."""
    await session(client, base, "work", "The ward was short of staff again tonight.", peer="ana")
    await session(client, base, "home", "Tofu the cat knocked over my cello.", peer="ana")
    await peers(client, base, "ana", "bob")
    await state(client, base, "ana works as a nurse.", observer="ana", observed="ana", session_id="work")
    await state(client, base, "ana plays the cello in an orchestra.", observer="ana", observed="ana", session_id="home")
    await state(client, base, "ana owes bob ten euros.", observer="bob", observed="ana")
    return f"{base}/peers/ana"


async def test_the_closest_memories_answer_each_with_its_date(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)

    answer = await chat(client, path, "What is ana's job?")

    assert set(answer) <= {"content", "evidence"}
    assert answer.get("evidence") is None
    heading, first, *_ = str(answer["content"]).splitlines()
    assert heading == HEADING
    assert first.startswith("- ana works as a nurse. (20")
    assert answer == await chat(client, path, "What is ana's job?")
    assert "nurse" not in await content(client, path, "Which instrument does ana play?")


async def test_what_nobody_knows_is_not_made_up(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    assert await content(client, path, "Which volcano erupted in Iceland?") == NOTHING
    assert await content(client, f"{base}/peers/stranger", "What is her job?") == NOTHING


async def test_a_perspective_is_that_of_the_path_peer_on_the_target(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    question = "How much money does ana owe bob?"
    assert "ten euros" in await content(client, f"{base}/peers/bob", question, target="ana")
    assert "ten euros" not in await content(client, path, question)
    assert "ten euros" not in await content(client, f"{base}/peers/bob", question)
    assert "ten euros" in await content(client, base, question)


async def test_messages_answer_where_nothing_was_concluded(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    question = "Did the cat knock over the cello?"
    assert "ana said on 20" in await content(client, path, question)
    assert "knocked over my cello" in await content(client, path, question)
    # bob was never in that session.
    assert "knocked" not in await content(client, f"{base}/peers/bob", question, target="ana")


async def test_evidence_tells_what_was_read_and_how(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)

    found = await evidence(client, path, "Did the cat knock over the cello?")

    (held,) = [one for one in found["conclusions"] if "cello" in str(one["content"])]
    assert {key: held[key] for key in ("level", "session_id", "observer_id", "observed_id", "source_ids")} == {
        "level": "explicit", "session_id": "home", "observer_id": "ana", "observed_id": "ana", "source_ids": [],
    }  # fmt: skip
    assert set(held) >= {"id", "created_at"}
    (message,) = found["messages"]
    assert set(message) == {"id", "session_id", "peer_id", "created_at"}
    assert [one["tool_name"] for one in found["tool_calls"]] == ["search_memory", "search_messages"]
    nothing = await evidence(client, f"{base}/peers/stranger", "What is her job?")
    assert (nothing["conclusions"], nothing["messages"]) == ([], [])


@pytest.mark.parametrize("allowed", ["home", ["home"], {"in": ["home", "home"]}])
async def test_an_allowlist_restricts_conclusions_and_messages(
    client: httpx.AsyncClient, base: str, allowed: object
) -> None:
    path = await ana(client, base)
    limit = {"filters": {"session_id": allowed}}
    assert "cello" in await content(client, path, "Which instrument does ana play?", **limit)
    assert await content(client, path, "What is ana's job?", **limit) == NOTHING
    assert "short of staff" not in await content(client, path, "Which ward is short of staff?", **limit)
    empty = await evidence(client, path, "What is ana's job?", filters={"session_id": []})
    assert (empty["conclusions"], empty["messages"]) == ([], [])


async def test_a_session_pins_the_messages(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    question = "Did the cat knock over the cello?"
    assert "knocked" in await content(client, path, question, session_id="home")
    assert "knocked" not in await content(client, path, question, session_id="work")
    both = {"session_id": "home", "filters": {"session_id": ["home", "work"]}}
    assert "knocked" in await content(client, path, question, **both)
    refusal = await client.post(f"{path}/chat", json={"query": "x", **both, "session_id": "else"})
    assert "among the sessions that filters allow" in detail(refusal)


async def test_the_card_answers_unless_it_is_not_to_be_used(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    await client.put(f"{path}/card", json={"peer_card": ["Birthday: 4 May", "Diet: vegan"]})
    question = "When is ana's birthday?"
    assert "- Birthday: 4 May (card)" in await content(client, path, question)
    assert "Birthday" not in await content(client, path, question, filters={"session_id": "home"})
    off = {"configuration": {"peer_card": {"use": False}}}
    await client.put(f"{base}/sessions/home", json=off)
    assert "Birthday" not in await content(client, path, question, session_id="home")
    assert "Birthday" in await content(client, path, question)
    await client.put(base, json=off)
    assert "Birthday" not in await content(client, path, question)


async def test_the_cards_of_then_answer_a_question_about_then(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    times: list[str] = []
    for own, of_bob in (("4 May", "Friday"), ("5 May", "Monday")):
        await client.put(f"{path}/card", json={"peer_card": [f"Birthday: {own}"]})
        await client.put(f"{path}/card", params={"target": "bob"}, json={"peer_card": [f"Day off: {of_bob}"]})
        await asyncio.sleep(0.05)
        times.append(datetime.now(UTC).isoformat())
    birthday, day_off = "When is ana's birthday?", "When is bob's day off?"

    for as_of, own, of_bob in ((times[0], "4 May", "Friday"), (times[1], "5 May", "Monday")):
        assert f"- Birthday: {own} (card)" in await content(client, path, birthday, as_of=as_of)
        told = await content(client, path, day_off, as_of=as_of, target="bob")
        assert f"- Day off: {of_bob} (card)" in told
    off = {"configuration": {"peer_card": {"use": False}}}
    await client.put(base, json=off)
    assert "Birthday" not in await content(client, path, birthday, as_of=times[0])


async def test_the_path_peer_and_its_workspace_are_made_and_nothing_else_is(
    client: httpx.AsyncClient, base: str
) -> None:
    path = f"{base}/peers/ann/chat"
    assert detail(await client.post(path, json={"query": "x", "target": "bob"}), 404) == "Peer bob not found"
    assert detail(await client.post(path, json={"query": "x", "session_id": "s"}), 404) == "Session s not found"
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 0
    assert await content(client, f"{base}/peers/ann", "Who am I?") == NOTHING
    assert [peer["id"] for peer in (await client.post(f"{base}/peers/list")).json()["items"]] == ["ann"]
    assert detail(await client.post(f"{base}-other/chat", json={"query": "x"}), 404).startswith("Workspace ")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, ["body", "query"]),
        ({"query": ""}, ["body", "query"]),
        ({"query": "\0"}, ["body", "query"]),
        ({"query": "x" * 10_001}, ["body", "query"]),
        ({"query": "x", "reasoning_level": "huge"}, ["body", "reasoning_level"]),
        ({"query": "x", "stream": "maybe"}, ["body", "stream"]),
        ({"query": "x", "scope": []}, ["body", "scope"]),
        ({"query": "x", "response_format": "json"}, ["body", "response_format"]),
    ],
)
async def test_a_body_that_breaks_rules_is_refused(
    client: httpx.AsyncClient, base: str, body: Json, place: list[str]
) -> None:
    for path in (f"{base}/peers/ann/chat", f"{base}/chat"):
        assert problems(await client.post(path, json=body))[0]["loc"] == place
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"target": "scope.x"}, "scope."),
        ({"filters": {}}, "session_id"),
        ({"filters": {"session_id": "*"}}, "session"),
        ({"filters": {"session_id": "s"}, "scope": "x"}, "scope excludes"),
        ({"session_id": "s", "scope": ["x"]}, "scope excludes"),
        ({"response_format": {"type": "string"}}, "Invalid response_format: root"),
        ({"response_format": {"type": "object"}}, "needs a language model"),
    ],
)
async def test_options_that_make_no_sense_are_refused_also_before_a_stream(
    client: httpx.AsyncClient, base: str, body: Json, reason: str
) -> None:
    for stream in (False, True):
        answer = await client.post(f"{base}/peers/ann/chat", json={"query": "x", "stream": stream, **body})
        assert reason in detail(answer)
    assert (await client.post(f"{base}/peers/list")).json()["total"] == 0
    await peers(client, base, "ann")
    excluded = await client.post(f"{base}/chat", json={"query": "x", "session_id": "s", "scope": "x"})
    assert detail(excluded) == "scope excludes session_id"


async def test_a_stream_is_single_lines_and_ends_by_saying_so(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    whole = await chat(client, path, "What is ana's job?", include_evidence=True)
    asked = {"query": "What is ana's job?", "stream": True}

    plain = await client.post(f"{path}/chat", json=asked)
    proven = await client.post(f"{path}/chat", json={**asked, "include_evidence": True})

    assert plain.status_code == 200
    assert plain.headers["content-type"].startswith("text/event-stream")
    assert plain.text.endswith('data: {"done":true}\n\n')
    events = [msgspec.json.decode(line.removeprefix("data: ")) for line in plain.text.split("\n\n")[:-1]]
    assert all(line.startswith("data: {") and "\n" not in line for line in plain.text.split("\n\n")[:-1])
    assert "".join(event["delta"]["content"] for event in events[:-1]) == whole["content"]
    assert all(event["done"] is False for event in events[:-1])
    last = msgspec.json.decode(proven.text.split("\n\n")[-2].removeprefix("data: "))
    assert last == {"done": True, "evidence": whole["evidence"]}


async def test_a_scope_is_the_limit_of_what_is_recalled(client: httpx.AsyncClient, base: str) -> None:
    path = await ana(client, base)
    for name in ("private", "empty"):
        await client.post(f"{base}/scopes", json={"id": name})
    await client.post(f"{base}/scopes/private/sessions", json={"session_ids": ["home"]})
    job, cello = "What is ana's job?", "Did the cat knock over the cello?"

    for where in (path, base):
        listed = {"scope": ["private", "empty"]}
        assert "orchestra" in await content(client, where, "Which instrument does ana play?", **listed)
        assert "nurse" not in await content(client, where, job, **listed)
        for scope in ("empty", ["empty"]):
            assert await content(client, where, cello, scope=scope) == NOTHING
    assert "knocked" in await content(client, path, cello, scope="private")
    assert "nurse" not in await content(client, path, job, scope="private")
    assert detail(await client.post(f"{path}/chat", json={"query": "x", "scope": "none"}), 404)
