"""Measures a running Doxa and prints a table: `python -m tests.bench [--url URL]`.

Without `--url` a Doxa is started in a throwaway home and stopped again. Times are of this machine at this moment:
compare rows of one run, not runs of different days.
"""

import argparse
import asyncio
import os
import secrets
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from app.engine import FREE, Options, home_at, start
from tests.bench.load import Timing, drain, read, reason, settle, write


@contextmanager
def service(url: str | None) -> Generator[str]:
    """The address of the Doxa to measure."""
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="doxa-bench-") as folder:
        engine = start(home_at(Path(folder), os.environ), Options(ports=FREE), environment=os.environ)
        try:
            address = engine.status().api
            if address is None:
                raise SystemExit("the service started without an API")
            yield address
        finally:
            engine.stop()


async def measure(url: str, scale: float) -> list[tuple[str, Timing]]:
    """All measurements, named; `scale` multiplies the number of requests."""

    def times(number: int) -> int:
        return max(2, round(number * scale))

    run = f"bench-{secrets.token_hex(4)}"
    limits = httpx.Limits(max_connections=32, max_keepalive_connections=32)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=limits) as http:
        await write(http, f"{run}-warm", 4, 10, 1)
        await drain(http, f"{run}-warm")
        found: list[tuple[str, Timing]] = []
        for clients, rounds, size in ((1, 200, 1), (16, 40, 1), (1, 20, 100), (16, 4, 100)):
            name = f"write, {size} a request, {clients} client{'s' if clients > 1 else ''}"
            workspace = f"{run}-{size}-{clients}"
            found.append((name, await write(http, workspace, clients, times(rounds), size)))
            await drain(http, workspace)
        found.append(("write and reason (rules), 8 sessions", await reason(http, f"{run}-r", 8, times(200))))
        found.append(("short chat, last message to last conclusion", await settle(http, f"{run}-q", times(5))))
        base = f"/v3/workspaces/{run}-r"
        session, peer = f"{base}/sessions/s0/context", f"{base}/peers/p0/context"
        for clients in (1, 16):
            said = f"{clients} client{'s' if clients > 1 else ''}"
            found.append(
                (f"session context, 4,000 tokens, {said}", await read(http, session, times(50), clients, tokens="4000"))
            )
            found.append(
                (
                    f"session context with a peer, {said}",
                    await read(http, session, times(50), clients, peer_target="p0"),
                )
            )
            found.append((f"peer context, {said}", await read(http, peer, times(50), clients)))
            found.append(
                (
                    f"peer context with a search, {said}",
                    await read(http, peer, times(50), clients, search_query="trees"),
                )
            )
        return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--url", help="a Doxa that runs; otherwise one is started")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the number of requests")
    chosen = parser.parse_args()
    console = Console()
    with service(chosen.url) as url:
        found = asyncio.run(measure(url, chosen.scale))
    table = Table("what", "requests", "median ms", "p95 ms", "a second", title="Doxa")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, timing in found:
        median, high = (timing.percentile(share) for share in (0.5, 0.95))
        table.add_row(name, str(len(timing.seconds)), f"{median:.1f}", f"{high:.1f}", f"{timing.rate:.0f}")
    console.print(table)


if __name__ == "__main__":
    main()
