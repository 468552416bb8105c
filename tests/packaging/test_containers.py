"""What the container files promise. Docker itself is not needed: the files are read, their probes are run."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml
from dramatiq.brokers.redis import RedisBroker
from msgspec import Struct, convert, field

from app.engine import neo4j, redis, service
from app.settings import load
from tests.packaging.tree import ROOMS, ROOT

REQUIRED = re.compile(r"\$\{NEO4J_PASSWORD:\?[^}]+\}")
OPTIONAL = re.compile(r"\$\{[A-Z0-9_]+:-[^}]*\}")


class Health(Struct, frozen=True):
    test: list[str]
    interval: str
    timeout: str
    start_period: str
    retries: int


class Condition(Struct, frozen=True):
    condition: str


class Container(Struct, frozen=True):
    image: str
    restart: str
    environment: dict[str, str] = {}
    command: list[str] = []
    ports: list[str] = []
    volumes: list[str] = []
    depends_on: dict[str, Condition] = {}
    build: str | None = None
    healthcheck: Health | None = None
    read_only: bool = False
    cap_drop: list[str] = []


class Compose(Struct, frozen=True):
    services: dict[str, Container]
    volumes: dict[str, None]
    environment: dict[str, str] = field(name="x-environment")


@pytest.fixture(scope="module")
def text() -> str:
    return (ROOT / "docker-compose.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose(text: str) -> Compose:
    return convert(yaml.safe_load(text), Compose)


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))


def settings_read() -> set[str]:
    """Names of the variables that the settings read."""
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "app/settings").glob("*.py")))
    return set(re.findall(r'"([A-Z][A-Z0-9_]{3,})"', text))


def probe(command: list[str], environment: dict[str, str]) -> int:
    assert command[0] == "python"
    run = [sys.executable, *command[1:]]
    return subprocess.run(run, env={**os.environ, **environment}, capture_output=True, check=False).returncode


def test_there_is_no_default_password(text: str, compose: Compose) -> None:
    assert REQUIRED.fullmatch(compose.environment["NEO4J_PASSWORD"])
    assert REQUIRED.fullmatch(compose.services["neo4j"].environment["NEO4J_AUTH"].removeprefix("neo4j/"))
    assert len(re.findall(r"\$\{NEO4J_PASSWORD", text)) == 2


def test_every_substitution_is_required_or_has_a_default(text: str) -> None:
    rest = OPTIONAL.sub("", REQUIRED.sub("", text))
    assert "$" not in rest


def test_every_image_is_pinned_to_a_version(compose: Compose, dockerfile: str) -> None:
    images = [container.image for container in compose.services.values()]
    images += [line.split()[1] for line in dockerfile.splitlines() if line.startswith("FROM ")]
    assert [image for image in images if not re.search(r":v?\d+\.\d+", image)] == []


def test_the_database_is_the_one_that_the_local_engine_runs(compose: Compose) -> None:
    lock = (ROOT / "app/engine/jgo.toml").read_text(encoding="utf-8")
    version = re.search(r"org\.neo4j:neo4j:(\d+\.\d+)", lock)
    assert version is not None
    assert compose.services["neo4j"].image == f"neo4j:{version[1]}-community"


def test_every_container_is_watched_and_started_again(compose: Compose, dockerfile: str) -> None:
    assert set(compose.services) == {"neo4j", "valkey", "api", "workers"}
    assert {container.restart for container in compose.services.values()} == {"unless-stopped"}
    unwatched = {name for name, container in compose.services.items() if container.healthcheck is None}
    # The API's is the image's own.
    assert unwatched == {"api"}
    assert compose.services["api"].build == "."
    assert "HEALTHCHECK" in dockerfile


def test_the_service_waits_for_its_stores(compose: Compose) -> None:
    for name in ("api", "workers"):
        waits = compose.services[name].depends_on
        assert {store: wait.condition for store, wait in waits.items()} == {
            "neo4j": "service_healthy",
            "valkey": "service_healthy",
        }


def test_data_is_kept_in_named_volumes(compose: Compose) -> None:
    used = {volume.partition(":")[0] for container in compose.services.values() for volume in container.volumes}
    assert used == set(compose.volumes)
    assert any(volume.endswith(":/data") for volume in compose.services["neo4j"].volumes)
    assert any(volume.endswith(":/data") for volume in compose.services["valkey"].volumes)
    valkey = compose.services["valkey"].command
    assert valkey[valkey.index("--appendonly") + 1] == "yes"


def test_nothing_listens_beyond_the_machine(compose: Compose) -> None:
    ports = [port for container in compose.services.values() for port in container.ports]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_the_settings_know_every_name_that_the_service_is_given(compose: Compose, dockerfile: str) -> None:
    given = {*compose.services["api"].environment, *compose.services["workers"].environment}
    given |= set(re.findall(r"\b((?:DOXA|NEO4J|REDIS)_[A-Z_]+)=", dockerfile))
    assert given - settings_read() == set()


def test_the_settings_accept_what_the_service_is_given_by_default(compose: Compose) -> None:
    for name in ("api", "workers"):
        given = compose.services[name].environment
        filled = {key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for key, value in given.items()}
        settings = load({**filled, "NEO4J_PASSWORD": "secret-enough"})
        assert settings.database.uri == "bolt://neo4j:7687"
        assert settings.redis.url.startswith("redis://valkey:")
        assert not settings.llm.enabled
        assert not settings.embedding.remote


def test_the_database_gets_only_settings_that_the_local_engine_knows_or_the_image_needs(compose: Compose) -> None:
    # The image refuses to start over a setting that Neo4j does not know.
    given = {name for name in compose.services["neo4j"].environment if name != "NEO4J_AUTH"}
    named = {name.removeprefix("NEO4J_").replace("__", "\0").replace("_", ".").replace("\0", "_") for name in given}
    local = neo4j.configuration(ROOT, ROOT, neo4j.Neo4jOptions(bolt_port=1, http_port=2))
    known = {line.partition("=")[0] for line in local.splitlines()}
    assert named - known == {"server.memory.heap.initial_size", "server.memory.heap.max_size"}


def test_the_containers_run_what_the_local_engine_runs(compose: Compose, dockerfile: str) -> None:
    command = re.findall(r"^CMD (\[.+\])$", dockerfile, re.MULTILINE)
    api = convert(yaml.safe_load(command[-1]), list[str])
    assert api[0] == "granian"
    assert api[-1] == service.API_TARGET
    assert {"--factory", "--no-ws"} <= set(api)
    workers = compose.services["workers"].command
    assert workers[0] == "dramatiq"
    assert workers[-1] == service.WORKERS_TARGET
    assert workers[workers.index("--threads") + 1] == compose.services["workers"].environment["DOXA_WORKER_THREADS"]
    assert workers[workers.index("--processes") + 1] == "1"


def test_the_image_is_built_from_the_lock_and_runs_without_privileges(compose: Compose, dockerfile: str) -> None:
    assert "--require-hashes -r requirements.lock" in dockerfile
    assert "PYTHONSAFEPATH=1" in dockerfile
    users = re.findall(r"^USER (\d+):\d+$", dockerfile, re.MULTILINE)
    assert users
    assert users[-1] != "0"
    assert dockerfile.index("\nUSER ") < dockerfile.index("\nCMD ")
    for name in ("api", "workers"):
        assert compose.services[name].read_only
        assert compose.services[name].cap_drop == ["ALL"]


def test_the_image_gets_everything_that_it_is_built_from_and_nothing_private(dockerfile: str) -> None:
    copied = {
        name
        for line in dockerfile.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert copied >= {*ROOMS, "requirements.lock"}
    assert [name for name in copied if not (ROOT / name).exists()] == []


@contextmanager
def answering(status: int) -> Generator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/ready" else 404)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_api_is_healthy_only_when_it_can_work(dockerfile: str, status: int, healthy: bool) -> None:
    check = re.search(r"^HEALTHCHECK .*CMD (\[.+\])$", dockerfile, re.MULTILINE)
    assert check is not None
    with answering(status) as port:
        command = convert(yaml.safe_load(check[1].replace(":8000/", f":{port}/")), list[str])
        assert (probe(command, {}) == 0) is healthy


def test_the_workers_are_healthy_only_while_they_look_into_the_queue(
    compose: Compose, redis_server: redis.RedisServer
) -> None:
    health = compose.services["workers"].healthcheck
    assert health is not None
    assert health.test[0] == "CMD"
    namespace = "container-health"
    environment = {"REDIS_URL": redis_server.url, "DOXA_REDIS_NAMESPACE": namespace}
    assert probe(health.test[1:], environment) != 0
    broker = RedisBroker(url=redis_server.url, namespace=namespace)
    broker.declare_queue("doxa")
    next(broker.consume("doxa", timeout=100))
    assert probe(health.test[1:], environment) == 0
