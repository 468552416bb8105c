"""The two servers run for real, by themselves."""

# The Redis client leaves its keyword arguments without types.
# pyright: reportUnknownMemberType=false

import socket
import time
from pathlib import Path

import httpx
import pytest
import redis as redis_client

from app.engine.neo4j import Neo4jOptions as Options
from app.engine.neo4j import Neo4jServer, configuration, set_first_password
from app.engine.probe import Http, Start
from app.engine.reaper import marked, of_directory
from app.engine.redis import RedisServer, start_server


def test_valkey_answers_only_with_its_password_and_keeps_what_it_was_told(tmp_path: Path) -> None:
    with start_server(tmp_path) as server:
        with redis_client.Redis.from_url(server.url) as client:
            client.set("kept", "yes")
        bare = server.url.split("@")[1]
        with (
            redis_client.Redis.from_url(f"redis://{bare}") as stranger,
            pytest.raises(redis_client.AuthenticationError),
        ):
            stranger.ping()
    with start_server(tmp_path) as again, redis_client.Redis.from_url(again.url) as client:
        assert client.get("kept") == b"yes"
    assert (tmp_path / "valkey.conf").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "redis.password").stat().st_mode & 0o777 == 0o600


def test_valkey_keeps_the_mark_by_which_it_is_found(tmp_path: Path) -> None:
    with start_server(tmp_path):
        assert [process.name() for process in marked(of_directory(tmp_path))] == ["valkey-server"]


def test_valkey_is_gone_after_its_block(tmp_path: Path) -> None:
    with start_server(tmp_path) as server:
        port = int(server.url.rsplit(":", 1)[1].split("/")[0])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.engine
def test_neo4j_serves_its_browser(neo4j_server: Neo4jServer) -> None:
    if not neo4j_server.browser:
        pytest.skip("the Neo4j that the environment names has no known Browser")
    probe, start = Http(neo4j_server.browser), Start(time.monotonic())
    while not probe.answers(start) and time.monotonic() - start.began < 60:
        time.sleep(0.1)  # Bolt answers a little before the Browser does
    answer = httpx.get(neo4j_server.browser, follow_redirects=True, trust_env=False)
    assert answer.status_code == 200
    assert "<html" in answer.text.lower()


@pytest.mark.engine
def test_redis_fixture_answers(redis_server: RedisServer) -> None:
    with redis_client.Redis.from_url(redis_server.url) as client:
        assert client.ping()


def test_neo4j_listens_on_loopback_alone_and_reports_nothing(tmp_path: Path) -> None:
    lines = configuration(tmp_path, tmp_path / "logs", Options(bolt_port=1, http_port=2)).splitlines()
    settings = dict(line.split("=", 1) for line in lines)
    for name, value in settings.items():
        if name.endswith("address"):
            assert value.split(":")[0] == "127.0.0.1", name
    assert settings["dbms.usage_report.enabled"] == "false"
    # Together they make a full disk a database that can still be read.
    assert settings["db.tx_log.preallocate"] == "true"
    assert settings["internal.dbms.out_of_disk_space_protection"] == "true"


def test_the_first_password_is_set_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    set_first_password(tmp_path, "one")
    file = tmp_path / "data" / "dbms" / "auth.ini"
    first = file.read_text()
    assert "one" not in first.removeprefix("neo4j:SHA-256,")
    assert file.stat().st_mode & 0o777 == 0o600
    (tmp_path / "data" / "databases" / "system").mkdir(parents=True)
    set_first_password(tmp_path, "two")
    assert file.read_text() == first
