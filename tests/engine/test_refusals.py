"""What stands in the way of a start is told in one line, and nothing is started."""

import os
import socket
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.engine.errors import EngineFault, HomeFault, MachineFault, PortFault
from app.engine.foreground import run
from app.engine.home import Home, home_at
from app.engine.java import find_java
from app.engine.machine import check_disk, check_memory, free_memory
from app.engine.options import Options, options_from
from app.engine.plan import without_password
from app.engine.ports import FREE, FREE_RANGE, HOST, Ports, Reservations, is_free
from app.engine.reaper import marked, of_directory
from app.engine.record import read_record
from app.engine.secret import keep_secret


@contextmanager
def listening() -> Generator[int]:
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


def refused(home: Home, options: Options, **environment: str) -> str:
    """Start an engine that cannot start; returns what it says."""
    base = {"PATH": os.environ["PATH"], "DOXA_CACHE": os.environ.get("DOXA_CACHE", str(home.path.parent / "cache"))}
    with pytest.raises(EngineFault) as caught:
        run(home, options, base | environment, lambda event: None)
    assert marked(of_directory(home.path)) == []
    assert read_record(home) is None
    said = str(caught.value)
    assert "\n" not in said
    return said


def test_a_taken_port_is_named_with_who_needs_it_and_the_option(tmp_path: Path) -> None:
    with listening() as number:
        said = refused(Home(tmp_path / "home"), Options(ports=Ports(0, number, 0, 0)))
    assert said == (
        f"port {number} is taken, and Neo4j (Bolt) needs it: free it, or choose another with --bolt-port "
        "(0 picks a free one)"
    )


def test_a_server_given_by_address_must_answer(tmp_path: Path) -> None:
    home, options = Home(tmp_path / "home"), Options(ports=FREE)
    with listening() as number:
        pass
    said = refused(home, options, NEO4J_URI=f"neo4j://127.0.0.1:{number}")
    assert said == (
        f"no server answers at neo4j://127.0.0.1:{number}, which NEO4J_URI names: start it, or unset NEO4J_URI"
    )


def test_a_given_address_is_told_without_its_password(tmp_path: Path) -> None:
    with listening() as number:
        pass
    environment = {"REDIS_URL": f"redis://u:hidden@127.0.0.1:{number}/0", "NEO4J_URI": "bolt://127.0.0.1:1"}
    said = refused(Home(tmp_path / "home"), Options(ports=FREE), **environment)
    assert "hidden" not in said
    assert without_password("redis://u:hidden@h:1/0") == "redis://h:1/0"
    assert without_password("redis://h:1/0") == "redis://h:1/0"


def test_a_setting_that_breaks_its_rule_is_named(tmp_path: Path) -> None:
    said = refused(Home(tmp_path / "home"), Options(ports=FREE), DOXA_LLM_MODEL="x")
    assert said.startswith("DOXA_LLM_MODEL needs")


def test_too_little_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match=r"only [\d.]+ GB are free on the disk of .*, 1000000.0 GB are needed"):
        check_disk(tmp_path / "not" / "yet", needed=10**15)
    check_disk(tmp_path, needed=1)


def test_too_little_memory_is_told() -> None:
    with pytest.raises(MachineFault, match=r"only [\d.]+ GB of memory are available, 1000000.0 GB are needed"):
        check_memory(needed=10**15)
    assert free_memory() > 0


def fake_java(directory: Path, answer: str) -> Path:
    program = directory / "java"
    program.write_text(f"#!/bin/sh\necho '{answer}' >&2\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@pytest.mark.parametrize(
    ("answer", "major"), [('openjdk version "17.0.9" 2023-10-17', 17), ('java version "1.8.0"', 8)]
)
def test_a_java_that_is_too_old_is_told(tmp_path: Path, answer: str, major: int) -> None:
    with pytest.raises(MachineFault, match=f"DOXA_JAVA names Java {major}, and Neo4j needs 21 or later"):
        find_java({"DOXA_JAVA": str(fake_java(tmp_path, answer))})


def test_a_java_that_is_not_there_or_silent_is_told(tmp_path: Path) -> None:
    with pytest.raises(MachineFault, match="cannot be run"):
        find_java({"DOXA_JAVA": str(tmp_path / "none")})
    with pytest.raises(MachineFault, match="does not say its version"):
        find_java({"DOXA_JAVA": str(fake_java(tmp_path, "hello"))})


def test_a_given_java_may_be_named_by_its_home(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program = fake_java(tmp_path / "bin", 'openjdk version "25" 2025-09-16')
    assert find_java({"DOXA_JAVA": str(tmp_path)}) == program


def test_a_home_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(Home(tmp_path / "file" / "home"), Options(ports=FREE))
    assert said.endswith("file/home cannot be made: Not a directory; choose another with --home")


def test_the_home_is_private_to_its_owner(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    refused(home, Options(ports=FREE), NEO4J_URI="bolt://127.0.0.1:1")
    assert home.path.stat().st_mode & 0o777 == 0o700


def test_the_home_is_where_the_environment_says(tmp_path: Path) -> None:
    assert home_at(None, {"DOXA_HOME": str(tmp_path)}).path == tmp_path
    assert home_at(tmp_path / "x", {"DOXA_HOME": str(tmp_path)}).path == tmp_path / "x"
    assert home_at(None, {}).path == Path.home() / ".doxa"


def test_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    first = keep_secret(file)
    assert len(first) >= 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert keep_secret(file) == first
    assert list(tmp_path.iterdir()) == [file]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(0o600)
    with pytest.raises(HomeFault, match="is empty"):
        keep_secret(tmp_path / "secret")


def test_free_ports_are_never_given_twice(tmp_path: Path) -> None:
    one, two = Reservations(tmp_path), Reservations(tmp_path)
    taken = [holder.take("api", 0) for holder in (one, two) for _ in range(20)]
    assert len(set(taken)) == 40
    assert all(number in FREE_RANGE for number in taken)
    with pytest.raises(PortFault, match="--api-port"):
        two.take("api", taken[0])
    one.release()
    assert two.take("api", 0, before=taken[0]) == taken[0]
    two.release()


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with listening() as number:
        assert not is_free(number)
    assert is_free(number)


@pytest.mark.parametrize("value", ["-1", "65536", "x", "1.5"])
def test_a_number_that_is_no_port_is_refused(value: str) -> None:
    with pytest.raises(PortFault, match="DOXA_REDIS_PORT must be a port number from 0"):
        options_from({}, {"DOXA_REDIS_PORT": value})


def test_an_option_goes_before_the_environment_and_that_before_the_default() -> None:
    environment = {"DOXA_API_PORT": "8001", "DOXA_BOLT_PORT": "0", "DOXA_NEO4J_HEAP": "512m"}
    options = options_from({"api": 9000, "bolt": None}, environment)
    assert options == Options(ports=Ports(9000, 0, 7474, 6390), heap="512m")


def test_a_size_that_is_none_is_refused() -> None:
    with pytest.raises(EngineFault, match="DOXA_NEO4J_HEAP must be a whole number followed by k, m or g"):
        options_from({}, {"DOXA_NEO4J_HEAP": "lots"})
