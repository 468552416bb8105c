"""Dramatiq's Redis broker, made to outlive Redis.

Dramatiq takes a lost connection for what it is in some places only. Elsewhere (a time-out, a Redis that is loading or
out of memory, a delayed message that is due just then) the fault ends the thread that listens, and the process lives on
deaf. Here each fault of Redis becomes the one that Dramatiq waits out and tries again after.
"""

# dramatiq and redis leave some of their signatures open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false

from collections.abc import Callable

import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import ConnectionClosed

from app.settings import RedisSettings

#: A Redis that hangs is as one that is away.
SOCKET_SECONDS = 5.0


class SteadyRedisBroker(RedisBroker):
    """Raises `ConnectionClosed` for whatever Redis does not do."""

    def _dispatch(self, command: str) -> Callable[..., object]:
        run = super()._dispatch(command)

        def steady(queue_name: str, *args: object) -> object:
            try:
                return run(queue_name, *args)
            except (redis.RedisError, OSError) as fault:
                raise ConnectionClosed(fault) from fault

        return steady


def client(settings: RedisSettings) -> "redis.Redis":
    """A client that waits for nothing longer than `SOCKET_SECONDS`; no connection is made until it is used."""
    return redis.Redis.from_url(
        settings.url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS, health_check_interval=30
    )
