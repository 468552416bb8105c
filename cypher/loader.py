"""Reads `.cypher` files: a header in comment lines, then one statement.

A query file looks like this::

    // Finds one peer by name.
    // access: read
    // returns: maybe
    // scope: workspace
    // parameters: workspace_id, peer_id
    MATCH (p:Peer {workspace_id: $workspace_id, id: $peer_id})
    RETURN p.id AS id

`access` is `read` or `write`; `returns` is `one`, `maybe`, `many` or `none` rows; `scope` is `workspace` (the statement
must use `$workspace_id`) or `global`. A statement that takes a compiled filter holds the slot `{{where}}` once and says
`slots: where`.
"""

import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import dropwhile
from typing import Literal, LiteralString, cast

import msgspec
from msgspec import Struct

Access = Literal["read", "write"]
Returns = Literal["one", "maybe", "many", "none"]
Scope = Literal["workspace", "global"]

SLOT = "{{where}}"
_KEYS = ("access", "returns", "scope", "parameters", "slots")
_HEADER_LINE = re.compile(r"//\s?(.*)")
_KEY_LINE = re.compile(rf"({'|'.join(_KEYS)}):\s*(.*)")
_USED_PARAMETER = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_COMMENT_OR_STRING = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)


class CypherFileFault(Exception):
    """A query file breaks a rule; the message starts with its name."""


class CypherFile(Struct, frozen=True):
    """One query as read from its file.

    Attributes:
        name: path below the package without the ending, such as `peers/get`.
        purpose: what it does, in one sentence.
        text: the statement; typed as literal because it comes from the package alone, never from a caller.
    """

    name: str
    purpose: str
    access: Access
    returns: Returns
    scope: Scope
    parameters: tuple[str, ...]
    where_slot: bool
    text: LiteralString


class _Header(Struct, frozen=True):
    access: Access
    returns: Returns
    scope: Scope
    parameters: str = ""
    slots: Literal["", "where"] = ""


@cache
def load(name: str) -> CypherFile:
    """Read the query `name`, such as `peers/get`.

    Raises:
        CypherFileFault: the file is missing or breaks a rule.
    """
    source = files("cypher").joinpath(f"{name}.cypher")
    if not source.is_file():
        raise CypherFileFault(f"{name}: there is no such query file")
    return parse(name, source.read_text(encoding="utf-8"))


def parse(name: str, source: str) -> CypherFile:
    """Take a query file apart and check it.

    Raises:
        CypherFileFault: the header is incomplete, or the declared and the used parameters differ.
    """
    purpose: list[str] = []
    keys: dict[str, str] = {}
    lines = source.splitlines()
    body = list(dropwhile(_HEADER_LINE.match, lines))
    for line in lines[: len(lines) - len(body)]:
        comment = cast("re.Match[str]", _HEADER_LINE.match(line))
        key = _KEY_LINE.fullmatch(comment[1].strip())
        if key is None:
            purpose.append(comment[1].strip())
        else:
            keys[key[1]] = key[2].strip()
    try:
        header = msgspec.convert(keys, _Header)
    except msgspec.ValidationError as fault:
        raise CypherFileFault(f"{name}: header: {fault}") from fault
    text = "\n".join(body).strip().removesuffix(";")
    file = CypherFile(
        name=name,
        purpose=" ".join(purpose).strip(),
        access=header.access,
        returns=header.returns,
        scope=header.scope,
        parameters=tuple(part.strip() for part in header.parameters.split(",") if part.strip()),
        where_slot=header.slots == "where",
        text=cast("LiteralString", text),
    )
    _check(file)
    return file


def names(folder: Traversable | None = None, prefix: str = "") -> list[str]:
    """List all query files, sorted; `schema/` and `browser/` hold other things and are left out."""
    found: list[str] = []
    for entry in (folder or files("cypher")).iterdir():
        if entry.is_dir() and not (prefix == "" and entry.name in {"schema", "browser", "__pycache__"}):
            found += names(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".cypher"):
            found.append(prefix + entry.name.removesuffix(".cypher"))
    return sorted(found)


def used_parameters(text: str) -> set[str]:
    """List the `$names` in a statement, comments and strings left aside."""
    return set(_USED_PARAMETER.findall(_COMMENT_OR_STRING.sub(" ", text)))


def _check(file: CypherFile) -> None:
    if not file.purpose:
        raise CypherFileFault(f"{file.name}: the header says no purpose")
    used, declared = used_parameters(file.text), set(file.parameters)
    if used != declared:
        unused, undeclared = sorted(declared - used), sorted(used - declared)
        raise CypherFileFault(f"{file.name}: declared but unused: {unused}; used but undeclared: {undeclared}")
    if file.scope == "workspace" and "workspace_id" not in declared:
        raise CypherFileFault(f"{file.name}: a workspace query must use $workspace_id")
    if (file.text.count(SLOT) == 1) != file.where_slot:
        raise CypherFileFault(f"{file.name}: the slot {SLOT} and `slots: where` go together, once")
