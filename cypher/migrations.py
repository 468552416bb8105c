"""The ordered, idempotent migrations under `schema/`, and the statements that are not numbered."""

import hashlib
import re
from functools import cache
from importlib.resources import files

from msgspec import Struct

from cypher.loader import CypherFileFault

_NUMBERED = re.compile(r"(\d{4})_(\w+)\.cypher")
_STATEMENT_END = re.compile(r";\s*$", re.MULTILINE)


class Migration(Struct, frozen=True):
    """One step of the schema.

    Attributes:
        version: its number, from the file's name; versions run from 0 without gaps.
        checksum: SHA-256 of the statements, in hex; comments do not count.
        statements: what to run, in order, each in a transaction of its own.
    """

    version: int
    name: str
    checksum: str
    statements: tuple[str, ...]


@cache
def migrations() -> tuple[Migration, ...]:
    """All migrations in order.

    Raises:
        CypherFileFault: the numbers have a gap or a repeat.
    """
    found: list[Migration] = []
    for entry in files("cypher").joinpath("schema").iterdir():
        match = _NUMBERED.fullmatch(entry.name)
        if match is not None:
            source = entry.read_text(encoding="utf-8")
            code = statements(source)
            checksum = hashlib.sha256("\0".join(code).encode()).hexdigest()
            found.append(Migration(int(match[1]), match[2], checksum, code))
    found.sort(key=lambda migration: migration.version)
    if [migration.version for migration in found] != list(range(len(found))):
        raise CypherFileFault("schema: migrations must be numbered 0000, 0001, ... without gaps")
    return tuple(found)


def schema_statement(name: str) -> str:
    """The single statement of the unnumbered file `schema/<name>.cypher`."""
    (statement,) = statements(files("cypher").joinpath(f"schema/{name}.cypher").read_text(encoding="utf-8"))
    return statement


def statements(source: str) -> tuple[str, ...]:
    """Split a schema file at semicolons that end a line; comment lines go."""
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("//"))
    return tuple(part.strip() for part in _STATEMENT_END.split(code) if part.strip())
