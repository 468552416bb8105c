"""Every route with every kind of key, on a service that asks for keys."""

# PyJWT leaves the types of keys of other algorithms open.
# pyright: reportUnknownMemberType=false

from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest

from app import keys
from app.api.controllers import CONTROLLERS
from app.asgi import create_app
from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from app.keys import Caller
from app.settings import load
from graph.ids import new_id
from tests.api.access_table import OPENED_BY, TABLE, Access
from tests.api.conftest import Served, serving

SECRET = "a secret of the tests, long enough for its hash"
OTHER_SECRET = "another secret, with which somebody signs a key"
WORKSPACE = f"w-{new_id()}"
NAMES = {
    "workspace_id": WORKSPACE,
    "peer_id": "ann",
    "session_id": "talk",
    "scope_id": "area",
    "message_id": "none",
    "conclusion_id": "none",
    "endpoint_id": "none",
    "unit_id": "none",
}


def key(*, until: datetime | None = None, secret: str = SECRET, **reach: str) -> str:
    return keys.mint(
        secret, Caller(workspace_id=reach.get("w"), peer_id=reach.get("p"), session_id=reach.get("s")), until
    )


def claims(**said: object) -> str:
    return jwt.encode({"t": "now", **said}, SECRET, algorithm="HS256")


GOOD = {
    "admin": keys.mint(SECRET, Caller(admin=True)),
    "workspace": key(w=WORKSPACE),
    "peer": key(w=WORKSPACE, p="ann"),
    "other peer": key(w=WORKSPACE, p="bob"),
    "left": key(w=WORKSPACE, p="cleo"),
    "stranger": key(w=WORKSPACE, p="dora"),
    "session": key(w=WORKSPACE, s="talk"),
    "other session": key(w=WORKSPACE, s="chat"),
}
BAD = {
    "none": None,
    "garbage": "garbage",
    "unsigned": jwt.encode({"ad": True}, None, algorithm="none"),
    "another secret": keys.mint(OTHER_SECRET, Caller(admin=True)),
    "expired": key(w=WORKSPACE, until=datetime.now(UTC) - timedelta(seconds=10)),
    "expires in words": claims(w=WORKSPACE, exp="2999-01-01T00:00:00Z"),
    "no claims": claims(),
    "empty claims": claims(w="", p="", s=""),
    "peer of no workspace": claims(p="ann"),
    "session of no workspace": claims(s="talk"),
    "a name that is none": claims(w=["x"]),
    "admin in words": claims(ad="true"),
    "other workspace": key(w=f"{WORKSPACE}-2"),
    "peer of another workspace": key(w=f"{WORKSPACE}-2", p="ann"),
    "session of another workspace": key(w=f"{WORKSPACE}-2", s="talk"),
}
#: These reach another workspace, so where none stands in the path the handler has the say.
ELSEWHERE = {"other workspace", "peer of another workspace", "session of another workspace"}


@pytest.fixture(scope="module")
def guarded(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Served]:
    folder = tmp_path_factory.mktemp("guarded")
    with serving(neo4j_server, redis_server, folder, AUTH_USE_AUTH="true", AUTH_JWT_SECRET=SECRET) as running:
        yield running


@pytest.fixture(scope="module")
async def guarded_client(guarded: Served) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=guarded.url, timeout=60) as client:
        headers = bearing(GOOD["admin"])
        base = f"/v3/workspaces/{WORKSPACE}"
        for name in ("ann", "bob", "cleo", "dora"):
            await client.post(f"{base}/peers", json={"id": name}, headers=headers)
        members: dict[str, dict[str, bool]] = {"ann": {}, "bob": {}, "cleo": {}}
        await client.post(f"{base}/sessions", json={"id": "talk", "peers": members}, headers=headers)
        await client.request("DELETE", f"{base}/sessions/talk/peers", json=["cleo"], headers=headers)
        yield client


