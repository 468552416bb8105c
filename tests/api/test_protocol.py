"""What holds for every route: bodies, queries, errors, paths, and the description of it all."""

import json

import httpx
import msgspec
import pytest

from tests.api.conftest import deep, problems

JSON = {"Content-Type": "application/json"}
PATTERN = "^[a-zA-Z0-9_-]+$"
NAMED = ["workspaces", "peers", "sessions"]


def collection(noun: str, base: str) -> str:
    return "/v3/workspaces" if noun == "workspaces" else f"{base}/{noun}"


@pytest.mark.parametrize("noun", NAMED)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            {"name": ""},
            {
                "type": "string_too_short",
                "loc": ["body", "name"],
                "msg": "String should have at least 1 character",
                "input": "",
                "ctx": {"min_length": 1},
            },
        ),
        (
            {"id": ""},
            {
                "type": "string_too_short",
                "loc": ["body", "id"],
                "msg": "String should have at least 1 character",
                "input": "",
                "ctx": {"min_length": 1},
            },
        ),
        (
            {"id": "a" * 513},
            {
                "type": "string_too_long",
                "loc": ["body", "id"],
                "msg": "String should have at most 512 characters",
                "input": "a" * 513,
                "ctx": {"max_length": 512},
            },
        ),
        (
            {"name": "a.b"},
            {
                "type": "string_pattern_mismatch",
                "loc": ["body", "name"],
                "msg": f"String should match pattern '{PATTERN}'",
                "input": "a.b",
                "ctx": {"pattern": PATTERN},
            },
        ),
        ({}, {"type": "missing", "loc": ["body", "id"], "msg": "Field required", "input": {}}),
        (
            {"id": 7},
            {"type": "string_type", "loc": ["body", "id"], "msg": "Input should be a valid string", "input": 7},
        ),
        (
            {"id": "ok", "metadata": "text"},
            {
                "type": "dict_type",
                "loc": ["body", "metadata"],
                "msg": "Input should be a valid dictionary",
                "input": "text",
            },
        ),
    ],
)
async def test_problems_of_a_name_or_metadata_are_told_to_the_letter(
    client: httpx.AsyncClient, base: str, noun: str, body: dict[str, object], expected: dict[str, object]
) -> None:
    answer = await client.post(collection(noun, base), json=body)

    assert problems(answer) == [expected]


@pytest.mark.parametrize("noun", NAMED)
async def test_names_and_metadata_are_taken_at_their_limits_and_not_past_them(
    client: httpx.AsyncClient, base: str, workspace: str, noun: str
) -> None:
    longest = workspace.ljust(512, "x")
    hundred = {f"k{n}": n for n in range(100)}
    path = collection(noun, base)

    taken = await client.post(path, json={"id": longest, "metadata": {**hundred, "k0": deep(4)}})
    assert taken.status_code == 201
    assert taken.json()["metadata"]["k0"] == deep(4)

    for metadata in ({**hundred, "k100": 1}, {"k": deep(5)}):
        (problem,) = problems(await client.post(path, json={"id": longest, "metadata": metadata}))
        assert problem["type"] == "value_error"
        assert problem["loc"] == ["body", "metadata"]
        assert str(problem["msg"]).startswith("Value error, ")
        assert problem["ctx"] == {"error": {}}


@pytest.mark.parametrize(
    "path", ["/v3/workspaces/list", "{base}/peers/list", "{base}/sessions/list", "{base}/peers/x/sessions",
             "{base}/sessions/x/messages/list"],
)  # fmt: skip
async def test_a_list_takes_no_body_null_and_an_empty_object_alike(
    client: httpx.AsyncClient, base: str, path: str
) -> None:
    for body in (b"", b"null", b"{}", b'{"filters": null}', b'{"filters": {}}', b'{"unknown": 1}'):
        answer = await client.post(path.format(base=base), content=body, headers=JSON)
        assert answer.status_code == 200, (body, answer.text)
    (problem,) = problems(await client.post(path.format(base=base), json={"filters": "x"}))
    assert (problem["type"], problem["loc"]) == ("dict_type", ["body", "filters"])


@pytest.mark.parametrize(
    ("query", "kind", "context"),
    [
        ("page=0", "greater_than_equal", {"ge": 1}),
        ("page=-1", "greater_than_equal", {"ge": 1}),
        ("page=x", "int_parsing", None),
        ("page=", "int_parsing", None),
        ("page=1.5", "int_parsing", None),
        ("size=0", "greater_than_equal", {"ge": 1}),
        ("size=101", "less_than_equal", {"le": 100}),
        ("size=x", "int_parsing", None),
        ("reverse=perhaps", "bool_parsing", None),
    ],
)
async def test_a_bad_page_is_refused_by_its_parameter(
    client: httpx.AsyncClient, base: str, query: str, kind: str, context: object
) -> None:
    name, value = query.split("=")

    (problem,) = problems(await client.post(f"{base}/peers/list?{query}"))

    assert (problem["type"], problem["loc"], problem["input"]) == (kind, ["query", name], value)
    assert problem.get("ctx") == context


async def test_sizes_at_their_limits_are_taken(client: httpx.AsyncClient, base: str) -> None:
    for query in ("size=1", "size=100", "page=1", "page=999999999", "page=2&page=1", "reverse=1", "unknown=1"):
        answer = await client.post(f"{base}/peers/list?{query}")
        assert answer.status_code == 200, (query, answer.text)


