"""The home: the directory that holds everything one engine keeps, and the lock that makes it the only one there."""

import fcntl
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from app.engine.errors import HomeFault


class Home(Struct, frozen=True):
    """Where things are inside a home."""

    path: Path

    @property
    def lock(self) -> Path:
        """Locked by the engine that runs here."""
        return self.path / "engine.lock"

    @property
    def record(self) -> Path:
        """What runs here now (`app.engine.record`)."""
        return self.path / "run.json"

    @property
    def ports(self) -> Path:
        """The free ports chosen last time."""
        return self.path / "ports.json"

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.path / "logs"

    @property
    def log(self) -> Path:
        """The engine's own log."""
        return self.logs / "doxa.log"

    @property
    def neo4j(self) -> Path:
        """Neo4j's configuration and store."""
        return self.path / "neo4j"

    @property
    def neo4j_password(self) -> Path:
        """The password of Neo4j's user, mode 0600."""
        return self.path / "neo4j.password"

    @property
    def redis(self) -> Path:
        """Redis's configuration and append-only file."""
        return self.path / "redis"

    @property
    def redis_password(self) -> Path:
        """The password of Redis, mode 0600."""
        return self.path / "redis.password"


def home_at(path: Path | None, environment: Mapping[str, str]) -> Home:
    """The home at a path, else at `DOXA_HOME`, else `~/.doxa`."""
    given = str(path) if path is not None else environment.get("DOXA_HOME", "").strip() or "~/.doxa"
    return Home(Path(given).expanduser().absolute())


def make_home(home: Home) -> None:
    """Make the home's directories if they are missing; only their owner may look inside.

    Raises:
        HomeFault: they cannot be made or written.
    """
    try:
        home.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        home.logs.mkdir(exist_ok=True, mode=0o700)
    except OSError as fault:
        why = fault.strerror or fault
        raise HomeFault(f"the home {home.path} cannot be made: {why}; choose another with --home") from fault
    if not os.access(home.path, os.W_OK | os.X_OK) or not os.access(home.logs, os.W_OK | os.X_OK):
        raise HomeFault(f"the home {home.path} is not writable: choose another with --home")


@contextmanager
def hold(home: Home) -> Generator[None]:
    """Keep the home for this process alone until the block ends; the kernel lets go however the process ends.

    Raises:
        HomeFault: another engine holds it.
    """
    try:
        handle = home.lock.open("a")
    except OSError as fault:
        raise HomeFault(f"the home {home.path} is not writable: {fault.strerror or fault}") from fault
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeFault(
                f"the home {home.path} is in use by another doxa: see `doxa status`, stop it with `doxa down`, "
                "or choose another with --home"
            ) from None
        yield
