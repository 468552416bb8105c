"""The local engine: Neo4j, Redis, the API and the workers as processes of this machine, with no container.

`start` makes one that goes on by itself, `running` tells how it is doing, `stop` ends it; `foreground.run` is the same
in this process. `app.engine.neo4j.start_server` and `app.engine.redis.start_server` run one server alone.
"""

from app.engine.errors import EngineFault
from app.engine.home import Home, home_at
from app.engine.launch import Running, start, stop
from app.engine.options import Options, options_from
from app.engine.ports import FREE
from app.engine.status import NOT_RUNNING, Status, running

__all__ = [
    "FREE",
    "NOT_RUNNING",
    "EngineFault",
    "Home",
    "Options",
    "Running",
    "Status",
    "home_at",
    "options_from",
    "running",
    "start",
    "stop",
]
