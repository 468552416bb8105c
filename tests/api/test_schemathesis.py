"""Generated requests against the description: no 5xx, no undocumented status, no answer off its schema."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.conftest import Served
from tests.api.test_access import BAD, GOOD
from tests.api.test_access import guarded as guarded

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = "3"
SEED = "20261124"


def run(url: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", CONFIGURATION, "run", f"{url}/openapi.json",
        "--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, "--seed", SEED, "--workers", "1",
        "--suppress-health-check", "all", "--no-color", *more,
    ]  # fmt: skip
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=280, check=False, env={**os.environ, "CI": "true"}
    )


def passed(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    # Nothing is proved by a run that was given nothing to do.
    assert "Stateful" in done.stdout
    assert "No test cases" not in done.stdout


@pytest.mark.engine
def test_generated_requests_are_answered_as_described(served: Served, tmp_path: Path) -> None:
    passed(run(served.url, tmp_path))


@pytest.mark.engine
def test_generated_requests_with_an_admins_key_are_answered_as_described(guarded: Served, tmp_path: Path) -> None:
    passed(run(guarded.url, tmp_path, "--header", f"Authorization: Bearer {GOOD['admin']}"))


@pytest.mark.engine
@pytest.mark.parametrize("name", ["garbage", "peer"])
def test_generated_requests_with_a_narrow_or_false_key_are_answered_as_described(
    name: str, guarded: Served, tmp_path: Path
) -> None:
    token = {**GOOD, **BAD}[name]
    passed(run(guarded.url, tmp_path, "--header", f"Authorization: Bearer {token}", "--phases", "examples,coverage"))
