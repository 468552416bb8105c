"""What the machine must have before anything is started: disk and memory."""

from pathlib import Path

import psutil

from app.engine.errors import MachineFault

DISK_BYTES = 1_000_000_000
"""Free space that a home needs."""
MEMORY_BYTES = 1_200_000_000
"""Memory that must be available: what an idle engine takes, and a little."""

_CGROUP = Path("/sys/fs/cgroup")


def free_disk(path: Path) -> int:
    """Free bytes on the disk of a path that may not exist yet."""
    while not path.exists():
        path = path.parent
    return psutil.disk_usage(str(path)).free


def free_memory() -> int:
    """Available bytes of memory, within the limit of a container if there is one."""
    available = psutil.virtual_memory().available
    try:
        limit = (_CGROUP / "memory.max").read_text().strip()
        used = int((_CGROUP / "memory.current").read_text())
        # What was read from files counts as used although it can be dropped at any time.
        pairs = (line.split() for line in (_CGROUP / "memory.stat").read_text().splitlines())
        cached = next((int(value) for name, value in pairs if name == "inactive_file"), 0)
    except (OSError, ValueError):
        # No control group, or none that this process may read.
        return available
    return available if limit == "max" else min(available, int(limit) - used + cached)


def check_disk(path: Path, needed: int = DISK_BYTES) -> None:
    """Refuse to start where the disk is nearly full.

    Raises:
        MachineFault: fewer than `needed` bytes are free.
    """
    free = free_disk(path)
    if free < needed:
        raise MachineFault(f"only {free / 1e9:.1f} GB are free on the disk of {path}, {needed / 1e9:.1f} GB are needed")


def check_memory(needed: int = MEMORY_BYTES) -> None:
    """Refuse to start where memory is short.

    Raises:
        MachineFault: fewer than `needed` bytes are available.
    """
    free = free_memory()
    if free < needed:
        raise MachineFault(f"only {free / 1e9:.1f} GB of memory are available, {needed / 1e9:.1f} GB are needed")
