import re
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from tests.packaging.tree import ROOMS, ROOT, tracked_files

TOP_LEVEL = {
    *ROOMS,
    ".ci",
    ".dockerignore",
    ".gitignore",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "docker-compose.yml",
    "docs",
    "pyproject.toml",
    "requirements-dev.lock",
    "requirements-uv.lock",
    "requirements.lock",
    "tests",
}
VAGUE = re.compile(r"(utils?|helpers?|common|misc|managers?)(_.*)?", re.IGNORECASE)
LONGEST = 500
#: Written apart, so that this file does not hold what it forbids.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("crates", "io"),
        ("debian", "org"),
    )
]
PLACES = re.compile(r"(?<![\w.}])/(?:root|work|home|Users)/\w")


def texts() -> list[tuple[str, str]]:
    contents = ((name, (ROOT / name).read_bytes()) for name in tracked_files())
    return [(name, content.decode()) for name, content in contents if b"\0" not in content]


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {PurePosixPath(name).parts[0] for name in tracked_files()} <= TOP_LEVEL


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    vague = [
        name
        for name in tracked_files()
        for part in PurePosixPath(name).parts
        if VAGUE.fullmatch(PurePosixPath(part).stem)
    ]
    assert vague == []


def test_no_source_file_is_too_long_to_read() -> None:
    sources = [name for name in tracked_files() if name.endswith((".py", ".cypher"))]
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in sources}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_file_names_a_registry() -> None:
    named = [(name, host) for name, text in texts() for host in HOSTS if host in text]
    assert named == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [(name, match[0]) for name, text in texts() if (match := PLACES.search(text))]
    assert found == []


def test_every_room_tells_type_checkers_that_it_is_typed() -> None:
    assert [room for room in ROOMS if not (ROOT / room / "py.typed").is_file()] == []


@pytest.mark.timeout(120)
def test_imports_go_the_one_way_that_the_rooms_allow() -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
