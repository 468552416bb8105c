"""What can be chosen about an engine."""

import re
from collections.abc import Mapping

from msgspec import Struct

from app.engine.errors import EngineFault
from app.engine.ports import Ports, wanted_ports

_SIZE = re.compile(r"[1-9]\d*[kmgKMG]")


class Options(Struct, frozen=True, kw_only=True):
    """The choices of one start."""

    ports: Ports = Ports()
    heap: str = "768m"
    """`DOXA_NEO4J_HEAP`: Neo4j's largest heap, as Java writes sizes."""
    page_cache: str = "128m"
    """`DOXA_NEO4J_PAGE_CACHE`: memory for Neo4j's pages."""
    restart_seconds: float = 30.0
    """Longest pause before a part that died is started again."""
    record: str = ""
    """File that Java writes down to, when it ends, what it has learnt of Neo4j."""


def options_from(given: Mapping[str, int | None], environment: Mapping[str, str]) -> Options:
    """Options from ports given by key (see `app.engine.ports.PORTS`), else from the environment, else the defaults.

    Raises:
        EngineFault: a value breaks its rule.
    """
    default = Options()
    return Options(
        ports=wanted_ports(given, environment),
        heap=_size("DOXA_NEO4J_HEAP", default.heap, environment),
        page_cache=_size("DOXA_NEO4J_PAGE_CACHE", default.page_cache, environment),
    )


def _size(variable: str, default: str, environment: Mapping[str, str]) -> str:
    value = environment.get(variable, "").strip() or default
    if _SIZE.fullmatch(value) is None:
        raise EngineFault(f"{variable} must be a whole number followed by k, m or g")
    return value
