"""What Java learnt in one run is kept for the next, which is none the worse when it is damaged."""

import os
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from neo4j import GraphDatabase

from app.cli.main import group
from app.engine import warmth
from app.engine.errors import EngineFault, MachineFault
from app.engine.events import Event, Finished, silent
from app.engine.fetch import fetch
from app.engine.jars import cache_directory, read_lock
from app.engine.neo4j import Neo4jServer, keep_learnt, learnt_file, start_server
from app.engine.reaper import marked, of_directory


@pytest.fixture
def cache(tmp_path: Path) -> dict[str, str]:
    """An environment with a cache of its own, where the jars are that there are, and nothing was learnt."""
    shared = cache_directory(os.environ)
    fetch(shared, read_lock(), os.environ, silent)
    own = tmp_path / "cache"
    own.mkdir()
    (own / "jars").symlink_to(shared / "jars")
    return {**os.environ, "DOXA_CACHE": str(own)}


@pytest.mark.engine
def test_what_was_learnt_is_used_and_what_is_damaged_is_left_alone(cache: dict[str, str], tmp_path: Path) -> None:
    file, record = learnt_file(cache), tmp_path / "learnt"
    assert file is not None
    with start_server(tmp_path / "first", cache, record=str(record)) as server:
        assert one(server) == 1
    heard: list[Event] = []
    older = file.with_name("neo4j-of-other-jars.aot")
    older.parent.mkdir()
    older.touch()
    assert keep_learnt(record, cache, heard.append) == file
    assert [type(event) for event in heard][-1] is Finished
    assert list(file.parent.iterdir()) == [file], "nothing of other jars is left, and nothing half"

    with start_server(tmp_path / "second", cache) as server:
        assert str(file) in mapped(tmp_path / "second")
        assert one(server) == 1

    whole = file.stat().st_size
    os.truncate(file, whole // 2)
    with start_server(tmp_path / "third", cache) as server:
        assert one(server) == 1


def test_what_is_learnt_fits_one_java_one_place_and_one_set_of_flags(tmp_path: Path) -> None:
    here, there = ({"DOXA_CACHE": str(tmp_path / name)} for name in ("here", "there"))
    assert warmth.cache_file(here, ["-a"]) == warmth.cache_file(here, ["-a"])
    assert warmth.cache_file(here, ["-a"]) != warmth.cache_file(here, ["-b"])
    found, other = warmth.cache_file(here, ["-a"]), warmth.cache_file(there, ["-a"])
    assert found is not None
    assert other is not None
    assert found.name != other.name
    assert warmth.cache_file({**here, "DOXA_JAVA": "/some/java"}, ["-a"]) is None
    assert warmth.using(found) == (), "nothing is there yet"


def test_what_others_could_have_written_is_not_used(tmp_path: Path) -> None:
    file, link = tmp_path / "own.aot", tmp_path / "link.aot"
    file.touch(0o600)
    link.symlink_to(file)
    assert warmth.using(file) == (f"-XX:AOTCache={file}",)
    assert warmth.using(link) == ()
    assert warmth.using(tmp_path) == ()
    file.chmod(0o620)
    assert warmth.using(file) == ()
    file.chmod(0o602)
    assert warmth.using(file) == ()


def test_a_run_that_was_killed_has_learnt_nothing(cache: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(EngineFault, match="recorded nothing"):
        keep_learnt(tmp_path / "none", cache)
    with pytest.raises(MachineFault, match="unset DOXA_JAVA"):
        keep_learnt(tmp_path / "none", {**cache, "DOXA_JAVA": "/some/java"})


def test_what_java_recorded_badly_makes_no_cache(cache: dict[str, str], tmp_path: Path) -> None:
    record = tmp_path / "garbage"
    record.write_bytes(b"none of Java's")
    file = learnt_file(cache)
    assert file is not None
    with pytest.raises(EngineFault, match="Java cannot make the cache: "):
        keep_learnt(record, cache)
    assert list(file.parent.iterdir()) == []


def test_warm_asks_nothing_of_java_when_it_knows_all(cache: dict[str, str]) -> None:
    file = learnt_file(cache)
    assert file is not None
    file.parent.mkdir()
    file.touch()
    answer = CliRunner().invoke(group, ["warm"], env=cache)
    assert (answer.exit_code, answer.stderr) == (0, "Java knows this Neo4j already.\n")
    refused = CliRunner().invoke(group, ["warm"], env={**cache, "DOXA_JAVA": "/some/java"})
    assert refused.exit_code == 1
    assert "unset DOXA_JAVA" in refused.stderr


def one(server: Neo4jServer) -> int:
    """What a query that asks for 1 is told."""
    with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:  # pyright: ignore[reportUnknownMemberType] -- the driver leaves some signatures open
        return driver.execute_query("RETURN 1 AS one").records[0]["one"]


def mapped(directory: Path) -> set[str]:
    """The files that the Java of a server has mapped into its memory."""
    (java,) = [process for process in marked(of_directory(directory)) if process.name() == "java"]
    return {region.path for region in psutil.Process(java.pid).memory_maps()}
