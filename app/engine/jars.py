"""The engine's jars: what the lock names, where the shared cache keeps them, which of them are whole.

`jgo.toml` names the three artifacts asked for; `jgo.lock.toml`, made from it by `jgo --resolver python lock`, names
every jar with its SHA-256. Neither holds an address. The cache is laid out as a Maven repository and shared by all
homes.
"""

import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from msgspec import Struct

from app.engine.errors import EngineFault

LOCK = Path(__file__).with_name("jgo.lock.toml")


class Jar(Struct, frozen=True, rename="camel"):
    """One jar of the lock."""

    group_id: str
    artifact_id: str
    version: str
    sha256: str = msgspec.field(name="sha256")
    packaging: str = "jar"
    classifier: str | None = None

    @property
    def coordinate(self) -> str:
        """`group:artifact:version`, for people."""
        return f"{self.group_id}:{self.artifact_id}:{self.version}"

    @property
    def path(self) -> str:
        """Path inside a Maven repository, with forward slashes."""
        suffix = f"-{self.classifier}" if self.classifier else ""
        file = f"{self.artifact_id}-{self.version}{suffix}.{self.packaging}"
        return "/".join((*self.group_id.split("."), self.artifact_id, self.version, file))


class _Lock(Struct, frozen=True):
    dependencies: tuple[Jar, ...]


def read_lock(file: Path = LOCK) -> tuple[Jar, ...]:
    """Read the jars that a lock file names, in its order.

    Raises:
        EngineFault: the file is missing or not a lock with checksums.
    """
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _Lock).dependencies
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise EngineFault(f"{file.name} of the local engine cannot be read: {fault}; reinstall Doxa") from fault


def cache_directory(environment: Mapping[str, str]) -> Path:
    """Where all homes share what was fetched: `DOXA_CACHE`, else `doxa` under `XDG_CACHE_HOME` or `~/.cache`."""
    given = environment.get("DOXA_CACHE", "").strip()
    if given:
        return Path(given).expanduser().absolute()
    base = environment.get("XDG_CACHE_HOME", "").strip()
    return (Path(base) if base else Path("~/.cache").expanduser()) / "doxa"


def jar_file(cache: Path, jar: Jar) -> Path:
    """Where the cache keeps a jar."""
    return cache / "jars" / jar.path


def is_whole(file: Path, jar: Jar) -> bool:
    """Whether a file is exactly the jar that the lock names."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == jar.sha256
    except OSError:
        # Missing or unreadable: either way it has to be fetched, and a write that fails says why.
        return False


def missing(cache: Path, jars: Iterable[Jar]) -> tuple[Jar, ...]:
    """The jars that the cache does not hold whole. Every byte is checked: about half a second for all of them."""
    wanted = tuple(jars)
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        whole = pool.map(is_whole, (jar_file(cache, jar) for jar in wanted), wanted)
        return tuple(jar for jar, good in zip(wanted, whole, strict=True) if not good)
