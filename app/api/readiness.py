"""Whether the service can work now: looked at no more than once a second, however many ask."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

import asyncio
import logging
import time

import redis
from msgspec import Struct
from redis.asyncio import Redis

from graph.driver import Database
from graph.errors import StoreFault

_log = logging.getLogger(__name__)

#: How long an answer holds, and how long each server may take to give its own.
FRESH_SECONDS = 1.0
PATIENCE_SECONDS = 5.0


class Standing(Struct, frozen=True):
    """What a look found.

    Attributes:
        obstacle: why the service cannot work; None if it can.
        lack: what it works without; None if nothing is missing.
    """

    obstacle: str | None = None
    lack: str | None = None


class Readiness:
    """Looks at the servers that the service needs, and says once in the log when that changes.

    Args:
        database: without it the service cannot work.
        wakeups: without it the service works, but workers come late and nothing is limited.
    """

    def __init__(self, database: Database, wakeups: Redis) -> None:
        self._database = database
        self._redis = wakeups
        self._lock = asyncio.Lock()
        self._standing = Standing()
        self._said = Standing()
        self._until = 0.0

    async def look(self) -> Standing:
        """How things stand, as of a second ago at most."""
        async with self._lock:
            if time.monotonic() >= self._until:
                obstacle, lack = await asyncio.gather(self._obstacle(), self._lack())
                self._standing = Standing(obstacle, lack)
                self._until = time.monotonic() + FRESH_SECONDS
                self._report()
            return self._standing

    async def _obstacle(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._database.ping()
        except StoreFault as fault:
            return fault.detail
        except TimeoutError:
            return "the database does not answer"
        return None

    async def _lack(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._redis.ping()
        except (redis.RedisError, OSError, TimeoutError) as fault:
            why = type(fault).__name__
            return f"Redis does not answer ({why}): workers find their work later, and no rates are limited"
        return None

    def _report(self) -> None:
        if self._standing != self._said:
            found = self._standing.obstacle or self._standing.lack
            _log.log(logging.WARNING if found else logging.INFO, "readiness: %s", found or "everything answers")
        self._said = self._standing