@pytest.mark.parametrize(
    ("body", "offset"),
    [(b"{", 1), (b'{"id" 1}', 6), (b"nope", 0), (b"\xff\xfe", 0), (b'{"id": NaN}', 0), (b"[" * 50_000, 0)],
)
async def test_malformed_json_is_told_with_its_offset(client: httpx.AsyncClient, body: bytes, offset: int) -> None:
    (problem,) = problems(await client.post("/v3/workspaces", content=body, headers=JSON))

    assert problem["type"] == "json_invalid"
    assert problem["loc"] == ["body", offset]
    assert set(msgspec.convert(problem["ctx"], dict[str, str])) == {"error"}


async def test_a_required_body_that_is_missing_or_of_the_wrong_kind_is_refused(client: httpx.AsyncClient) -> None:
    missing = {"type": "missing", "loc": ["body"], "msg": "Field required", "input": None}
    assert problems(await client.post("/v3/workspaces", content=b"", headers=JSON)) == [missing]
    assert problems(await client.post("/v3/workspaces", content=b"null", headers=JSON)) == [missing]
    (problem,) = problems(await client.post("/v3/workspaces", json=["x"]))
    assert (problem["type"], problem["loc"]) == ("model_attributes_type", ["body"])


async def test_numbers_and_texts_of_any_kind_come_back_as_they_were(client: httpx.AsyncClient, workspace: str) -> None:
    metadata = {"big": 123456789012345678901234567890, "f": 0.1, "e": 1e300, "u": "\u2028 \U0001f600 \\", "": None}

    answer = await client.post("/v3/workspaces", json={"id": workspace, "metadata": metadata})

    assert answer.status_code == 201
    assert json.loads(answer.text)["metadata"] == metadata


async def test_metadata_nested_past_any_use_is_refused_and_not_a_failure(
    client: httpx.AsyncClient, workspace: str
) -> None:
    body = b'{"id": "%s", "metadata": {"a": %s}}' % (workspace.encode(), b"[" * 300 + b"]" * 300)
    assert problems(await client.post("/v3/workspaces", content=body, headers=JSON))[0]["loc"] == ["body", "metadata"]
    body = b'{"id": "%s", "filters": {"a": %s}}' % (workspace.encode(), b"[" * 300 + b"]" * 300)
    assert problems(await client.post("/v3/workspaces/list", content=body, headers=JSON))[0]["type"] == "value_error"


async def test_unknown_paths_and_wrong_verbs_say_so(client: httpx.AsyncClient, base: str) -> None:
    for path in ("/nope", "/v3", "/v3/nope", f"{base}/nope", f"{base}/peers/a/nope", "/v2/workspaces"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"}), path
    for path in ("/v3/workspaces", f"{base}/peers", f"{base}/sessions/s"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()) == (405, {"detail": "Method Not Allowed"}), path


async def test_a_body_that_is_too_large_is_refused(client: httpx.AsyncClient, workspace: str) -> None:
    answer = await client.post("/v3/workspaces", json={"id": workspace, "metadata": {"a": "x" * 17_000_000}})

    assert answer.status_code == 413
    assert list(answer.json()) == ["detail"]


@pytest.mark.parametrize("name", ["list", "peers", "messages", "search", "0", "-", "_"])
async def test_names_that_are_also_words_of_the_routes_work_everywhere(
    client: httpx.AsyncClient, base: str, name: str
) -> None:
    assert (await client.post(f"{base}/sessions", json={"id": name, "peers": {name: {}}})).status_code == 201
    sent = await client.post(
        f"{base}/sessions/{name}/messages", json={"messages": [{"peer_id": name, "content": "Hello."}]}
    )
    assert sent.status_code == 201, sent.text
    (message,) = sent.json()
    assert (message["session_id"], message["peer_id"]) == (name, name)
    assert (await client.get(f"{base}/sessions/{name}/messages/{message['id']}")).json() == message
    assert (await client.post(f"{base}/sessions/{name}/messages/list")).json()["total"] == 1
    assert (await client.put(f"{base}/sessions/{name}", json={"metadata": {"a": 1}})).json()["id"] == name
    assert (await client.put(f"{base}/peers/{name}", json={"metadata": {"a": 1}})).json()["id"] == name
    assert (await client.post(f"{base}/peers/{name}/sessions")).json()["total"] == 1
    assert (await client.get(f"{base}/sessions/{name}/peers/{name}/config")).status_code == 200


async def test_health_and_description_answer(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    for path in ("/docs", "/redoc"):
        page = await client.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "http://" not in page.text
        assert "https://" not in page.text
    document = await client.get("/openapi.json")
    assert document.headers["content-type"].startswith("application/json")
    assert document.json()["openapi"].startswith("3.1")


async def test_other_origins_are_allowed_by_the_settings_alone(client: httpx.AsyncClient) -> None:
    asked = {"Origin": "http://localhost", "Access-Control-Request-Method": "POST"}
    allowed = await client.options("/v3/workspaces", headers=asked)
    assert allowed.headers["access-control-allow-origin"] == "http://localhost"
    assert allowed.headers["access-control-allow-credentials"] == "true"
    refused = await client.options("/v3/workspaces", headers={**asked, "Origin": "http://elsewhere.example"})
    assert "access-control-allow-origin" not in refused.headers


async def test_a_path_tells_all_its_verbs(client: httpx.AsyncClient, base: str) -> None:
    for path, verbs in {
        "/peers/ann/card": "GET, OPTIONS, PUT",
        "/sessions/s/peers": "DELETE, GET, OPTIONS, POST, PUT",
        "/peers/list": "OPTIONS, POST",
    }.items():
        answer = await client.options(f"{base}{path}")
        assert (answer.status_code, answer.headers["allow"]) == (204, verbs), path
