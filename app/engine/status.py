"""How an engine is doing, for people and programs. The Structs are the shape of `doxa status --json`."""

import time

import psutil
from msgspec import Struct

from app.engine.home import Home
from app.engine.probe import Http, Start
from app.engine.record import SUPERVISOR, Record, read_record


class Neo4jStatus(Struct, frozen=True):
    """Where Neo4j answers."""

    uri: str
    user: str
    password_file: str | None
    """File that holds the password; None for a server that was given with its password."""
    browser: str | None
    """Address of the Neo4j Browser; None for a server that was given."""


class ProcessStatus(Struct, frozen=True):
    """One process of the engine, with all that it started."""

    name: str
    pid: int
    rss_bytes: int
    """Resident memory of the process and its descendants; shared pages count in each."""


class Status(Struct, frozen=True):
    """How an engine is doing."""

    ready: bool
    """Every part runs, and the API answers just now."""
    api: str | None = None
    neo4j: Neo4jStatus | None = None
    redis: str | None = None
    """Address without its password."""
    processes: tuple[ProcessStatus, ...] = ()
    metrics: tuple[str, ...] = ()
    """Where Prometheus reads the API's and the workers' metrics; empty while they are off."""


NOT_RUNNING = Status(ready=False)


def running(home: Home) -> Status | None:
    """How the engine in a home is doing, or None if none runs there.

    Raises:
        HomeFault: the home's record cannot be read.
    """
    record = read_record(home)
    return None if record is None else status_of(record)


def status_of(record: Record) -> Status:
    """The status that a record of a running engine stands for."""
    named = [(SUPERVISOR, record.pid), *((part.name, part.pid) for part in record.parts if part.pid is not None)]
    processes = [
        ProcessStatus(name, pid, rss)
        for name, pid in named
        if (rss := resident_bytes(pid, alone=name == SUPERVISOR)) is not None
    ]
    addresses = record.addresses
    if addresses is None:
        return Status(ready=False, processes=tuple(processes))
    whole = record.state == "ready" and len(processes) == len(record.parts) + 1
    return Status(
        ready=whole
        and all(part.state == "running" for part in record.parts)
        and Http(f"{addresses.api}/ready").answers(Start(time.monotonic())),
        api=addresses.api,
        neo4j=Neo4jStatus(
            addresses.neo4j_uri, addresses.neo4j_user, addresses.neo4j_password_file, addresses.neo4j_browser
        ),
        redis=addresses.redis,
        processes=tuple(processes),
        metrics=(f"{addresses.api}/metrics", addresses.workers_metrics) if addresses.workers_metrics else (),
    )


def resident_bytes(pid: int, alone: bool = False) -> int | None:
    """Resident memory of a process, with its descendants unless `alone`; None if it has ended."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        total = process.memory_info().rss
        descendants = [] if alone else process.children(recursive=True)
    except psutil.Error:
        return None
    for descendant in descendants:
        try:
            total += descendant.memory_info().rss
        except psutil.Error:
            # It ended between being listed and being looked at.
            continue
    return total
