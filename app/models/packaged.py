"""Data files that come inside installed packages, found without importing those packages."""

import hashlib
from importlib.util import find_spec
from pathlib import Path


class PackagedFileFault(Exception):
    """A data file of an installed package is missing or is not the one this version was built for."""


def locate(package: str, relative: str) -> Path:
    """Find a file of an installed top-level package.

    The package is not imported: some that carry data run much code when they are.

    Args:
        package: import name of a top-level package.
        relative: the file's path inside the package, with forward slashes.

    Raises:
        PackagedFileFault: the package is not installed or has no such file.
    """
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        path = Path(folder) / relative
        if path.is_file():
            return path
    reason = "the package is not installed" if spec is None else "the installed package does not hold it"
    raise PackagedFileFault(f"{package}/{relative} is needed: {reason}")


def verify(data: bytes, sha256: str, name: str) -> bytes:
    """Return `data` when its SHA-256 is the expected one.

    Raises:
        PackagedFileFault: it is not; `name` says what was being read.
    """
    _compare(hashlib.sha256(data).hexdigest(), sha256, name)
    return data


def verify_file(path: Path, sha256: str) -> Path:
    """Return `path` when the file's SHA-256 is the expected one; the file is never in memory as a whole.

    Raises:
        PackagedFileFault: it is not.
    """
    with path.open("rb") as file:
        _compare(hashlib.file_digest(file, "sha256").hexdigest(), sha256, path.name)
    return path


def _compare(found: str, sha256: str, name: str) -> None:
    if found != sha256:
        raise PackagedFileFault(f"{name} has SHA-256 {found}, expected {sha256}: reinstall the package")
