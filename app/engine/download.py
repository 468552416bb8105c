"""Downloading jars into the shared cache: checked, resumable, in parallel.

jgo resolves and locks, but its own download is serial, writes in place and does not hold the bytes against the lock:
an interrupted run would leave a half jar that the next one believes. Here each jar is written aside, checked against
its SHA-256 and only then renamed; what is whole is never fetched again.
"""

import hashlib
import importlib
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from app.engine.errors import FetchFault
from app.engine.events import Began, Fetched, Finished, Report
from app.engine.jars import Jar, jar_file

THREADS = 8
ATTEMPTS = 4
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class _Passing(Exception):
    """A fault that may be gone at the next attempt; the message says what it was."""


def registry(environment: Mapping[str, str]) -> str:
    """Base address of the Maven repository: `DOXA_MAVEN_URL`, else the one that jgo uses.

    Raises:
        FetchFault: the given address is not HTTP.
    """
    given = environment.get("DOXA_MAVEN_URL", "").strip().rstrip("/")
    if given:
        if urlsplit(given).scheme not in {"http", "https"}:
            raise FetchFault("DOXA_MAVEN_URL must start with http:// or https://")
        return given
    # By name: jgo takes over half a second to import, and only a fetch needs it.
    return str(importlib.import_module("jgo.constants").MAVEN_CENTRAL_URL)


def download(cache: Path, wanted: tuple[Jar, ...], total: int, base: str, report: Report) -> None:
    """Fetch jars into the cache.

    Args:
        cache: where to; the caller holds its lock.
        wanted: the jars to fetch.
        total: how many there are with those that the cache holds already.
        base: address of the Maven repository.
        report: hears of the progress.

    Raises:
        FetchFault: a jar cannot be had; what has arrived whole is kept.
        OSError: the cache cannot be written.
    """
    began = time.monotonic()
    report(Began("fetch", f"Fetching {len(wanted)} of the engine's {total} jars"))
    run = _Download(cache, base)
    before = total - len(wanted)
    with _client() as client, ThreadPoolExecutor(max_workers=THREADS) as pool:
        jobs = [pool.submit(run.jar, client, jar) for jar in wanted]
        try:
            pending = set(jobs)
            while pending:
                done, pending = wait(pending, timeout=0.2, return_when=FIRST_EXCEPTION)
                for job in done:
                    job.result()
                report(Fetched(before + run.count, total, run.received))
        finally:
            # Also on Ctrl-C: the pool joins its threads, so they have to hear of it.
            run.abandon.set()
            pool.shutdown(wait=False, cancel_futures=True)
    seconds = time.monotonic() - began
    report(Finished("fetch", f"Fetched {len(wanted)} jars, {run.received / 1e6:.0f} MB", seconds))


def _client() -> httpx.Client:
    # The system's authorities besides the bundled ones: behind a company's proxy only those are right.
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return httpx.Client(
        verify=context,
        follow_redirects=True,
        timeout=httpx.Timeout(30.0, connect=10.0, pool=None),
        limits=httpx.Limits(max_connections=THREADS),
    )


class _Download:
    """One run of the fetch: shared counters and the signal to give up."""

    def __init__(self, cache: Path, base: str) -> None:
        self.cache = cache
        self.base = base
        self.abandon = threading.Event()
        self.count = 0
        self.received = 0
        self._guard = threading.Lock()

    def jar(self, client: httpx.Client, jar: Jar) -> None:
        """Fetch one jar, trying again on passing faults."""
        last = ""
        for attempt in range(ATTEMPTS):
            if attempt and self.abandon.wait(0.5 * 2 ** (attempt - 1)):
                return
            try:
                if self._once(client, jar):
                    with self._guard:
                        self.count += 1
                return
            except _Passing as fault:
                last = str(fault)
        raise FetchFault(
            f"cannot fetch {jar.coordinate} from {urlsplit(self.base).netloc}: {last}; "
            "check the network, or set DOXA_MAVEN_URL to a mirror (what has arrived is kept)"
        )

    def _once(self, client: httpx.Client, jar: Jar) -> bool:
        target = jar_file(self.cache, jar)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        try:
            digest = self._receive(client, jar, part)
            if digest is None:
                return False
            if digest != jar.sha256:
                raise _Passing("what it sent does not match the SHA-256 in jgo.lock.toml")
            os.replace(part, target)
            return True
        finally:
            part.unlink(missing_ok=True)

    def _receive(self, client: httpx.Client, jar: Jar, part: Path) -> str | None:
        """Stream a jar into a file; gives its SHA-256, or nothing when the run was given up."""
        seen = hashlib.sha256()
        try:
            with client.stream("GET", f"{self.base}/{jar.path}") as answer, part.open("wb") as file:
                self._accept(answer, jar)
                for chunk in answer.iter_bytes():
                    if self.abandon.is_set():
                        return None
                    file.write(chunk)
                    seen.update(chunk)
                    with self._guard:
                        self.received += len(chunk)
                file.flush()
                os.fsync(file.fileno())
        except httpx.TransportError as fault:
            raise _Passing(str(fault) or type(fault).__name__) from fault
        return seen.hexdigest()

    def _accept(self, answer: httpx.Response, jar: Jar) -> None:
        if answer.status_code in PASSING:
            raise _Passing(f"it answered {answer.status_code}")
        if answer.status_code != 200:
            raise FetchFault(
                f"cannot fetch {jar.coordinate} from {urlsplit(self.base).netloc}: it answered {answer.status_code}"
            )
