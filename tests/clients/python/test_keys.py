"""The published Python client against a service that asks for keys."""

# pyright: reportMissingTypeStubs=false

from collections.abc import Generator

import httpx
import pytest
from honcho import AuthenticationError, Honcho

from app import keys
from app.engine.neo4j import Neo4jServer
from app.engine.redis import RedisServer
from graph.ids import new_id
from tests.api.conftest import serving

SECRET = "a secret of the tests, long enough for HS256"


@pytest.fixture(scope="module")
def guarded(
    neo4j_server: Neo4jServer, redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Generator[str]:
    """Address of an API that asks for keys."""
    folder = tmp_path_factory.mktemp("guarded")
    with serving(neo4j_server, redis_server, folder, AUTH_USE_AUTH="true", AUTH_JWT_SECRET=SECRET) as running:
        yield running.url


@pytest.mark.client
async def test_each_kind_of_key_reaches_what_it_names_and_nothing_else(guarded: str) -> None:
    workspace = f"keys-{new_id()}"

    def client(key: str | None) -> Honcho:
        return Honcho(base_url=guarded, api_key=key, workspace_id=workspace, max_retries=0)

    def key_for(**named: str) -> str:
        admin = keys.mint(SECRET, keys.Caller(admin=True))
        made = httpx.post(
            f"{guarded}/v3/keys", params=named, headers={"Authorization": f"Bearer {admin}"}, timeout=60
        ).raise_for_status()
        return made.json()["key"]

    for key in (None, "no key at all", key_for(workspace_id="another")):
        with pytest.raises(AuthenticationError) as refused:
            client(key).peer("ana")
        assert (refused.value.status, refused.value.code) == (401, "authentication_error")

    wide = client(key_for(workspace_id=workspace))
    ana, bot = wide.peer("ana"), wide.peer("bot")
    session = wide.session("s", peers=[ana, bot])
    session.add_messages([ana.message("I live in Porto."), bot.message("Since when?")])
    with pytest.raises(AuthenticationError):
        wide.workspaces()

    of_ana = client(key_for(workspace_id=workspace, peer_id="ana"))
    assert of_ana.peer("ana").get_card() is None
    assert [message.peer_id for message in of_ana.session("s").messages()] == ["ana", "bot"]
    assert of_ana.peer("ana").representation() == ""
    with pytest.raises(AuthenticationError):
        of_ana.peer("bot")
    with pytest.raises(AuthenticationError):
        of_ana.session("s").add_messages(ana.message("And I like it."))
    with pytest.raises(AuthenticationError):
        await of_ana.aio.peers()

    of_s = client(key_for(workspace_id=workspace, session_id="s"))
    inside = of_s.session("s")
    (said,) = inside.add_messages(bot.message("Nice!"))
    assert inside.get_message(said.id).content == "Nice!"
    assert len((await inside.aio.context()).messages) == 3
    with pytest.raises(AuthenticationError):
        of_s.session("other")
    with pytest.raises(AuthenticationError):
        await of_s.aio.search("Porto")
