import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from email.parser import Parser
from pathlib import Path, PurePosixPath

import pytest

from tests.packaging.tree import ROOMS, ROOT, tracked_files


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source distribution of this tree."""
    target = tmp_path_factory.mktemp("built")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[zipfile.ZipFile]:
    (file,) = built.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        yield archive


def content(wheel: zipfile.ZipFile, file: str) -> str:
    (name,) = (name for name in wheel.namelist() if name.endswith(f".dist-info/{file}"))
    return wheel.read(name).decode()


def test_the_wheel_holds_the_four_rooms_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    top = {PurePosixPath(name).parts[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == set(ROOMS)
    assert len(top) == len(ROOMS) + 1


def test_the_wheel_holds_every_file_of_the_rooms(wheel: zipfile.ZipFile) -> None:
    wanted = {name for name in tracked_files() if PurePosixPath(name).parts[0] in ROOMS}
    assert wanted - set(wheel.namelist()) == set()
    kinds = {PurePosixPath(name).suffix for name in wheel.namelist()}
    assert {".py", ".cypher", ".jsonl", ".toml", ".xml", ".typed"} <= kinds


def test_the_wheel_holds_nothing_that_was_compiled(wheel: zipfile.ZipFile) -> None:
    assert [name for name in wheel.namelist() if "__pycache__" in name or name.endswith((".pyc", ".so"))] == []


def test_the_wheel_brings_the_command(wheel: zipfile.ZipFile) -> None:
    points = ConfigParser()
    points.read_string(content(wheel, "entry_points.txt"))
    assert dict(points["console_scripts"]) == {"doxa": "app.cli.main:main"}


def test_the_wheel_says_what_it_is_and_carries_its_licence(wheel: zipfile.ZipFile) -> None:
    metadata = Parser().parsestr(content(wheel, "METADATA"))
    assert metadata["Name"] == "doxa"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert "multilingual" in metadata.get_all("Provides-Extra", [])
    assert content(wheel, "licenses/LICENSE") == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_source_distribution_holds_what_builds_and_tests_it(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kept = {*ROOMS, "tests", "docs"}
    wanted = {name for name in tracked_files() if PurePosixPath(name).parts[0] in kept or "/" not in name}
    assert wanted - names == set()
