"""Neo4j as the local engine runs it: configuration, command, and a small server for tests."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from app.engine import warmth
from app.engine.child import Child, Process, plain_environment, wait_until_ready
from app.engine.errors import HomeFault, MachineFault
from app.engine.events import Report, silent
from app.engine.fetch import fetch
from app.engine.jars import cache_directory, jar_file, read_lock
from app.engine.java import find_java
from app.engine.ports import HOST, Reservations
from app.engine.probe import Bolt, Logged
from app.engine.reaper import new_marker
from app.engine.secret import keep_secret

USER = "neo4j"
MAIN_CLASS = "org.neo4j.server.Neo4jCommunity"
LOG_CONFIGURATION = Path(__file__).with_name("logconfig")

_HASH_ROUNDS = 1024

#: What it logs about half-way through its start, once its own classes are loaded.
_BANNER = "======== Neo4j "

_JVM_FLAGS = (
    # Neo4j reaches below Java's own walls (off-heap memory, direct buffers); without these it does not start.
    "--enable-native-access=ALL-UNNAMED",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    # A server without memory for a thread or an array limps on in odd ways; ended, it is started again.
    "-XX:+ExitOnOutOfMemoryError",
    # Without this a fault that recurs loses its text, and one without text never reaches the client, which then waits.
    "-XX:-OmitStackTraceInFastThrow",
    # The thorough compiler takes a fifth of all work of a start on two cores; let it wait for what stays hot.
    "-XX:Tier4InvocationThreshold=25000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=75000",
    "-XX:Tier4BackEdgeThreshold=200000",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    "-Dlog4j2.disable.jmx=true",
)


class Neo4jOptions(Struct, frozen=True, kw_only=True):
    """What can be set about the local Neo4j; sizes as Java writes them (`768m`, `2g`).

    Attributes:
        record: file that Java writes down to, when it ends, what it has learnt; empty for a run that is no training.
        settings: further settings of `neo4j.conf`, by name.
    """

    bolt_port: int
    http_port: int
    heap: str = "768m"
    page_cache: str = "128m"
    record: str = ""
    settings: Mapping[str, str] = {}


def configuration(directory: Path, logs: Path, options: Neo4jOptions) -> str:
    """The text of `neo4j.conf` for a server whose files live in `directory`."""
    settings = {
        "server.directories.data": directory / "data",
        "server.directories.logs": logs,
        "server.directories.run": directory / "run",
        "server.directories.import": directory / "import",
        "server.directories.plugins": directory / "plugins",
        "server.default_listen_address": HOST,
        "server.default_advertised_address": HOST,
        "server.bolt.listen_address": f"{HOST}:{options.bolt_port}",
        "server.bolt.advertised_address": f"{HOST}:{options.bolt_port}",
        "server.http.enabled": "true",
        "server.http.listen_address": f"{HOST}:{options.http_port}",
        "server.http.advertised_address": f"{HOST}:{options.http_port}",
        "server.https.enabled": "false",
        "server.http.x_forward.enabled": "false",
        "dbms.security.auth_enabled": "true",
        "server.memory.pagecache.size": options.page_cache,
        # What a transaction will need on the disk is set aside before it is written: when there is no space, the
        # database goes on for reading. Otherwise it fails half-way through a write and then reads nothing either.
        "internal.dbms.out_of_disk_space_protection": "true",
        "db.tx_log.preallocate": "true",
        # Half a gigabyte would be set aside for an empty store otherwise.
        "db.tx_log.rotation.size": "16m",
        "db.tx_log.rotation.retention_policy": "2 files",
        # Twice five seconds of waiting for connections that may yet come, at every stop.
        "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
        "internal.server.bolt.connection_shutdown_wait_time": "1s",
        # Nothing leaves the machine.
        "dbms.usage_report.enabled": "false",
        "server.bolt.telemetry.enabled": "false",
        "client.allow_telemetry": "false",
        "server.fleet_discovery.enabled": "false",
        "dbms.fleet_manager.enabled": "false",
        **options.settings,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


def neo4j_process(directory: Path, logs: Path, options: Neo4jOptions, environment: Mapping[str, str]) -> Process:
    """Write what Neo4j reads at its start and describe its process.

    Args:
        directory: where its data and configuration live; made if missing.
        logs: where its logs go; made if missing.
        options: ports and sizes.
        environment: names the Java and the cache, which must hold every jar.

    Raises:
        MachineFault: no suitable Java.
        HomeFault: something cannot be written.
    """
    java = find_java(environment)
    configured = directory / "conf"
    learnt = warmth.recording(options.record) if options.record else warmth.using(learnt_file(environment))
    flags = (*learnt, "-Xms128m", f"-Xmx{options.heap}", *_java_arguments(environment))
    try:
        for each in (configured, logs, *(directory / name for name in ("data", "run", "import", "plugins"))):
            each.mkdir(parents=True, exist_ok=True)
        (configured / "neo4j.conf").write_text(configuration(directory, logs, options), encoding="utf-8")
        for file in ("user-logs.xml", "server-logs.xml"):
            shutil.copyfile(LOG_CONFIGURATION / file, configured / file)
        # 238 jars make a long line: a file of arguments keeps the list of processes readable.
        arguments = configured / "java.args"
        arguments.write_text("".join(f"{_quoted(flag)}\n" for flag in flags), encoding="utf-8")
    except OSError as fault:
        raise HomeFault(f"Neo4j's files in {directory} cannot be written: {fault}") from fault
    return Process(
        name="neo4j",
        argv=(
            str(java),
            f"@{arguments}",
            MAIN_CLASS,
            f"--home-dir={directory}",
            f"--config-dir={configured}",
            "--console-mode",
        ),
        environment=plain_environment(environment),
        directory=directory,
        log=logs / "neo4j.log",
        ready=Bolt(f"bolt://{HOST}:{options.bolt_port}"),
        nearly_ready=Logged(_BANNER),
        start_seconds=180.0,
        # What was learnt is written down at the end, and the whole of it takes a while on a busy machine.
        stop_seconds=100.0 if options.record else 60.0,
    )


def learnt_file(environment: Mapping[str, str]) -> Path | None:
    """Where what Java learnt of this Neo4j is kept, whether it is there or not; None where it cannot be."""
    return warmth.cache_file(environment, _JVM_FLAGS)


def keep_learnt(record: Path, environment: Mapping[str, str], report: Report = silent) -> Path:
    """Keep for later starts what a run with `Neo4jOptions.record` has learnt; where it is kept is returned.

    Raises:
        EngineFault: nothing was recorded, or it cannot be kept.
        MachineFault: no suitable Java.
    """
    file = learnt_file(environment)
    if file is None:
        raise MachineFault("what Java learns is kept only for the Java that comes along: unset DOXA_JAVA")
    warmth.make(find_java(environment), _java_arguments(environment), record, file, report)
    return file


def _java_arguments(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What Java is started with whatever the sizes: flags, and the jars in the order of the lock."""
    cache = cache_directory(environment)
    jars = [str(jar_file(cache, jar)) for jar in read_lock()]
    return (*_JVM_FLAGS, "-classpath", os.pathsep.join(jars))


