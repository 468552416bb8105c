"""A whole Doxa that runs: Neo4j, Redis, the API and the workers, each a process of its own."""

import os
import time
from collections.abc import Callable, Generator, Mapping

import pytest
from msgspec import Struct

from app.engine import FREE, Options, Running, home_at, start

#: A store that begins empty doubles every few seconds, and each time all queries would be planned anew.
PLAN_ONCE = {"dbms.cypher.min_replan_interval": "1h"}


class Live(Struct, frozen=True):
    """A Doxa that runs.

    Attributes:
        url: address of its API.
        engine: the processes, to be killed and looked at; None for a Doxa that the environment named.
    """

    url: str
    engine: Running | None


@pytest.fixture(scope="session")
def live_doxa(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live]:
    """The Doxa that `DOXA_TEST_URL` names, else one in a throwaway home, on free ports, without a model's key."""
    given = os.environ.get("DOXA_TEST_URL")
    if given:
        yield Live(given.rstrip("/"), None)
        return
    home = home_at(tmp_path_factory.mktemp("doxa"), os.environ)
    engine = start(home, Options(ports=FREE), environment=without_services(os.environ))
    try:
        url = engine.status().api
        assert url is not None
        yield Live(url, engine)
    finally:
        engine.stop()


def without_services(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment that names no server and no model, so that everything comes from the engine itself."""
    named = ("NEO4J_", "REDIS_URL", "OPENAI_", "DOXA_LLM_", "DOXA_EMBEDDING_", "DOXA_HOME", "DOXA_API_")
    return {key: value for key, value in environment.items() if not key.startswith(named)}


def eventually(check: Callable[[], bool], what: str, seconds: float = 120.0) -> None:
    """Wait until `check` holds; the limit only ends a test that would never end."""
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: still not so after {seconds:.0f} s")
        time.sleep(0.1)
