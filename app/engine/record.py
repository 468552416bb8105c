"""What runs in a home, as the engine writes it down (`run.json`) and others read it."""

import os
from pathlib import Path
from typing import TypeVar

import msgspec
import psutil
from msgspec import Struct

from app.engine.errors import HomeFault
from app.engine.home import Home
from app.engine.ports import Ports

SUPERVISOR = "supervisor"

_R = TypeVar("_R")


class PartRecord(Struct, frozen=True):
    """One process of the engine."""

    name: str
    state: str
    """`waiting`, `starting`, `running`, `restarting`, `failing` or `stopped`."""
    pid: int | None = None
    restarts: int = 0
    detail: str = ""
    """How it last ended, if it did."""


class Addresses(Struct, frozen=True):
    """Where the parts answer; no address holds a password."""

    api: str
    neo4j_uri: str
    neo4j_user: str
    redis: str
    neo4j_password_file: str | None = None
    neo4j_browser: str | None = None
    workers_metrics: str | None = None
    """Where the workers' metrics are read; None while metrics are off."""


class Record(Struct, frozen=True):
    """One run of an engine."""

    pid: int
    """The supervisor."""
    created: float
    """When that process was made, in seconds since 1970: tells it from a later one with the same number."""
    state: str
    """`starting`, `ready` or `stopping`."""
    addresses: Addresses | None = None
    parts: tuple[PartRecord, ...] = ()


def own_record(state: str) -> Record:
    """The record of this process, which is becoming a supervisor."""
    return Record(os.getpid(), psutil.Process().create_time(), state)


def write_record(home: Home, record: Record) -> None:
    """Put the record in its place, whole or not at all.

    Raises:
        HomeFault: it cannot be written.
    """
    _replace(home.record, msgspec.json.encode(record))


def read_record(home: Home) -> Record | None:
    """The record of the engine that runs in a home now; None if none runs, whatever an earlier one left.

    Raises:
        HomeFault: the record cannot be read.
    """
    record = _read(home.record, Record)
    return record if record is not None and _lives(record) else None


def forget_record(home: Home) -> None:
    """Take the record away."""
    home.record.unlink(missing_ok=True)


def remember_ports(home: Home, ports: Ports) -> None:
    """Keep chosen ports for the next start.

    Raises:
        HomeFault: they cannot be written.
    """
    _replace(home.ports, msgspec.json.encode(ports))


def remembered_ports(home: Home) -> Ports | None:
    """The ports chosen last time, if any.

    Raises:
        HomeFault: they cannot be read.
    """
    return _read(home.ports, Ports)


def _lives(record: Record) -> bool:
    try:
        process = psutil.Process(record.pid)
        # A second of tolerance: the clock that dates processes is adjusted now and then.
        return abs(process.create_time() - record.created) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _replace(file: Path, content: bytes) -> None:
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, file)
    except OSError as fault:
        raise HomeFault(f"{file} cannot be written: {fault.strerror or fault}") from fault


def _read(file: Path, kind: type[_R]) -> _R | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.DecodeError) as fault:
        raise HomeFault(f"{file} cannot be read: {fault}; remove it") from fault
