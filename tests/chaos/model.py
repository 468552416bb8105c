"""The scripted language model: it draws one known conclusion from each message, and nothing else."""

import time
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct

from tests.chaos.schedule import concluded
from tests.models.scripted import Call, Reply, Say

#: So that kills hit calls under way.
SECONDS = 0.03
#: Where words are wanted, none would be a failure.
SAID = "They talked."

_EMPTY: Mapping[str, object] = {
    "array": (), "string": "", "boolean": False, "integer": 0, "number": 0.0, "null": None
}  # fmt: skip


class _Said(Struct):
    id: str
    author: str = msgspec.field(name="from")
    new: bool
    text: str


class _Material(Struct):
    subject: str
    messages: list[_Said]


def conclude(call: Call) -> Reply:
    """Answer a call: conclusions where messages are given, else the least that the schema allows, with some words."""
    time.sleep(SECONDS)
    schema = _schema(call)
    if "propositions" not in _mapping(schema.get("properties")):
        least = _mapping(_least(schema, schema)) if schema else None
        return Say(SAID if least is None else {name: SAID if value == "" else value for name, value in least.items()})
    material = msgspec.json.decode(call.messages[-1][1], type=_Material)
    claim = _claim(schema)
    return Say({"propositions": [
        {**claim, "text": concluded(said.author, said.text), "messages": [said.id], "quote": said.text, "about": None}
        for said in material.messages
        if said.new and said.author == material.subject
    ]})  # fmt: skip


def _schema(call: Call) -> Mapping[str, object]:
    asked = _mapping(call.body.get("response_format"))
    return _mapping(_mapping(asked.get("json_schema")).get("schema"))


def _claim(root: Mapping[str, object]) -> Mapping[str, object]:
    """What a claim must hold beside what is known of it here."""
    items = _mapping(_mapping(_mapping(root.get("properties"))["propositions"]).get("items"))
    found = _least(items, root)
    return _mapping(found)


def _least(schema: Mapping[str, object], root: Mapping[str, object]) -> object:
    """The emptiest value that a schema allows."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[1]
        return _least(_mapping(_mapping(root.get("$defs"))[name]), root)
    if "anyOf" in schema:
        forms = [_mapping(form) for form in _sequence(schema["anyOf"])]
        return None if any(form.get("type") == "null" for form in forms) else _least(forms[0], root)
    if "enum" in schema:
        return _sequence(schema["enum"])[0]
    named = schema.get("type")
    kinds = [named] if isinstance(named, str) else [str(kind) for kind in _sequence(named)]
    kind = "null" if "null" in kinds else kinds[0]
    if kind == "object":
        return {name: _least(_mapping(form), root) for name, form in _mapping(schema.get("properties")).items()}
    return _EMPTY[kind]


def _mapping(value: object) -> dict[str, object]:
    return msgspec.convert(value or {}, dict[str, object])


def _sequence(value: object) -> Sequence[object]:
    return msgspec.convert(value, list[object])
