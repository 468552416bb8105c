import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging.tree import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A tree with what set-up reads and nothing set up."""
    for name in ("Makefile", "requirements-uv.lock", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # The outer make's own variables, of a run by `make test`, must not reach the inner one.
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MFLAGS", "PYTHON"}}
    return subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def interpreter(folder: Path, name: str, body: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


def test_make_alone_lists_every_target(clone: Path) -> None:
    done = make(clone)
    assert done.returncode == 0
    targets = re.findall(r"^([a-z]+):.*## ", (clone / "Makefile").read_text(), re.MULTILINE)
    assert {"demo", "test", "check", "format", "lock", "bench", "chaos", "clean", "help"} <= set(targets)
    assert [target for target in targets if f"  {target} " not in done.stdout] == []


def test_a_python_that_is_too_old_is_refused_in_one_line(clone: Path) -> None:
    old = interpreter(clone, "old-python", "exit 1")
    done = make(clone, "set-up", f"PYTHON={old}")
    assert done.returncode != 0
    assert f"doxa: {old} is no Python 3.11 or newer" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_python_that_cannot_make_environments_is_refused_with_what_to_install(clone: Path) -> None:
    bare = interpreter(clone, "bare-python", 'case "$2" in *ensurepip*) exit 1;; esac; exit 0')
    done = make(clone, "set-up", f"PYTHON={bare}")
    assert done.returncode != 0
    assert "cannot make virtual environments" in done.stderr
    assert "apt install python3-venv" in done.stderr
    assert not (clone / ".venv").exists()


def test_the_main_commands_run_what_the_readme_shows(clone: Path) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    for target, command in (("demo", ".venv/bin/doxa demo"), ("test", ".venv/bin/python -m pytest")):
        assert f"make {target}" in shown
        assert command in shown
        assert command in make(clone, "--dry-run", target).stdout


def test_set_up_installs_nothing_whose_hash_is_not_in_a_lock(clone: Path) -> None:
    planned = make(clone, "--dry-run", "test").stdout.replace("\\\n", " ")
    installs = [line for line in planned.splitlines() if "pip install" in line]
    assert len(installs) >= 3
    assert [line for line in installs if "--require-hashes" not in line and "--no-index" not in line] == []


def environment_of(clone: Path, uv: str, python: str) -> Path:
    """Pretend a virtual environment whose programs only write down how they were called; gives that record."""
    programs = clone / ".venv/bin"
    programs.mkdir(parents=True)
    record = clone / "calls"
    interpreter(programs, "uv", f'echo "uv $*" >> {record}; {uv}')
    interpreter(programs, "python", f'echo "python $*" >> {record}; {python}')
    interpreter(programs, "pip", f"# {programs}/python")
    return record


def test_pip_takes_the_place_of_an_installer_that_fails(clone: Path) -> None:
    record = environment_of(clone, uv="exit 1", python="exit 0")
    done = make(clone, "set-up")
    assert done.returncode == 0, done.stderr
    assert "trying with pip" in done.stderr
    calls = [line for line in record.read_text().splitlines() if "-r requirements.lock" in line]
    assert [line.split()[0] for line in calls] == ["uv", "python"]
    assert all("--require-hashes" in line for line in calls)


def test_set_up_that_failed_is_not_taken_for_done(clone: Path) -> None:
    environment_of(clone, uv="exit 1", python='case "$*" in *requirements.lock*) exit 1;; esac; exit 0')
    assert make(clone, "set-up").returncode != 0
    assert make(clone, "set-up").returncode != 0


def test_set_up_is_done_once(clone: Path) -> None:
    record = environment_of(clone, uv="exit 0", python="exit 0")
    assert make(clone, "set-up").returncode == 0
    first = record.read_text()
    assert make(clone, "set-up").returncode == 0
    assert record.read_text() == first


def test_cleaning_leaves_the_sources(clone: Path) -> None:
    for folder in ("app/__pycache__", ".venv/bin", "dist"):
        (clone / folder).mkdir(parents=True)
    (clone / "app/kept.py").write_text("")
    for room in ("graph", "workers", "cypher", "tests"):
        (clone / room).mkdir()
    assert make(clone, "clean").returncode == 0
    assert (clone / "app/kept.py").exists()
    assert not any((clone / folder).exists() for folder in ("app/__pycache__", ".venv", "dist"))
