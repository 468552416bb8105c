"""Empties Redis every second."""

# redis leaves some of its signatures open.
# pyright: reportUnknownMemberType=false

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import redis.asyncio

from tests.chaos.load import Load


def emptying_redis(url: str, shares: list[float] | None = None) -> Callable[[Load], Awaitable[None]]:
    """Mischief for a run: `FLUSHALL` every second until the queue is empty.

    Args:
        url: of Redis.
        shares: gets the share of the load that was written at each.
    """

    async def mischief(load: Load) -> None:
        async with redis.asyncio.Redis.from_url(url) as client:
            while True:
                # It may be killed as well.
                with contextlib.suppress(redis.RedisError):
                    await client.flushall()
                    if shares is not None:
                        shares.append(load.written / load.schedule.messages)
                await asyncio.sleep(1.0)

    return mischief
