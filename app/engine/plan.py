"""From choices and a home to a list of processes: checks, ports, passwords, configuration, jars."""

import time
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from app import settings
from app.engine import reaper
from app.engine.child import Process
from app.engine.errors import EngineFault, StartFault
from app.engine.events import Notice, Report
from app.engine.fetch import fetch
from app.engine.home import Home
from app.engine.jars import cache_directory, read_lock
from app.engine.java import find_java
from app.engine.machine import check_disk, check_memory
from app.engine.neo4j import USER, Neo4jOptions, neo4j_process, set_first_password
from app.engine.options import Options
from app.engine.ports import HOST, Ports, Reservations
from app.engine.probe import Bolt, Both, Http, Probe, Redis, Space, Spent, Start
from app.engine.record import Addresses, remember_ports, remembered_ports
from app.engine.redis import redis_process, redis_url
from app.engine.secret import keep_secret
from app.engine.service import api_process, api_url, service_environment, workers_process

RESTART_BYTES = 64 * 1024 * 1024
"""Free space on its disk that Neo4j needs to start anew and to write for a while."""


class Plan(Struct, frozen=True):
    """What one run consists of."""

    processes: tuple[Process, ...]
    addresses: Addresses
    finally_answers: Probe | None = None
    """Asked once all processes answer: the Browser comes a little after Bolt."""


class _Store(Struct, frozen=True):
    """Where Neo4j is, and the process if it is ours."""

    uri: str
    user: str
    password_file: str | None = None
    browser: str | None = None
    process: Process | None = None


class _Wakeups(Struct, frozen=True):
    """Where Redis is, and the process if it is ours."""

    url: str
    process: Process | None = None


def prepare(
    home: Home, options: Options, environment: Mapping[str, str], reservations: Reservations, report: Report
) -> Plan:
    """Check, clear, fetch and write everything that the processes need. The caller holds the home.

    A server that `NEO4J_URI` or `REDIS_URL` names is used instead of one of our own.

    Raises:
        EngineFault: something is missing; nothing has been started.
    """
    given = {name: value for name, value in environment.items() if value.strip()}
    try:
        configured = settings.load(given)
    except settings.SettingsFault as fault:
        raise EngineFault(str(fault)) from fault
    left = reaper.clear(reaper.of_directory(home.path))
    if left:
        report(Notice(f"ended {left} processes that an earlier run had left"))
    check_disk(home.path)
    ports = _take_ports(home, options.ports, given, reservations)
    if "NEO4J_URI" in given:
        store = _given_store(configured.database, given)
    else:
        store = _own_store(home, options, ports, given, report)
    wakeups = _given_wakeups(configured.redis) if "REDIS_URL" in given else _own_wakeups(home, ports, given)
    own = tuple(process for process in (store.process, wakeups.process) if process is not None)
    after = tuple(process.name for process in own)
    metrics = _workers_metrics(configured, reservations)
    service = service_environment(_for_service(given, store), _told(home, ports, store, wakeups, metrics))
    processes = (
        *own,
        api_process(home, ports.api, service, after),
        workers_process(home, configured.reasoning, service, after),
    )
    addresses = Addresses(
        api=api_url(ports.api),
        neo4j_uri=store.uri,
        neo4j_user=store.user,
        redis=without_password(wakeups.url),
        neo4j_password_file=store.password_file,
        neo4j_browser=store.browser,
        workers_metrics=f"http://{HOST}:{metrics}/metrics" if metrics else None,
    )
    return Plan(processes, addresses, Http(store.browser) if store.browser else None)


def without_password(url: str) -> str:
    """An address fit for show."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[1]))


def _take_ports(home: Home, wanted: Ports, given: Mapping[str, str], reservations: Reservations) -> Ports:
    """Reserve the ports of what is started here; the others stay as they were asked for."""
    before = remembered_ports(home) or Ports(0, 0, 0, 0)
    needed = {"api"}
    if "NEO4J_URI" not in given:
        needed |= {"bolt", "http"}
    if "REDIS_URL" not in given:
        needed.add("redis")
    ports = Ports(
        **{
            key: reservations.take(key, number, getattr(before, key)) if key in needed else number
            for key, number in msgspec.structs.asdict(wanted).items()
        }
    )
    if ports != wanted:
        remember_ports(home, ports)
    return ports


def _own_store(home: Home, options: Options, ports: Ports, given: Mapping[str, str], report: Report) -> _Store:
    check_memory()
    find_java(given)
    fetch(cache_directory(given), read_lock(), given, report)
    set_first_password(home.neo4j, keep_secret(home.neo4j_password))
    sizes = Neo4jOptions(
        bolt_port=ports.bolt,
        http_port=ports.http,
        heap=options.heap,
        page_cache=options.page_cache,
        record=options.record,
    )
    process = neo4j_process(home.neo4j, home.logs, sizes, given)
    # A database whose disk was full stays without writes until it is started anew, and cannot start while it is full.
    spent = Spent(f"http://{HOST}:{ports.http}", USER, str(home.neo4j_password))
    renew = Both(spent, Space(str(home.neo4j), RESTART_BYTES))
    return _Store(
        uri=f"bolt://{HOST}:{ports.bolt}",
        user=USER,
        password_file=str(home.neo4j_password),
        browser=f"http://{HOST}:{ports.http}/browser/",
        process=msgspec.structs.replace(process, renew=renew),
    )


def _given_store(database: settings.DatabaseSettings, given: Mapping[str, str]) -> _Store:
    _must_answer("NEO4J_URI", database.uri, Bolt(database.uri))
    return _Store(database.uri, database.user, given.get("NEO4J_PASSWORD_FILE"))


def _own_wakeups(home: Home, ports: Ports, given: Mapping[str, str]) -> _Wakeups:
    password = keep_secret(home.redis_password)
    process = redis_process(home.redis, home.logs, ports.redis, password, given)
    return _Wakeups(redis_url(ports.redis, password), process)


def _given_wakeups(redis: settings.RedisSettings) -> _Wakeups:
    _must_answer("REDIS_URL", redis.url, Redis(redis.url))
    return _Wakeups(redis.url)


def _must_answer(variable: str, url: str, probe: Probe) -> None:
    if not probe.answers(Start(time.monotonic())):
        shown = without_password(url)
        raise StartFault(f"no server answers at {shown}, which {variable} names: start it, or unset {variable}")


def _for_service(given: Mapping[str, str], store: _Store) -> Mapping[str, str]:
    """What of the environment the service may see: another server's user or password must not reach our own."""
    if store.process is None:
        return given
    return {name: value for name, value in given.items() if not name.startswith("NEO4J_")}


def _workers_metrics(configured: settings.Settings, reservations: Reservations) -> int:
    """The port for the workers' metrics; 0 where metrics are off."""
    return reservations.take("workers", configured.telemetry.worker_metrics_port) if configured.api.metrics else 0


def _told(home: Home, ports: Ports, store: _Store, wakeups: _Wakeups, metrics: int) -> dict[str, str]:
    told = {
        "DOXA_WORKER_METRICS_HOST": HOST,
        "DOXA_WORKER_METRICS_PORT": str(metrics),
        "DOXA_HOME": str(home.path),
        "DOXA_API_HOST": HOST,
        "DOXA_API_PORT": str(ports.api),
        "REDIS_URL": wakeups.url,
    }
    if store.process is not None and store.password_file is not None:
        told |= {"NEO4J_URI": store.uri, "NEO4J_USERNAME": store.user, "NEO4J_PASSWORD_FILE": store.password_file}
    return told
