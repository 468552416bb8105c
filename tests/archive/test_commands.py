"""The commands that the README shows work as shown."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.engine.neo4j import Neo4jServer
from graph.store import archive_reading
from tests.archive.conftest import empty, finish_work, say
from tests.live import without_services
from workers.service import Service

pytestmark = pytest.mark.engine

README = Path(__file__).parents[2] / "README.md"


def _block(holding: str) -> str:
    (code,) = [code for code in re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL) if holding in code]
    return code.replace(".venv/bin/doxa", str(Path(sys.executable).with_name("doxa")))


async def test_the_commands_in_the_readme_back_up_copy_and_restore(
    service: Service, own_server: Neo4jServer, tmp_path: Path
) -> None:
    await say(service, "kitchen", "first", "ana", "I live in Porto.")
    await finish_work(service)
    where = {"NEO4J_URI": own_server.uri, "NEO4J_USERNAME": own_server.user, "NEO4J_PASSWORD": own_server.password}

    def run(code: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euc", code],
            cwd=tmp_path,
            env={**without_services(os.environ), **where, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    done = run(_block("doxa backup"))
    assert done.returncode == 0, done.stderr
    assert "1 workspace, 1 session, 1 message, 1 conclusion" in done.stderr
    assert await archive_reading.workspaces(service.database) == ["kitchen", "kitchen-copy"]

    refused = run(_block("doxa restore"))
    assert (refused.returncode, refused.stderr.splitlines()[-1]) == (
        1,
        "doxa: the store is not empty: an archive is restored into an empty one only",
    )

    await empty(service.database)
    done = run(_block("doxa restore"))
    assert done.returncode == 0, done.stderr
    assert "Restored 1 workspace: 1 session, 1 message, 1 conclusion. 0 messages to be reasoned over." in done.stderr
    assert await archive_reading.workspaces(service.database) == ["kitchen"]
