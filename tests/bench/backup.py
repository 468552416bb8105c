"""Measures what a backup costs those who write: `python -m tests.bench.backup [--messages 2000] [--peers 4]`.

A Doxa is started in a throwaway home and told a chat that is reasoned over. Then the same peers write one message after
another: first by themselves, then while one backup after the other is made. Compare rows of one run.
"""

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Awaitable
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from app.engine import FREE, Options, home_at, start
from tests.bench.load import Timing, batch, drain

#: Seconds between the messages of one client: a load beside which the machine has time left.
PAUSE = 0.2
#: Backups that are made while the peers write.
BACKUPS = 3


async def tell(http: httpx.AsyncClient, workspace: str, peers: int, messages: int) -> None:
    """Let each peer say its part of the messages, and wait until all are reasoned over."""
    each = messages // peers
    for number in range(peers):
        for first in range(0, each, 100):
            body = batch(f"p{number}", first, min(100, each - first))
            path = f"/v3/workspaces/{workspace}/sessions/s{number}/messages"
            (await http.post(path, json=body)).raise_for_status()
    await drain(http, workspace)


async def writing(http: httpx.AsyncClient, workspace: str, peers: int, until: Awaitable[object]) -> Timing:
    """What it takes to write a message, for one client for each peer, until something is over."""
    over = asyncio.ensure_future(until)
    seconds: list[float] = []

    async def client(number: int) -> None:
        path = f"/v3/workspaces/{workspace}/sessions/s{number}/messages"
        while not over.done():
            body = {"messages": [{"peer_id": f"p{number}", "content": f"I have {secrets.randbelow(10**6)} books."}]}
            begun = time.perf_counter()
            (await http.post(path, json=body)).raise_for_status()
            seconds.append(time.perf_counter() - begun)
            await asyncio.sleep(PAUSE)

    begun = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(peers)))
    await over
    return Timing(seconds, time.perf_counter() - begun)


async def back_up(home: Path, files: list[Path]) -> None:
    """Make backups, one after the other, as anybody does: by the command."""
    for file in files:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli.main", "backup", "--home", str(home), str(file)
        )
        if await process.wait() != 0:
            raise SystemExit("a backup failed")


async def measure(url: str, home: Path, folder: Path, peers: int, messages: int) -> tuple[dict[str, Timing], float]:
    """Writes without a backup and beside one, by name, and the bytes of the last archive in MB."""
    workspace = f"bench-{secrets.token_hex(4)}"
    async with httpx.AsyncClient(base_url=url, timeout=180) as http:
        await tell(http, workspace, peers, messages)
        found = {"alone": await writing(http, workspace, peers, asyncio.sleep(20))}
        await drain(http, workspace)
        files = [folder / f"{number}.zip" for number in range(BACKUPS)]
        found[f"beside {BACKUPS} backups"] = await writing(http, workspace, peers, back_up(home, files))
    return found, files[-1].stat().st_size / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--messages", type=int, default=2000, help="that are reasoned over before")
    parser.add_argument("--peers", type=int, default=4, help="that share them, and then write")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="doxa-bench-") as place:
        folder = Path(place)
        home = folder / "home"
        engine = start(home_at(home, os.environ), Options(ports=FREE), environment=os.environ)
        try:
            url = engine.status().api
            if url is None:
                raise SystemExit("the service started without an API")
            found, megabytes = asyncio.run(measure(url, home, folder, chosen.peers, chosen.messages))
        finally:
            engine.stop()
    table = Table("writes of one message", "requests", "median ms", "p95 ms", "longest ms", title="Backup")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, timing in found.items():
        median, high = (timing.percentile(share) for share in (0.5, 0.95))
        longest = max(timing.seconds) * 1000
        table.add_row(name, str(len(timing.seconds)), f"{median:.0f}", f"{high:.0f}", f"{longest:.0f}")
    console = Console()
    console.print(table)
    console.print(f"{BACKUPS} backups took {found[f'beside {BACKUPS} backups'].elapsed:.1f} s; {megabytes:.1f} MB each")


if __name__ == "__main__":
    main()
