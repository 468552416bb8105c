"""The whole engine for real: two of them at once, killed part by part, and with servers of another."""

import json
import os
import signal
from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
import pytest

from app.engine import FREE, NOT_RUNNING, Home, Options, Running, Status, running, start, stop
from app.engine.reaper import marked, of_directory
from tests.engine.parts import until
from tests.engine.test_commands import doxa

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]

#: A Neo4j that has just started plans its first queries for seconds, many of them on a busy machine.
PATIENCE = 120

PARTS = ["supervisor", "neo4j", "redis", "api", "workers"]


def environment(**more: str) -> Mapping[str, str]:
    foreign = ("NEO4J_", "REDIS_", "OPENAI_", "DOXA_LLM", "DOXA_EMBEDDING")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(foreign)}, **more}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Generator[list[Running]]:
    homes = [Home(tmp_path_factory.mktemp(name) / "home") for name in ("one", "two")]
    try:
        with ThreadPoolExecutor(2) as pool:
            yield list(pool.map(begin, homes))
    finally:
        for home in homes:
            stop(home)
            assert marked(of_directory(home.path)) == [], "processes are left after down"
            assert running(home) is None


def begin(home: Home) -> Running:
    return start(home, Options(ports=FREE), environment=environment(METRICS_ENABLED="true"))


def pids(status: Status) -> dict[str, int]:
    return {process.name: process.pid for process in status.processes}


def new_workspace(status: Status, name: str) -> None:
    answer = httpx.post(f"{status.api}/v3/workspaces", json={"id": name}, trust_env=False, timeout=PATIENCE)
    assert answer.status_code in {200, 201}, answer.text


def workspaces(status: Status) -> list[str]:
    answer = httpx.post(f"{status.api}/v3/workspaces/list", json={}, trust_env=False, timeout=PATIENCE)
    return [item["id"] for item in answer.json()["items"]]


def test_two_engines_at_once_do_not_disturb_each_other(two: list[Running]) -> None:
    one, other = (each.status() for each in two)
    assert one.ready
    assert other.ready
    new_workspace(one, "only-here")
    assert "only-here" in workspaces(one)
    assert "only-here" not in workspaces(other)
    assert len({one.api, other.api, one.redis, other.redis}) == 4


def test_status_says_where_the_metrics_of_api_and_workers_are_read(two: list[Running]) -> None:
    found = [address for each in two for address in each.status().metrics]
    assert len(set(found)) == 4
    for address in found:
        assert "doxa_work_outcomes_total{" in httpx.get(address, trust_env=False, timeout=PATIENCE).text


def test_status_has_the_shape_that_programs_rely_on(two: list[Running]) -> None:
    home = two[0].home.path
    answer = doxa(home, "status", "--json")
    assert answer.returncode == 0
    found = json.loads(answer.stdout)
    assert set(found) == {"ready", "api", "neo4j", "redis", "processes", "metrics"}
    assert found["ready"] is True
    assert set(found["neo4j"]) == {"uri", "user", "password_file", "browser"}
    assert [process["name"] for process in found["processes"]] == PARTS
    assert all(set(process) == {"name", "pid", "rss_bytes"} for process in found["processes"])
    assert "ready" in doxa(home, "status").stdout.lower()


def test_api_and_browser_answer(two: list[Running]) -> None:
    status = two[0].status()
    assert status.neo4j is not None
    assert status.neo4j.browser is not None
    for address in (f"{status.api}/health", f"{status.api}/docs", status.neo4j.browser):
        assert httpx.get(address, follow_redirects=True, trust_env=False, timeout=30).status_code == 200, address


def test_it_keeps_within_its_memory_and_disk(two: list[Running]) -> None:
    for each in two:
        assert sum(process.rss_bytes for process in each.status().processes) <= 2 * 2**30
        size = sum(file.stat().st_blocks * 512 for file in each.home.path.rglob("*") if file.is_file())
        assert size <= 200_000_000


def test_it_listens_on_loopback_alone(two: list[Running]) -> None:
    processes = marked(of_directory(two[0].home.path))
    listening = [
        connection.laddr
        for process in processes
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 4
    assert {address.ip for address in listening} <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_its_passwords_are_in_their_files_alone(two: list[Running]) -> None:
    home = two[0].home
    told = [" ".join(process.cmdline()) for process in marked(of_directory(home.path))]
    told += [log.read_text(errors="replace") for log in home.logs.iterdir()]
    told += [home.record.read_text(), doxa(home.path, "status").stdout, doxa(home.path, "doctor").stdout]
    for file in (home.neo4j_password, home.redis_password):
        assert file.stat().st_mode & 0o777 == 0o600
        secret = file.read_text().strip()
        assert all(secret not in text for text in told)


def test_doctor_finds_nothing_wrong(two: list[Running]) -> None:
    answer = doxa(two[0].home.path, "doctor")
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("name", PARTS[1:])
def test_a_part_that_is_killed_comes_back_and_nothing_is_lost(two: list[Running], name: str) -> None:
    one, other = two
    before, beside = pids(one.status()), pids(other.status())
    new_workspace(one.status(), f"before-{name}")
    os.kill(before[name], signal.SIGKILL)
    until(lambda: pids(one.status()).get(name) not in {before[name], None}, f"{name} is started again", PATIENCE)
    until(lambda: one.status().ready, "all is ready again", PATIENCE)
    assert f"before-{name}" in workspaces(one.status())
    assert pids(other.status()) == beside
    assert f"{name} was ended by SIGKILL" in one.home.log.read_text()


def test_after_the_engine_itself_is_killed_a_new_start_has_everything(two: list[Running]) -> None:
    one = two[0]
    before = one.status()
    new_workspace(before, "before-all")
    os.kill(pids(before)["supervisor"], signal.SIGKILL)
    again = begin(one.home)
    after = again.status()
    assert after.ready
    assert not set(pids(before).values()) & set(pids(after).values())
    assert after.api == before.api, "free ports are remembered"
    assert "before-all" in workspaces(after)
    again.stop()
    assert (running(one.home) or NOT_RUNNING) == NOT_RUNNING


def test_servers_given_by_address_are_used_instead_of_own_ones(two: list[Running], tmp_path: Path) -> None:
    other = two[1]
    status = other.status()
    assert status.neo4j is not None
    assert status.redis is not None
    new_workspace(status, "of-the-other")
    password = other.home.redis_password.read_text().strip()
    given = environment(
        NEO4J_URI=status.neo4j.uri.replace("bolt://", "neo4j://"),
        NEO4J_PASSWORD_FILE=str(other.home.neo4j_password),
        REDIS_URL=status.redis.replace("redis://", f"redis://:{password}@"),
        DOXA_REDIS_NAMESPACE="third",
    )
    third = start(Home(tmp_path / "home"), Options(ports=FREE), environment=given)
    try:
        found = third.status()
        assert [process.name for process in found.processes] == ["supervisor", "api", "workers"]
        assert found.neo4j is not None
        assert found.neo4j.browser is None
        assert "of-the-other" in workspaces(found)
        assert password not in (found.redis or "")
    finally:
        third.stop()
    assert other.status().ready