def _quoted(flag: str) -> str:
    escaped = flag.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def set_first_password(directory: Path, password: str) -> None:
    """Give Neo4j the password of its first start; does nothing once it has a store.

    Neo4j takes its first user from `data/dbms/auth.ini`, which its own tool writes from a command-line argument that
    every process on the machine could read. This writes the same line: salted SHA-256, 1024 rounds.

    Raises:
        HomeFault: the file cannot be written.
    """
    if (directory / "data" / "databases" / "system").exists():
        return
    salt = secrets.token_bytes(32)
    digest = hashlib.sha256(salt + password.encode()).digest()
    for _ in range(_HASH_ROUNDS - 1):
        digest = hashlib.sha256(digest).digest()
    line = f"{USER}:SHA-256,{digest.hex().upper()},{salt.hex().upper()},{_HASH_ROUNDS}:\n"
    file = directory / "data" / "dbms" / "auth.ini"
    part = file.with_name("auth.ini.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as content:
            content.write(line)
        os.replace(part, file)
    except OSError as fault:
        raise HomeFault(f"Neo4j's first password cannot be set in {file.parent}: {fault}") from fault


class Neo4jServer(Struct, frozen=True):
    """A Neo4j that answers."""

    uri: str
    user: str
    password: str
    browser: str


@contextmanager
def start_server(
    directory: Path,
    environment: Mapping[str, str] | None = None,
    *,
    heap: str = "512m",
    page_cache: str = "64m",
    password_file: Path | None = None,
    record: str = "",
    settings: Mapping[str, str] | None = None,
    report: Report = silent,
) -> Generator[Neo4jServer]:
    """Run Neo4j alone on free ports, with its files in `directory`, until the block ends. From the main thread only.

    Raises:
        FetchFault: the jars cannot be had.
        MachineFault: no suitable Java.
        StartFault: it does not start.
    """
    found = os.environ if environment is None else environment
    cache = cache_directory(found)
    fetch(cache, read_lock(), found, report)
    directory = directory.absolute()
    directory.mkdir(parents=True, exist_ok=True)
    ports = Reservations(cache)
    try:
        bolt, http = ports.take("bolt", 0), ports.take("http", 0)
        options = Neo4jOptions(
            bolt_port=bolt, http_port=http, heap=heap, page_cache=page_cache, record=record, settings=settings or {}
        )
        password = keep_secret(password_file or directory / "neo4j.password")
        set_first_password(directory, password)
        child = Child(neo4j_process(directory, directory / "logs", options, found), new_marker(directory))
        try:
            wait_until_ready(child)
            yield Neo4jServer(f"bolt://{HOST}:{bolt}", USER, password, f"http://{HOST}:{http}/browser/")
        finally:
            child.stop()
    finally:
        ports.release()
