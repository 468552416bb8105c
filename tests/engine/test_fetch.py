"""Jars arrive whole or not at all, whatever happens on the way."""

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.engine.download import registry
from app.engine.errors import EngineFault, FetchFault
from app.engine.events import Event, Fetched, Finished
from app.engine.fetch import fetch
from app.engine.jars import LOCK, Jar, cache_directory, is_whole, jar_file, missing, read_lock

CONTENT = {f"part{number}": f"jar number {number} ".encode() * 5000 for number in range(6)}
JARS = tuple(Jar("org.example", name, "1.0", hashlib.sha256(body).hexdigest()) for name, body in CONTENT.items())


class Registry(ThreadingHTTPServer):
    """A Maven repository that can misbehave."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: Counter[str] = Counter()
        self.wrong: dict[str, list[str]] = {}
        """By artifact: what goes wrong at each request, in order; then all is well."""

    @property
    def environment(self) -> dict[str, str]:
        return {"DOXA_MAVEN_URL": f"http://127.0.0.1:{self.server_port}/maven2/"}


class _Handler(BaseHTTPRequestHandler):
    server: Registry  # pyright: ignore[reportIncompatibleVariableOverride] - a narrower type, as http.server is used

    def do_GET(self) -> None:
        found = re.fullmatch(r"/maven2/org/example/(\w+)/1\.0/\1-1\.0\.jar", self.path)
        assert found is not None, self.path
        name = found[1]
        self.server.asked[name] += 1
        faults = self.server.wrong.get(name, [])
        fault = faults.pop(0) if faults else ""
        if fault.isdigit():
            self.send_error(int(fault))
            return
        body = CONTENT[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "half":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault == "other":
            self.wfile.write(bytes(len(body)))
        elif fault == "slow":
            time.sleep(0.5)
            self.wfile.write(body)
        else:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Generator[Registry]:
    with Registry() as made:
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ignore(event: Event) -> None:
    """Not of interest."""


def leftovers(cache: Path) -> list[Path]:
    return list(cache.rglob("*.part"))


def test_all_jars_arrive_and_are_not_fetched_again(tmp_path: Path, server: Registry) -> None:
    events: list[Event] = []
    fetch(tmp_path, JARS, server.environment, events.append)
    assert missing(tmp_path, JARS) == ()
    counts = [event.done for event in events if isinstance(event, Fetched)]
    assert counts == sorted(counts)
    assert counts[-1] == len(JARS)
    assert isinstance(events[-1], Finished)
    fetch(tmp_path, JARS, server.environment, ignore)
    assert set(server.asked.values()) == {1}


def test_an_interrupted_fetch_goes_on_with_what_it_has(tmp_path: Path, server: Registry) -> None:
    server.wrong["part3"] = ["404"]
    with pytest.raises(FetchFault, match=r"fetch org\.example:part3:1\.0 from 127\.0\.0\.1:\d+: it answered 404"):
        fetch(tmp_path, JARS, server.environment, ignore)
    assert leftovers(tmp_path) == []
    had = [jar for jar in JARS if is_whole(jar_file(tmp_path, jar), jar)]
    server.asked.clear()
    fetch(tmp_path, JARS, server.environment, ignore)
    assert missing(tmp_path, JARS) == ()
    assert not {jar.artifact_id for jar in had} & set(server.asked)


def test_half_a_jar_is_never_taken_for_a_whole_one(tmp_path: Path, server: Registry) -> None:
    server.wrong["part1"] = ["half"] * 4
    with pytest.raises(FetchFault, match="part1"):
        fetch(tmp_path, JARS, server.environment, ignore)
    assert not jar_file(tmp_path, JARS[1]).exists()
    assert leftovers(tmp_path) == []


def test_passing_faults_are_tried_again(tmp_path: Path, server: Registry) -> None:
    server.wrong = {"part0": ["503", "half"], "part1": ["other"], "part2": ["429"]}
    fetch(tmp_path, JARS, server.environment, ignore)
    assert missing(tmp_path, JARS) == ()
    assert server.asked == {"part0": 3, "part1": 2, "part2": 2, "part3": 1, "part4": 1, "part5": 1}


def test_what_is_not_the_locked_jar_is_refused(tmp_path: Path, server: Registry) -> None:
    server.wrong["part2"] = ["other"] * 4
    with pytest.raises(FetchFault, match=r"does not match the SHA-256 in jgo\.lock\.toml"):
        fetch(tmp_path, JARS, server.environment, ignore)
    assert not jar_file(tmp_path, JARS[2]).exists()


def test_a_jar_that_rots_in_the_cache_is_fetched_anew(tmp_path: Path, server: Registry) -> None:
    fetch(tmp_path, JARS, server.environment, ignore)
    jar_file(tmp_path, JARS[4]).write_bytes(b"rotten")
    assert missing(tmp_path, JARS) == (JARS[4],)
    fetch(tmp_path, JARS, server.environment, ignore)
    assert server.asked["part4"] == 2
    assert missing(tmp_path, JARS) == ()


def test_a_registry_that_cannot_be_reached_is_named_in_one_line(tmp_path: Path, server: Registry) -> None:
    environment = server.environment
    server.server_close()
    with pytest.raises(FetchFault) as caught:
        fetch(tmp_path, JARS[:1], environment, ignore)
    said = str(caught.value)
    assert said.startswith("cannot fetch org.example:part0:1.0 from 127.0.0.1:")
    assert "DOXA_MAVEN_URL" in said
    assert "\n" not in said


def test_two_fetches_at_once_share_the_work(tmp_path: Path, server: Registry) -> None:
    server.wrong = {name: ["slow"] for name in CONTENT}
    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(fetch, tmp_path, JARS, server.environment, ignore) for _ in range(2)]:
            job.result()
    assert set(server.asked.values()) == {1}


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, server: Registry) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FetchFault, match=r"the cache .*file/cache cannot be written: Not a directory; set DOXA_CACHE"):
        fetch(tmp_path / "file" / "cache", JARS, server.environment, ignore)


def test_an_address_that_is_not_http_is_refused() -> None:
    with pytest.raises(FetchFault, match="DOXA_MAVEN_URL must start with http"):
        registry({"DOXA_MAVEN_URL": "ftp://example.org"})


def test_without_a_mirror_the_registry_is_the_one_that_jgo_uses() -> None:
    assert registry({}).startswith("https://")


def test_the_lock_names_every_jar_with_its_checksum_and_no_address() -> None:
    jars = read_lock()
    assert len(jars) > 200
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in jars)
    assert len({jar.path for jar in jars}) == len(jars)
    for file in (LOCK, LOCK.with_name("jgo.toml")):
        assert "://" not in file.read_text()


def test_a_lock_without_checksums_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "jgo.lock.toml"
    file.write_text('[[dependencies]]\ngroupId = "a"\nartifactId = "b"\nversion = "1"\n')
    with pytest.raises(EngineFault, match="sha256"):
        read_lock(file)


def test_the_cache_is_where_the_environment_says(tmp_path: Path) -> None:
    assert cache_directory({"DOXA_CACHE": str(tmp_path)}) == tmp_path
    assert cache_directory({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "doxa"
    assert cache_directory({}).parts[-2:] == (".cache", "doxa")
