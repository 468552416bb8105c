"""The database that something is measured on."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from app.engine.neo4j import start_server


@contextmanager
def database() -> Generator[dict[str, str]]:
    """The environment with the Neo4j that `NEO4J_URI` names, or with one that is started for this and thrown away."""
    if "NEO4J_URI" in os.environ:
        yield dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="doxa-bench-") as folder, start_server(Path(folder)) as server:
        named = {"NEO4J_URI": server.uri, "NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password}
        yield {**os.environ, **named}