def bearing(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def declared() -> dict[tuple[str, str], Access]:
    app = create_app(load({}))
    return {
        (verb, path): handler.opt["access"]
        for path, verb, handler in (
            (route.path_format, verb, handler)
            for route in app.routes
            for handler in getattr(route, "route_handlers", ())
            for verb in handler.http_methods
        )
        if path.startswith("/v3") and verb != "OPTIONS"
    }


def test_every_route_declares_what_the_contract_says() -> None:
    assert declared() == TABLE
    assert CONTROLLERS


def last_what_deletes(route: tuple[str, str]) -> tuple[bool, str, str]:
    """Until the session is deleted it answers the others."""
    return route[0] == "DELETE", route[1][::-1], route[0]


@pytest.mark.parametrize("route", sorted(TABLE, key=last_what_deletes), ids=" ".join)
async def test_a_route_opens_to_the_keys_of_its_row_alone(
    route: tuple[str, str], guarded_client: httpx.AsyncClient
) -> None:
    verb, path = route
    access = TABLE[route]
    url = path.format(**NAMES)
    opened: set[str] = set()
    for name, token in {**BAD, **GOOD}.items():
        if access is Access.CLAIMS and "{workspace_id}" not in path and name in ELSEWHERE:
            continue
        answer = await guarded_client.request(verb, url, headers=bearing(token))
        if answer.status_code != 401:
            opened.add(name)
            assert answer.status_code < 500, (name, answer.text)
        else:
            assert list(answer.json()) == ["detail"]
            assert answer.headers["www-authenticate"] == "Bearer"
    assert opened == OPENED_BY[access]


@pytest.mark.parametrize(
    ("name", "workspace", "allowed"),
    [
        ("workspace", WORKSPACE, True),
        ("peer", WORKSPACE, True),
        ("session", WORKSPACE, True),
        ("other workspace", WORKSPACE, False),
        ("workspace", f"{WORKSPACE}-3", False),
        ("session", f"{WORKSPACE}-3", False),
        ("admin", f"{WORKSPACE}-3", True),
    ],
    # The workspace's name is another in each process; processes that share the tests must agree on theirs.
    ids=lambda value: {WORKSPACE: "its own", f"{WORKSPACE}-3": "a further"}.get(value, str(value)),
)
async def test_a_workspace_is_got_or_made_with_its_own_keys(
    name: str, workspace: str, allowed: bool, guarded_client: httpx.AsyncClient
) -> None:
    token = {**GOOD, **BAD}[name]
    answer = await guarded_client.post("/v3/workspaces", json={"id": workspace}, headers=bearing(token))
    assert (answer.status_code in {200, 201}) is allowed, answer.text
    assert allowed or answer.status_code == 401


@pytest.mark.parametrize(
    ("noun", "name", "wanted", "allowed"),
    [
        ("peers", "peer", "ann", True),
        ("peers", "peer", "bob", False),
        ("peers", "session", "eve", True),
        ("sessions", "session", "talk-2", False),
        ("sessions", "other session", "chat", True),
        ("sessions", "peer", "talk-3", True),
    ],
)
async def test_peers_and_sessions_are_got_or_made_with_keys_that_do_not_name_another(
    noun: str, name: str, wanted: str, allowed: bool, guarded_client: httpx.AsyncClient
) -> None:
    url = f"/v3/workspaces/{WORKSPACE}/{noun}"
    answer = await guarded_client.post(url, json={"id": wanted}, headers=bearing(GOOD[name]))
    assert (answer.status_code in {200, 201}) is allowed, answer.text
    assert allowed or answer.status_code == 401


async def test_a_session_made_with_scopes_needs_a_key_of_the_workspace(guarded_client: httpx.AsyncClient) -> None:
    url = f"/v3/workspaces/{WORKSPACE}/sessions"
    body = {"id": "scoped", "scopes": ["nowhere"]}
    for name in ("peer", "session"):
        answer = await guarded_client.post(url, json={**body, "id": NAMES["session_id"]}, headers=bearing(GOOD[name]))
        assert answer.status_code == 401, (name, answer.text)
    answer = await guarded_client.post(url, json=body, headers=bearing(GOOD["workspace"]))
    assert answer.status_code != 401


async def test_a_key_made_by_the_route_opens_what_it_names_until_it_expires(guarded_client: httpx.AsyncClient) -> None:
    admin = bearing(GOOD["admin"])
    listing = f"/v3/workspaces/{WORKSPACE}/peers/list"
    for until, status in (("2999-01-01", 200), ("2999-01-01T00:00:00Z", 200), ("2001-01-01", 401)):
        query = {"workspace_id": WORKSPACE, "expires_at": until}
        made = await guarded_client.post("/v3/keys", params=query, headers=admin)
        assert made.status_code == 200, made.text
        answer = await guarded_client.post(listing, headers=bearing(made.json()["key"]))
        assert answer.status_code == status, until


@pytest.mark.parametrize("query", [{}, {"peer_id": "ann"}, {"session_id": "talk"}, {"workspace_id": ""}])
async def test_a_key_must_name_a_workspace(query: dict[str, str], guarded_client: httpx.AsyncClient) -> None:
    answer = await guarded_client.post("/v3/keys", params=query, headers=bearing(GOOD["admin"]))
    assert answer.status_code == 422
    assert "workspace_id" in answer.json()["detail"]


async def test_no_keys_are_made_where_none_are_asked_for(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v3/keys", params={"workspace_id": "w"})
    assert answer.status_code == 405
    assert "AUTH_USE_AUTH" in answer.json()["detail"]


async def test_a_peers_key_sees_a_session_through_its_own_eyes_alone(guarded_client: httpx.AsyncClient) -> None:
    url = f"/v3/workspaces/{WORKSPACE}/sessions/talk-4/context"
    admin = bearing(GOOD["admin"])
    await guarded_client.post(
        f"/v3/workspaces/{WORKSPACE}/sessions", json={"id": "talk-4", "peers": {"ann": {}}}, headers=admin
    )
    ann = bearing(GOOD["peer"])
    statuses: dict[str, int] = {}
    for name, query in {
        "own": {"peer_target": "ann"},
        "own of another": {"peer_target": "bob", "peer_perspective": "ann"},
        "another's": {"peer_target": "ann", "peer_perspective": "bob"},
        "another's own": {"peer_target": "bob"},
        "a session of others": {"peer_target": "ann", "sessions": ["talk-4", "chat"]},
    }.items():
        statuses[name] = (await guarded_client.get(url, params=query, headers=ann)).status_code
    assert statuses == {
        "own": 200, "own of another": 200, "another's": 401, "another's own": 401, "a session of others": 401
    }  # fmt: skip
