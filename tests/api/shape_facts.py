"""Takes an OpenAPI document apart into single facts: this field is there, has this type, this limit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

Json = Mapping[str, object]

LIMITS = ("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "format", "default")
#: Deeper fields than these belong to objects that repeat themselves.
DEEPEST = 12


def facts(document: Json) -> Iterator[str]:
    """One line for each fact about each operation of the document."""
    for path, operations in _object(document, "paths").items():
        for verb, operation in cast("Json", operations).items():
            if isinstance(operation, Mapping):
                place = f"{verb.upper()} {path}"
                for fact in _operation(document, cast("Json", operation)):
                    yield f"{place} {fact}"


def _operation(document: Json, operation: Json) -> Iterator[str]:
    yield "is served"
    for parameter in cast("Sequence[Json]", operation.get("parameters", ())):
        name = f"{parameter['in']}.{parameter['name']}"
        if parameter.get("required"):
            yield f"{name} is required"
        yield from _schema(document, cast("Json", parameter["schema"]), name, 0)
    body = operation.get("requestBody")
    if body is not None:
        yield from _content(document, cast("Json", body), "body")
    for status, response in _object(operation, "responses").items():
        yield f"answers {status}"
        yield from _content(document, cast("Json", response), status)


def _content(document: Json, holder: Json, place: str) -> Iterator[str]:
    for kind, content in _object(holder, "content").items():
        yield f"{place} as {kind}"
        schema = cast("Json", content).get("schema")
        if schema is not None:
            yield from _schema(document, cast("Json", schema), place, 0)


def _schema(document: Json, schema: Json, place: str, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        schema = cast("Json", _object(_object(document, "components") or document, "schemas")[name])
    for choice in cast("Sequence[Json]", schema.get("anyOf") or schema.get("oneOf") or ()):
        yield from _schema(document, choice, place, depth + 1)
    yield from _value(schema, place)
    for name, field in _object(schema, "properties").items():
        if name in cast("Sequence[str]", schema.get("required", ())):
            yield f"{place}.{name} is required"
        yield f"{place}.{name} is there"
        yield from _schema(document, cast("Json", field), f"{place}.{name}", depth + 1)
    items, others = schema.get("items"), schema.get("additionalProperties")
    if isinstance(items, Mapping):
        yield from _schema(document, cast("Json", items), f"{place}[]", depth + 1)
    if isinstance(others, Mapping):
        yield from _schema(document, cast("Json", others), f"{place}.*", depth + 1)


def _value(schema: Json, place: str) -> Iterator[str]:
    kind = schema.get("type")
    for one in cast("Sequence[str]", kind if isinstance(kind, list) else [kind] if kind else []):
        yield f"{place} type {one}"
    for limit in LIMITS:
        if limit in schema and schema[limit] is not None:
            yield f"{place} {limit} {_number(schema[limit])}"
    choices = cast("Sequence[object]", schema.get("enum") or ([schema["const"]] if "const" in schema else ()))
    for choice in choices:
        yield f"{place} may be {choice}"


def _number(value: object) -> object:
    whole = isinstance(value, float) and value.is_integer()
    return int(cast("float", value)) if whole else value


def _object(of: Json, key: str) -> Json:
    return cast("Json", of.get(key) or {})
