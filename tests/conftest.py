"""The servers that tests run against: one Neo4j and one Redis for the whole run.

Each is, in this order: the one that the environment names (`DOXA_TEST_NEO4J_URI` with `DOXA_TEST_NEO4J_USER` and
`DOXA_TEST_NEO4J_PASSWORD`, `DOXA_TEST_REDIS_URL`), a container where Docker answers (not if `DOXA_TEST_DOCKER=0`), the
local engine. None is ever skipped: a test that needs a server and gets none fails with the reason.
"""

# The Docker client leaves its arguments without types.
# pyright: reportUnknownMemberType=false
# xdist is typed but ships no marker that says so.
# pyright: reportMissingTypeStubs=false

import os
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager

import docker
import pytest
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from xdist.remote import Producer

from app.engine import neo4j, redis
from app.engine.neo4j import Neo4jServer
from app.engine.probe import Bolt, Probe, Redis, Start
from app.engine.redis import RedisServer
from tests.live import PLAN_ONCE
from tests.live import live_doxa as live_doxa
from tests.sharing import Wholes, in_order

NEO4J_IMAGE = "neo4j:2026.08-community"
VALKEY_IMAGE = "valkey/valkey:9"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Wholes:
    return Wholes(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items[:] = in_order(items)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--outage", metavar="SECONDS", help="let the model's endpoint really be away for so long")


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Neo4jServer]:
    """A Neo4j that answers: `.uri`, `.user`, `.password`, `.browser` (empty when unknown)."""
    uri = os.environ.get("DOXA_TEST_NEO4J_URI")
    if uri:
        user = os.environ.get("DOXA_TEST_NEO4J_USER", "neo4j")
        yield Neo4jServer(uri, user, os.environ.get("DOXA_TEST_NEO4J_PASSWORD", ""), "")
    elif docker_answers():
        with contained_neo4j() as server:
            yield server
    else:
        with neo4j.start_server(tmp_path_factory.mktemp("neo4j"), settings=PLAN_ONCE) as server:
            yield server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[RedisServer]:
    """A Redis-compatible server that answers: `.url`, with its password."""
    url = os.environ.get("DOXA_TEST_REDIS_URL")
    if url:
        yield RedisServer(url)
    elif docker_answers():
        with contained_valkey() as server:
            yield server
    else:
        with redis.start_server(tmp_path_factory.mktemp("redis")) as server:
            yield server


def docker_answers() -> bool:
    if os.environ.get("DOXA_TEST_DOCKER") == "0":
        return False
    try:
        client = docker.from_env(timeout=5)
    except DockerException:
        return False
    try:
        return client.ping()
    except DockerException:
        return False
    finally:
        client.close()


@contextmanager
def contained_neo4j() -> Generator[Neo4jServer]:
    password = secrets.token_urlsafe(16)
    container = DockerContainer(NEO4J_IMAGE).with_env("NEO4J_AUTH", f"neo4j/{password}").with_exposed_ports(7687, 7474)
    for name, value in PLAN_ONCE.items():
        # The image takes settings by names in which a dot is one underscore, and an underscore two.
        container.with_env(f"NEO4J_{name.replace('_', '__').replace('.', '_')}", value)
    with container:
        host = container.get_container_host_ip()
        uri = f"bolt://{host}:{container.get_exposed_port(7687)}"
        wait_for(Bolt(uri))
        yield Neo4jServer(uri, "neo4j", password, f"http://{host}:{container.get_exposed_port(7474)}/browser/")


@contextmanager
def contained_valkey() -> Generator[RedisServer]:
    with DockerContainer(VALKEY_IMAGE).with_exposed_ports(6379) as container:
        url = f"redis://{container.get_container_host_ip()}:{container.get_exposed_port(6379)}/0"
        wait_for(Redis(url))
        yield RedisServer(url)


def wait_for(probe: Probe) -> None:
    start = Start(time.monotonic())
    while not probe.answers(start):
        assert time.monotonic() - start.began < 120, f"a container did not answer: {probe}"
        time.sleep(0.2)
