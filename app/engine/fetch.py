"""Making sure that the shared cache holds the engine's jars, and fetching what it lacks."""

import fcntl
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.engine.errors import FetchFault
from app.engine.events import Report
from app.engine.jars import Jar, missing


def fetch(cache: Path, jars: tuple[Jar, ...], environment: Mapping[str, str], report: Report) -> None:
    """Make the cache hold every jar, whole.

    Two fetches into one cache wait for one another; the second finds the work done.

    Raises:
        FetchFault: the cache cannot be written, or a jar cannot be had; what arrived whole is kept.
    """
    if not missing(cache, jars):
        return
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _locked(cache / "fetch.lock"):
            wanted = missing(cache, jars)
            if wanted:
                # Only now: a second start fetches nothing, and an HTTP client takes long to import.
                from app.engine.download import download, registry  # noqa: PLC0415

                download(cache, wanted, len(jars), registry(environment), report)
    except OSError as fault:
        raise FetchFault(f"the cache {cache} cannot be written: {fault.strerror or fault}; set DOXA_CACHE") from fault


@contextmanager
def _locked(file: Path) -> Generator[None]:
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
