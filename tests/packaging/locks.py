"""The locks and what they are made from."""

import re
import tomllib
from collections.abc import Iterator

from msgspec import Struct, convert, field
from packaging.markers import Marker

from tests.packaging.tree import ROOT

RUNTIME, DEVELOPMENT, INSTALLER = "requirements.lock", "requirements-dev.lock", "requirements-uv.lock"
LOCKS = (RUNTIME, DEVELOPMENT, INSTALLER)
PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)==(?P<version>[^ ;]+)( ; (?P<marker>.+))?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


class Pin(Struct, frozen=True):
    """One requirement of a lock."""

    name: str
    version: str
    marker: str | None
    hashes: int

    @property
    def applies(self) -> bool:
        return self.marker is None or Marker(self.marker).evaluate()


class Build(Struct, frozen=True):
    requires: list[str]


class Project(Struct, frozen=True):
    dependencies: list[str]
    extras: dict[str, list[str]] = field(name="optional-dependencies")


class Manifest(Struct, frozen=True):
    project: Project
    build: Build = field(name="build-system")
    groups: dict[str, list[str]] = field(name="dependency-groups")


def manifest() -> Manifest:
    """What `pyproject.toml` asks for."""
    return convert(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")), Manifest)


def requirements(lock: str) -> Iterator[str]:
    """The requirements of a lock, each with its continued lines joined."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    yield from (line for line in text.splitlines() if line and not line.startswith("#"))


def pins(lock: str) -> list[Pin]:
    """Read a lock, which must pin each requirement to one version."""
    read: list[Pin] = []
    for line in requirements(lock):
        requirement, *options = re.split(r"\s+(?=--)", line.strip())
        match = PIN.fullmatch(requirement)
        assert match is not None, f"{lock}: {requirement} is not pinned to one version"
        assert all(HASH.fullmatch(option) for option in options), f"{lock}: {requirement} has an option that is no hash"
        read.append(Pin(match["name"], match["version"], match["marker"], len(options)))
    return read
