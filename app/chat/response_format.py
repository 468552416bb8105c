"""The form that an answer is asked for in: which JSON schemas are taken, and what a value must be to follow one.

The schema of a request becomes a tree of `Node`s: references are resolved, and what is not supported is refused. From
the tree come the strict schema that endpoints enforce (every field required, optional ones nullable, nothing else
allowed) and the reading of what a model wrote. Limits such as `minItems` or `pattern` go to the model as hints.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, cast

import msgspec
from msgspec import Struct

from app.models.structured import NotStructured, find
from graph.errors import Invalid

MAX_DEPTH = 20
MAX_NODES = 500

Kind = Literal["string", "number", "integer", "boolean", "null", "object", "array", "union", "enum"]
Scalar = str | int | bool | None

_SIMPLE: tuple[Kind, ...] = ("string", "number", "integer", "boolean", "null")
_TYPES = frozenset({*_SIMPLE, "object", "array"})
_REFUSED = ("allOf", "not", "if", "then", "else", "patternProperties")
_DEFINITIONS = ("$defs", "definitions")
#: Words of the language that say what a value may be; all others but these are hints.
_KNOWN = frozenset(
    {"type", "properties", "required", "items", "enum", "const", "anyOf", "oneOf", "$ref", "$schema", "$id", "$comment",
     "additionalProperties", "default", "description", "title", "discriminator", "examples", *_DEFINITIONS}
)  # fmt: skip


class Node(Struct, frozen=True, kw_only=True):
    """What one value may be.

    Attributes:
        kind: which of the following counts.
        description: the schema's own words, with the hints.
        properties: of an object; empty for one that may hold anything.
        required: those of them that must be there.
        items: of an array.
        options: of a union.
        values: of an enumeration.
    """

    kind: Kind
    description: str = ""
    properties: Mapping[str, "Node"] = {}
    required: frozenset[str] = frozenset()
    items: "Node | None" = None
    options: Sequence["Node"] = ()
    values: Sequence[Scalar] = ()


class Form(Struct, frozen=True):
    """A form that answers can be asked for in; its root is an object."""

    root: Node

    @property
    def schema(self) -> dict[str, object]:
        """The strict JSON schema of the form."""
        return _strict(self.root)

    def read(self, text: str) -> str:
        """Find a value of this form in what a model wrote.

        Returns:
            its JSON; what the form does not name is left out, optional fields that are missing are null.

        Raises:
            NotStructured: there is none.
        """
        value = find(text, lambda candidate: _settle(self.root, msgspec.json.decode(candidate), "the answer"))
        return msgspec.json.encode(value).decode()


def read_form(schema: Mapping[str, object]) -> Form:
    """Take a JSON schema as the form of an answer.

    Raises:
        Invalid: it is not supported; the sentence begins with `Invalid response_format` and says where and why.
    """
    return Form(_Compiler(schema).root())


class _Compiler:
    """Turns a schema into nodes."""

    def __init__(self, schema: Mapping[str, object]) -> None:
        self._schema = schema
        self._nodes = 0
        self._definitions: dict[str, object] = {}
        self._used: set[str] = set()
        for name in _DEFINITIONS:
            held = schema.get(name, {})
            if not isinstance(held, dict):
                raise _refusal(name, "must be an object")
            for key, value in cast("dict[str, object]", held).items():
                self._definitions[f"#/{name}/{key}"] = value

    def root(self) -> Node:
        node = self._node(self._schema, "root", 1, ())
        if node.kind != "object":
            raise _refusal("root", "must be an object, or a $ref to one")
        # What no reference leads to must be sound as well: it is sent nowhere, but tells of a mistake.
        for name, definition in self._definitions.items():
            if name not in self._used:
                self._node(definition, name, 2, (name,))
        return node

    def _node(self, schema: object, place: str, depth: int, seen: tuple[str, ...]) -> Node:
        if not isinstance(schema, dict):
            raise _refusal(place, "must be an object: schemas that are true or false are not supported")
        found = cast("dict[str, object]", schema)
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise _refusal(place, f"is nested deeper than {MAX_DEPTH} levels")
        if self._nodes > MAX_NODES:
            raise _refusal(place, f"the schema has more than {MAX_NODES} nodes")
        self._check(found, place)
        if "$ref" in found:
            return self._reference(found, place, depth, seen)
        return self._plain(found, place, depth, seen)

    def _check(self, found: Mapping[str, object], place: str) -> None:
        for word in _REFUSED:
            if word in found:
                raise _refusal(place, f"{word} is not supported")
        if not isinstance(found.get("additionalProperties", True), bool):
            raise _refusal(place, "additionalProperties must be true or false")
        if found is not self._schema and any(name in found for name in _DEFINITIONS):
            raise _refusal(place, "definitions are supported at the root alone")

    def _reference(self, found: Mapping[str, object], place: str, depth: int, seen: tuple[str, ...]) -> Node:
        name = found["$ref"]
        if not isinstance(name, str) or name not in self._definitions:
            raise _refusal(place, "$ref must name one of the root's definitions")
        if name in seen:
            raise _refusal(place, f"{name} refers to itself: recursive schemas are not supported")
        self._used.add(name)
        node = self._node(self._definitions[name], place, depth, (*seen, name))
        own = _words(found)
        return msgspec.structs.replace(node, description=own) if own else node

    def _plain(self, found: Mapping[str, object], place: str, depth: int, seen: tuple[str, ...]) -> Node:
        words = _words(found)
        for word in ("anyOf", "oneOf"):
            if word in found:
                options = _listed(found[word], f"{place}.{word}")
                nodes = [
                    self._node(one, f"{place}.{word}[{index}]", depth + 1, seen) for index, one in enumerate(options)
                ]
                return Node(kind="union", description=words, options=nodes)
        if "enum" in found or "const" in found:
            values = _listed(found["enum"], f"{place}.enum") if "enum" in found else [found["const"]]
            if not all(value is None or isinstance(value, (str, int)) for value in values):
                raise _refusal(place, "enum may hold strings, integers, booleans and null alone")
            return Node(kind="enum", description=words, values=cast("list[Scalar]", values))
        kinds = found.get("type", _implied(found))
        if isinstance(kinds, list):
            names = _listed(cast("object", kinds), f"{place}.type")
            nodes = [self._of_kind(found, one, place, depth, seen) for one in names]
            return Node(kind="union", description=words, options=nodes)
        return msgspec.structs.replace(self._of_kind(found, kinds, place, depth, seen), description=words)

    def _of_kind(
        self, found: Mapping[str, object], kind: object, place: str, depth: int, seen: tuple[str, ...]
    ) -> Node:
        if not isinstance(kind, str) or kind not in _TYPES:
            raise _refusal(place, f"type must be one of {', '.join(sorted(_TYPES))}")
        if kind == "object":
            return self._object(found, place, depth, seen)
        if kind == "array":
            if "items" not in found:
                return Node(kind="array", items=_ANYTHING)
            return Node(kind="array", items=self._node(found["items"], f"{place}.items", depth + 1, seen))
        return Node(kind=cast("Kind", kind))

    def _object(self, found: Mapping[str, object], place: str, depth: int, seen: tuple[str, ...]) -> Node:
        properties, required = found.get("properties", {}), found.get("required", [])
        if not isinstance(properties, dict):
            raise _refusal(place, "properties must be an object")
        if not isinstance(required, list) or not all(isinstance(name, str) for name in cast("list[object]", required)):
            raise _refusal(place, "required must be a list of strings")
        nodes = {
            name: self._node(one, f"{place}.{name}", depth + 1, seen)
            for name, one in cast("dict[str, object]", properties).items()
        }
        return Node(kind="object", properties=nodes, required=frozenset(cast("list[str]", required)) & set(nodes))


#: What a value may be where the schema does not say.
_ANYTHING = Node(kind="union", options=[Node(kind=kind) for kind in _SIMPLE])


def _implied(found: Mapping[str, object]) -> object:
    if "properties" in found:
        return "object"
    return "array" if "items" in found else list(_SIMPLE)


def _listed(value: object, place: str) -> list[object]:
    if not isinstance(value, list) or not value:
        raise _refusal(place, "must be a list that is not empty")
    return cast("list[object]", value)


def _words(found: Mapping[str, object]) -> str:
    """The description of a value, with the hints that are no part of the strict form."""
    said = found.get("description")
    hints = {word: value for word, value in found.items() if word not in _KNOWN}
    told = [said] if isinstance(said, str) else []
    if hints:
        told.append(f"({msgspec.json.encode(hints).decode()})")
    return " ".join(told)


def _refusal(place: str, reason: str) -> Invalid:
    return Invalid(f"Invalid response_format: {place}: {reason}")


def _strict(node: Node) -> dict[str, object]:
    schema = _of_node(node)
    return {**schema, "description": node.description} if node.description else schema


def _of_node(node: Node) -> dict[str, object]:
    if node.kind == "union":
        return {"anyOf": [_strict(one) for one in node.options]}
    if node.kind == "enum":
        return {"enum": list(node.values)}
    if node.kind == "array":
        return {"type": "array", "items": _strict(node.items or _ANYTHING)}
    if node.kind != "object":
        return {"type": node.kind}
    properties = {
        name: _strict(one) if name in node.required or _nullable(one) else {"anyOf": [_strict(one), {"type": "null"}]}
        for name, one in node.properties.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": not properties,
    }


def _nullable(node: Node) -> bool:
    if node.kind == "union":
        return any(_nullable(one) for one in node.options)
    return node.kind == "null" or (node.kind == "enum" and None in node.values)


def _settle(node: Node, value: object, place: str) -> object:
    """The value as the node wants it.

    Raises:
        NotStructured: it is not what the node says; the message says where, for a model to read.
    """
    if node.kind == "union":
        for option in node.options:
            try:
                return _settle(option, value, place)
            except NotStructured:
                continue
        raise NotStructured(f"{place} is none of what it may be")
    if node.kind == "enum":
        if not any(type(one) is type(value) and one == value for one in node.values):
            raise NotStructured(f"{place} must be one of {msgspec.json.encode(list(node.values)).decode()}")
        return value
    if node.kind == "object":
        return _settle_object(node, value, place)
    if node.kind == "array":
        if not isinstance(value, list):
            raise NotStructured(f"{place} must be an array")
        items = cast("list[object]", value)
        return [_settle(node.items or _ANYTHING, one, f"{place}[{index}]") for index, one in enumerate(items)]
    return _simple(node.kind, value, place)


def _settle_object(node: Node, value: object, place: str) -> object:
    if not isinstance(value, dict):
        raise NotStructured(f"{place} must be an object")
    given = cast("dict[str, object]", value)
    if not node.properties:
        return given
    settled: dict[str, object] = {}
    for name, one in node.properties.items():
        held = given.get(name)
        if held is None and name not in node.required:
            settled[name] = None
        elif name not in given:
            raise NotStructured(f"{place} lacks {name}")
        else:
            settled[name] = _settle(one, held, f"{place}.{name}")
    return settled


def _simple(kind: Kind, value: object, place: str) -> object:
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if kind == "integer" and number and value == int(cast("float", value)):
        return int(cast("float", value))
    fits = {
        "string": isinstance(value, str),
        "number": number,
        "boolean": isinstance(value, bool),
        "null": value is None,
    }
    if not fits.get(kind, False):
        raise NotStructured(f"{place} must be of the type {kind}")
    return value
