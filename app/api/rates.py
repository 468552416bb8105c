"""How often a caller may ask: counted in Redis, so that all processes of the service count together."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

import hashlib
import logging
import time
from typing import TYPE_CHECKING, cast

import redis
from redis.asyncio import Redis

from app.settings import RateSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable

    Asked = Awaitable[int]

_log = logging.getLogger(__name__)

#: While Redis is away, only every so often somebody waits to learn whether it is back.
PAUSE_SECONDS = 1.0

#: One number per caller: the time (in microseconds) at which all that was asked would have been spread evenly. A
#: request moves it on by the time between two; it is refused, and moves nothing, if that is more than a burst ahead.
_ADMIT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local between, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now)) + between
if due - now > ahead then return due - now - ahead end
redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000) + 1)
return 0
"""


class Rates:
    """Says who has to wait. Without Redis everybody passes: a limit is no reason to fail.

    Args:
        client: Redis.
        namespace: prefix of the keys.
        limits: how much is allowed; none if it is off.
    """

    def __init__(self, client: Redis, namespace: str, limits: RateSettings) -> None:
        self._redis = client
        self._namespace = namespace
        self._between = int(60_000_000 / limits.per_minute) if limits.per_minute else 0
        self._burst = limits.burst
        self._away = False
        self._again = 0.0

    async def wait(self, caller: str) -> float:
        """Count one request of a caller, unless it comes too early.

        Args:
            caller: a key, or an address; only a hash of it leaves this process.

        Returns:
            seconds to wait before asking again; 0 if the request may pass.
        """
        if not self._between or time.monotonic() < self._again:
            return 0.0
        name = f"{self._namespace}:rate:{hashlib.sha256(caller.encode()).hexdigest()}"
        arguments = (str(self._between), str(self._between * self._burst))
        try:
            wait = int(await cast("Asked", self._redis.eval(_ADMIT, 1, name, *arguments))) / 1_000_000
        except (redis.RedisError, OSError) as fault:
            if not self._away:
                _log.warning("Redis does not count requests (%s): nothing is limited until it does", fault)
            self._away, self._again = True, time.monotonic() + PAUSE_SECONDS
            return 0.0
        if self._away:
            _log.info("Redis counts requests again")
        self._away = False
        return wait
