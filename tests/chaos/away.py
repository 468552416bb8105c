"""Takes Redis away for long: it is killed, and something else has its port until it may come back."""

import asyncio
import errno
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import msgspec

from tests.chaos.killing import kill_group, part
from tests.chaos.running import Outcome, Stage, run
from tests.chaos.schedule import Scale, draw

#: Loads that are written while it is away, evenly spread.
LOADS = 6


async def run_without_redis(stage: Stage, seed: int, scale: Scale, seconds: float) -> list[Outcome]:
    """Write loads while Redis is away, each until its queue is empty, and one more when it is back.

    Args:
        stage: where.
        seed: repeats the loads.
        scale: of all loads together; nothing else is killed.
        seconds: how long Redis is away, at least.
    """
    part_of = msgspec.structs.replace(scale, messages=scale.messages // (LOADS + 1), kills=0)
    outcomes: list[Outcome] = []
    async with _taken(stage):
        ends = asyncio.get_running_loop().time() + seconds
        for number in range(LOADS):
            outcomes.append(await run(stage, draw(seed + number, part_of, prefix=f"away-{number}")))
            left = ends - asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, left / (LOADS - number)))
    async with asyncio.timeout(120):
        while part(stage.home, "redis").state != "running":
            await asyncio.sleep(0.1)
    outcomes.append(await run(stage, draw(seed + LOADS, part_of, prefix="back")))
    return outcomes


@asynccontextmanager
async def _taken(stage: Stage) -> AsyncGenerator[None]:
    """Redis is dead and its port is held, without anybody who answers, while the block runs."""
    address = urlsplit(stage.redis)
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        async with asyncio.timeout(120):
            while not _bound(holder, address.hostname or "127.0.0.1", address.port or 0):
                found = part(stage.home, "redis")
                if found.pid is not None:
                    kill_group(found.pid)
                await asyncio.sleep(0.02)
        yield


def _bound(holder: socket.socket, host: str, port: int) -> bool:
    try:
        holder.bind((host, port))
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise
        return False
    return True
