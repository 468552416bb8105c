"""JSONL: one message a line, with `session`, `peer`, `content` and, if known, `created_at` and `metadata`.

`session_id` and `peer_id`, which the service itself uses, mean the same as `session` and `peer`.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from app.importers.limits import (
    RuleBroken,
    checked_content,
    checked_metadata,
    checked_time,
    required_name,
)
from app.importers.lines import json_lines
from app.importers.turns import Entry, Note, Problem, Turn

KEYS = frozenset({"session", "session_id", "peer", "peer_id", "content", "created_at", "metadata"})


def read_jsonl(file: BinaryIO) -> Iterator[Entry]:
    """The turns of a JSONL file in the order of its lines; keys that mean nothing here are noted and left out."""
    for line in json_lines(file):
        if isinstance(line.value, str):
            yield Problem(line.number, line.value)
            continue
        try:
            yield _turn(line.number, line.value)
        except RuleBroken as broken:
            yield Problem(line.number, str(broken))
            continue
        for key in sorted(line.value.keys() - KEYS):
            yield Note(line.number, f"left out the key {key!r}, which a line does not have")


def _turn(number: int, value: Mapping[str, object]) -> Turn:
    return Turn(
        number=number,
        session=required_name(_either(value, "session", "session_id"), "session"),
        peer=required_name(_either(value, "peer", "peer_id"), "peer"),
        content=checked_content(value.get("content")),
        created_at=checked_time(value.get("created_at")),
        metadata=checked_metadata(value.get("metadata")),
    )


def _either(value: Mapping[str, object], short: str, long: str) -> object:
    first, second = value.get(short), value.get(long)
    if first is not None and second is not None and first != second:
        raise RuleBroken(f"{short}: must equal {long} when both are given")
    return second if first is None else first
