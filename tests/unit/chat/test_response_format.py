"""Which forms of an answer are taken, which are refused and why, and what is read from a model's words."""

import json

import pytest

from app.chat.response_format import MAX_DEPTH, MAX_NODES, read_form
from app.models.structured import NotStructured
from graph.errors import Invalid

Schema = dict[str, object]
NONE: Schema = {}


def wrap(schema: object, **root: object) -> Schema:
    return {"type": "object", "properties": {"x": schema}, "required": ["x"], **root}


def nested(levels: int) -> Schema:
    schema: Schema = {"type": "string"}
    for _ in range(levels - 1):
        schema = {"type": "object", "properties": {"k": schema}}
    return schema


TAKEN: list[tuple[str, Schema, object]] = [
    ("simple types", wrap({"type": "string"}), {"type": "string"}),
    ("constraints as hints", wrap({"type": "string", "pattern": "^a"}),
     {"type": "string", "description": '({"pattern":"^a"})'}),
    ("a description", wrap({"type": "integer", "description": "Age"}), {"type": "integer", "description": "Age"}),
    ("a title and a default", wrap({"type": "boolean", "title": "T", "default": False}), {"type": "boolean"}),
    ("a list of types", wrap({"type": ["string", "null"]}), {"anyOf": [{"type": "string"}, {"type": "null"}]}),
    ("a union", wrap({"oneOf": [{"type": "number"}, {"type": "null"}]}),
     {"anyOf": [{"type": "number"}, {"type": "null"}]}),
    ("an enumeration", wrap({"enum": ["a", 1, True, None]}), {"enum": ["a", 1, True, None]}),
    ("a constant", wrap({"const": "a"}), {"enum": ["a"]}),
    ("an array", wrap({"type": "array", "items": {"type": "string"}}), {"type": "array", "items": {"type": "string"}}),
    ("a reference", wrap({"$ref": "#/$defs/A"}, **{"$defs": {"A": {"type": "string"}}}), {"type": "string"}),
    ("an older reference", wrap({"$ref": "#/definitions/A"}, definitions={"A": {"type": "null"}}), {"type": "null"}),
    ("open and closed objects", wrap({"type": "string"}, additionalProperties=False), {"type": "string"}),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "strict"), [case[1:] for case in TAKEN], ids=[case[0] for case in TAKEN])
def test_what_is_supported_becomes_a_strict_schema(schema: Schema, strict: object) -> None:
    assert read_form(schema).schema == {
        "type": "object",
        "properties": {"x": strict},
        "required": ["x"],
        "additionalProperties": False,
    }


REFUSED: list[tuple[str, Schema, str]] = [
    ("a root that is no object", {"type": "string"}, "root: must be an object"),
    ("a root that is a union", {"anyOf": [{"type": "object"}]}, "root: must be an object"),
    ("allOf", wrap({"allOf": []}), "root.x: allOf is not supported"),
    ("not", wrap({"not": {}}), "root.x: not is not supported"),
    ("if", wrap({"if": {}, "then": {}}), "root.x: if is not supported"),
    ("patternProperties", wrap({"type": "string"}, patternProperties={}), "root: patternProperties is not supported"),
    ("a schema for what is additional", wrap({"type": "object", "additionalProperties": {"type": "string"}}),
     "root.x: additionalProperties must be true or false"),
    ("a schema that is true", wrap(True), "root.x: must be an object"),
    ("an array of anything", wrap({"type": "array", "items": True}), "root.x.items: must be an object"),
    ("an unknown type", wrap({"type": "date"}), "root.x: type must be one of"),
    ("a float in an enumeration", wrap({"enum": [1.5]}), "root.x: enum may hold"),
    ("an empty enumeration", wrap({"enum": []}), "root.x.enum: must be a list"),
    ("a foreign reference", wrap({"$ref": "https://example.org/a"}), "root.x: $ref must name"),
    ("a reference to nothing", wrap({"$ref": "#/$defs/B"}, **{"$defs": NONE}), "root.x: $ref must name"),
    ("a recursive reference", wrap({"$ref": "#/$defs/A"}, **{"$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A"}]}}}),
     "refers to itself"),
    ("definitions below the root", wrap({"type": "object", "$defs": {}}), "root.x: definitions are supported"),
    ("an unsound definition", wrap({"type": "string"}, **{"$defs": {"A": {"not": NONE}}}), "not is not supported"),
    ("properties that are no object", {"type": "object", "properties": []}, "root: properties must be an object"),
    ("required that is no list", {"type": "object", "required": "x"}, "root: required must be a list"),
    ("too deep", nested(MAX_DEPTH + 1), "is nested deeper than 20 levels"),
    ("too large", {"type": "object", "properties": {str(n): {"type": "null"} for n in range(MAX_NODES)}},
     "more than 500 nodes"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_is_not_supported_is_refused_with_its_place(schema: Schema, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_form(schema)
    assert refused.value.detail.startswith("Invalid response_format: ")
    assert reason in refused.value.detail


def test_the_limits_themselves_are_taken() -> None:
    read_form(nested(MAX_DEPTH))
    read_form({"type": "object", "properties": {str(n): {"type": "null"} for n in range(MAX_NODES - 1)}})
    bomb: Schema = {"D0": {"type": "string"}}
    for level in range(1, 12):
        pair = {"$ref": f"#/$defs/D{level - 1}"}
        bomb[f"D{level}"] = {"type": "object", "properties": {"a": pair, "b": pair}}
    with pytest.raises(Invalid, match="nodes"):
        read_form(wrap({"$ref": "#/$defs/D11"}, **{"$defs": bomb}))


PERSON: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "mood": {"enum": ["good", "bad", None]},
        "pets": {"type": "array", "items": {"type": "object", "properties": {"kind": {"type": "string"}}}},
        "score": {"anyOf": [{"type": "number"}, {"type": "string"}]},
    },
    "required": ["name"],
}


def test_optional_fields_that_are_missing_come_back_null_and_others_are_left_out() -> None:
    read = read_form(PERSON).read('Here: ```json\n{"name": "Ana", "age": 3.0, "pets": [{}], "more": 1}\n```')
    assert json.loads(read) == {"name": "Ana", "age": 3, "mood": None, "pets": [{"kind": None}], "score": None}
    assert read_form(PERSON).schema["required"] == ["name", "age", "mood", "pets", "score"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I do not know", "no complete JSON object"),
        ('{"age": 3}', "lacks name"),
        ('{"name": null}', "answer.name must be of the type string"),
        ('{"name": "a", "age": true}', "answer.age must be of the type integer"),
        ('{"name": "a", "age": 1.5}', "answer.age must be of the type integer"),
        ('{"name": "a", "mood": "so so"}', "answer.mood must be one of"),
        ('{"name": "a", "pets": {}}', "answer.pets must be an array"),
        ('{"name": "a", "pets": [1]}', r"answer.pets\[0\] must be an object"),
        ('{"name": "a", "score": []}', "answer.score is none of what it may be"),
    ],
)
def test_what_does_not_follow_the_form_is_not_taken_for_an_answer(text: str, reason: str) -> None:
    with pytest.raises(NotStructured, match=reason):
        read_form(PERSON).read(text)
