import re
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.packaging.locks import DEVELOPMENT, INSTALLER, LOCKS, RUNTIME, manifest, pins
from tests.packaging.tree import ROOT


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_is_pinned_and_hashed(lock: str) -> None:
    read = pins(lock)
    assert read
    assert [pin.name for pin in read if pin.hashes == 0] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_no_path(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert [line for line in text.splitlines() if re.match(r"\s*-(?!-hash=)", line)] == []
    assert re.search(r"(^|[\s=])/\w", text) is None


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (RUNTIME, manifest().project.dependencies + manifest().build.requires),
        (DEVELOPMENT, manifest().project.dependencies + manifest().project.extras["dev"]),
        (INSTALLER, manifest().groups["setup"]),
    ],
    ids=LOCKS,
)
def test_a_lock_holds_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    held = {pin.name: Version(pin.version) for pin in pins(lock) if pin.applies}
    for text in wanted:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        version = held.get(canonicalize_name(requirement.name))
        assert version is not None, f"{lock} lacks {requirement.name}: run make lock"
        assert version in requirement.specifier, f"{lock} has {requirement.name} {version}: run make lock"


def test_the_tests_run_on_the_very_versions_that_users_get() -> None:
    development = {(pin.name, pin.version, pin.marker) for pin in pins(DEVELOPMENT)}
    runtime = {(pin.name, pin.version, pin.marker) for pin in pins(RUNTIME)}
    build = {pin.name for pin in pins(RUNTIME)} - {pin.name for pin in pins(DEVELOPMENT)}
    assert build == set(), "the development lock lacks something of the other"
    assert runtime <= development


def test_a_name_is_pinned_once_for_each_python() -> None:
    for lock in LOCKS:
        names = [pin.name for pin in pins(lock) if pin.applies]
        assert sorted(names) == sorted(set(names)), f"{lock} pins a name twice for Python {sys.version_info[:2]}"
