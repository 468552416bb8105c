"""Structured answers: the schema an endpoint is asked to follow, and the value found in what the model wrote."""

import json
import re
from collections.abc import Callable, Iterator
from typing import TypeVar, cast

import msgspec

T = TypeVar("T", bound=msgspec.Struct)
V = TypeVar("V")

MAX_STARTS = 64
"""Opening braces of a text that are tried as the start of the answer."""

_THOUGHTS = re.compile(r"\A\s*(?:<think(?:ing)?>.*?</think(?:ing)?>\s*)+", re.DOTALL | re.IGNORECASE)
_UNFINISHED = re.compile(r"\A\s*<think(?:ing)?>", re.IGNORECASE)
_THOUGHTS_END = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_DECODER = json.JSONDecoder()


class NotStructured(ValueError):
    """A text holds no value of the type asked for; the message says what is wrong, for a model to read."""


INCOMPLETE = "there is no complete JSON object in it"

#: What msgspec says of a value of the wrong type: names of types, and of fields that we asked for.
_MISTYPED = re.compile(
    r"(?:JSON is malformed|Input data was truncated|Object missing required field `\w+`"
    r"|Expected `[\w |]+`(?:, got `[\w |]+`)?)"
)


def shown(fault: Exception) -> str:
    """What may be shown, and logged, of why an answer cannot be read: nothing that the answer itself says."""
    words = str(fault)
    found = _MISTYPED.match(words)
    return words if words == INCOMPLETE else found[0] if found else "it does not follow the schema"


def schema_of(kind: type[msgspec.Struct]) -> dict[str, object]:
    """JSON Schema of a Struct in the strict form: every field required, no others allowed, no defaults.

    The root is the object itself, not a reference, as endpoints demand; nested Structs stand under `$defs`.
    """
    (root,), definitions = msgspec.json.schema_components((kind,), ref_template="#/$defs/{name}")
    own = str(root["$ref"]).rpartition("/")[2]
    strict = {name: _strict(definition) for name, definition in definitions.items()}
    schema = cast("dict[str, object]", strict.pop(own))
    if strict:
        schema["$defs"] = strict
    return schema


def _strict(node: object) -> object:
    if isinstance(node, list):
        return [_strict(one) for one in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    found = cast("dict[str, object]", node)
    made = {key: _strict(value) for key, value in found.items() if key not in {"default", "properties"}}
    if "properties" in found:
        properties = cast("dict[str, object]", found["properties"])
        made["properties"] = {name: _strict(value) for name, value in properties.items()}
        made["required"] = list(properties)
        made["additionalProperties"] = False
    return made


def parse(text: str, kind: type[T]) -> T:
    """Find a value of `kind` in what a model wrote.

    `<think>` blocks are dropped; a code fence or words around the JSON object do not matter.

    Raises:
        NotStructured: there is none.
    """
    return find(text, lambda candidate: msgspec.json.decode(candidate, type=kind))


def find(text: str, read: Callable[[str], V]) -> V:
    """The first JSON object in what a model wrote that can be read.

    Args:
        text: the model's words, as for `parse`.
        read: makes a value of the object's text, or raises `NotStructured` or `msgspec.DecodeError`.

    Raises:
        NotStructured: there is none; the message says what is wrong with the first.
    """
    reason = ""
    for candidate in _candidates(text):
        try:
            return read(candidate)
        except (msgspec.DecodeError, RecursionError, NotStructured) as fault:
            reason = reason or str(fault)
    raise NotStructured(reason or INCOMPLETE)


def _candidates(text: str) -> Iterator[str]:
    text = _THOUGHTS.sub("", text, count=1)
    if _UNFINISHED.match(text):
        return
    # Some chat templates open the block themselves, so only its end is in the text. A draft among the thoughts must
    # not pass for the answer; an answer may quote the marker, and then reaches across it.
    ended = max((found.end() for found in _THOUGHTS_END.finditer(text)), default=0)
    for start, end in _objects(text, ended):
        yield text[start:end]
    if ended:
        for start, end in _objects(text, 0):
            if start < ended < end:
                yield text[start:end]


def _objects(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where the JSON objects of a text begin and end, outermost ones only, in order."""
    start = text.find("{", start)
    for _ in range(MAX_STARTS):
        if start < 0:
            return
        try:
            _, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield start, end
        start = text.find("{", end)
