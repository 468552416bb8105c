"""A store that takes no more writes: clear refusals, nothing acknowledged that is not kept, and recovery unaided.

Two ways to it, both real: a disk of the database's own that is full (where this machine lets us mount one), and a limit
on the size of the files that the database's process may write, which is to it as if the disk failed half-way.
"""

import asyncio
import errno
import os
import resource
import shutil
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from tests.chaos.killing import part
from tests.chaos.load import Load
from tests.chaos.running import Stage, run, staged
from tests.chaos.schedule import Scale, draw
from tests.chaos.test_chaos import SEED, show

pytestmark = [pytest.mark.chaos, pytest.mark.engine, pytest.mark.timeout(900)]

DISK = "256m"
SCALE = Scale(messages=600, clients=6, workspaces=1, kills=0)


async def test_a_full_disk_is_refused_clearly_read_on_and_recovered_from_when_there_is_space(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "neo4j"
    with mounted(folder), staged(tmp_path) as stage:
        ballast = folder / "ballast"

        def fill() -> None:
            # The database takes space meanwhile: what was free a moment ago may be too much by now.
            with ballast.open("wb") as file:
                share = 1
                while (size := shutil.disk_usage(folder).free // share) > 0:
                    try:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, size)
                    except OSError as fault:
                        assert fault.errno == errno.ENOSPC, fault
                        share *= 2

        reads = await refused(stage, fill, ballast.unlink)
    print(f"a disk of {DISK} of the database's own was full; reads meanwhile: {dict(reads)}")
    assert reads[200] > 0


async def test_a_database_that_fails_half_way_through_a_write_is_started_anew(stage: Stage) -> None:
    process = psutil.Process(part(stage.home, "neo4j").pid)
    before = process.rlimit(resource.RLIMIT_FSIZE)

    def limit() -> None:
        process.rlimit(resource.RLIMIT_FSIZE, (4096, before[1]))

    # The process that is limited is given up; the one that takes its place is not.
    reads = await refused(stage, limit, lambda: None)
    print(f"the files of the database's process were limited to 4096 bytes; reads meanwhile: {dict(reads)}")


async def refused(stage: Stage, take: Callable[[], None], give_back: Callable[[], None]) -> Counter[int]:
    """Take the space away under a load, wait until writes are refused, give it back; returns the answers to reads."""
    reads: Counter[int] = Counter()
    outcome = await run(stage, draw(SEED, SCALE, prefix="refused"), without_space(stage, reads, take, give_back))
    show(outcome)
    assert outcome.answers[507] > 0, "no write was refused: nothing was tested"
    assert outcome.answers[500] == 0
    assert {status for status in reads if status} <= {200, 503}
    assert outcome.verdict.faults == dict.fromkeys(outcome.verdict.faults, 0)
    assert outcome.verdict.messages == SCALE.messages
    assert outcome.restarts == {"neo4j": 1, "api": 0, "redis": 0, "workers": 0}
    assert "neo4j ran but could do no more work, and was ended" in stage.home.log.read_text()
    return reads


def without_space(
    stage: Stage, reads: Counter[int], take: Callable[[], None], give_back: Callable[[], None]
) -> Callable[[Load], Awaitable[None]]:
    async def mischief(load: Load) -> None:
        while load.written < SCALE.messages / 10:
            await asyncio.sleep(0.02)
        take()
        async with asyncio.timeout(400), httpx.AsyncClient(base_url=stage.url, timeout=30) as http:
            while load.answers[507] < 5:
                await asyncio.sleep(0.05)
            kept = load.written
            for _ in range(10):
                reads[await read(http, load, kept)] += 1
        give_back()
        await asyncio.Event().wait()

    return mischief


async def read(http: httpx.AsyncClient, load: Load, kept: int) -> int:
    """Read how many messages there are; whatever was acknowledged is there."""
    (workspace,) = load.schedule.workspaces
    try:
        answers = [
            await http.post(f"/v3/workspaces/{workspace}/sessions/{session}/messages/list", json={})
            for session in sorted({batch.session for batch in load.schedule.batches})
        ]
    except httpx.TransportError:
        return 0
    worst = max(answer.status_code for answer in answers)
    if worst == 200:
        assert sum(answer.json()["total"] for answer in answers) >= kept
    return worst


@contextmanager
def mounted(folder: Path) -> Generator[None]:
    """A small disk in memory at a folder."""
    folder.mkdir(parents=True)
    command = ("mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0700", "tmpfs", str(folder))
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.skip(f"no disk can be mounted here, the test with a limit stands in: {getattr(fault, 'stderr', fault)}")
    try:
        yield
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=True)
