"""Completes the OpenAPI document with what Litestar cannot know: keys, failures, optional bodies, examples."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from litestar.routes import BaseRoute, HTTPRoute
from litestar.typing import FieldDefinition

from app.api.examples import EXAMPLES

if TYPE_CHECKING:
    from app.api.access import Access

Json = dict[str, object]

_GENERIC = re.compile(r"(\w+)_(?:\w+\.)+(\w+)_")
_REFERENCE = re.compile(r'("#/components/schemas/)([^"]+)"')

_REASONS: Mapping[int, str] = {
    400: "The request asks for what a limit of the deployment or of the session forbids",
    401: "The key is missing, is not valid, or does not reach so far",
    404: "What the request names does not exist",
    405: "The deployment does not offer this",
    409: "What the request names is in a state that forbids it",
    408: "The body did not come in time",
    413: "The body is too large",
    415: "The file is of a type that cannot be read",
    422: "The request breaks a rule: a sentence, or a list of problems",
    429: "The caller has asked too often; try again later",
    503: "The service, the database or the model cannot answer now; try again",
}

_PROBLEMS: Json = {
    "Error": {
        "title": "Error",
        "type": "object",
        "description": "Why a request failed, in one sentence.",
        "properties": {"detail": {"type": "string"}},
        "required": ["detail"],
    },
    "ValidationError": {
        "title": "ValidationError",
        "type": "object",
        "description": "One thing that is wrong with a request.",
        "properties": {
            "loc": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
            "msg": {"type": "string"},
            "type": {"type": "string"},
            "input": {},
            "ctx": {"type": "object"},
        },
        "required": ["loc", "msg", "type"],
    },
    "HTTPValidationError": {
        "title": "HTTPValidationError",
        "type": "object",
        "description": "What a request gets whose body or query breaks rules.",
        "properties": {
            "detail": {
                "anyOf": [
                    {"type": "array", "items": {"$ref": "#/components/schemas/ValidationError"}},
                    {"type": "string"},
                ]
            }
        },
        "required": ["detail"],
    },
}

#: One event of an answer that is streamed.
_EVENT: Json = {
    "type": "object",
    "description": "A piece of the answer, or the end of it: then `done` is true, and there is no `delta`.",
    "properties": {
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {
                "type": "object",
                "properties": {
                    "delta": {"type": "object", "properties": {"content": {"type": "string"}}},
                    "done": {"type": "boolean"},
                    "error": {"type": "string"},
                    "evidence": {"$ref": "#/components/schemas/ChatEvidence"},
                },
                "required": ["done"],
            },
        }
    },
    "required": ["data"],
}

_SECURITY: Json = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A key of the deployment, a workspace, a peer or a session; needed where keys are switched on.",
    }
}


def finished(document: Json, routes: Iterable[BaseRoute]) -> Json:
    """The document with everything in it.

    Args:
        document: what Litestar made.
        routes: the routes that are served: their handlers say whose keys they take (`access`) and how else they answer
            (`answers`).
    """
    text = _REFERENCE.sub(lambda match: f'{match[1]}{_short(match[2])}"', msgspec.json.encode(document).decode())
    whole = cast("Json", msgspec.json.decode(text.replace('"oneOf"', '"anyOf"')))
    handlers = dict(_handlers(routes))
    components = _object(whole, "components")
    schemas = _schemas(cast("Json", components["schemas"]), handlers.values())
    for name, schema in schemas.items():
        _complete(name, schema)
    components["schemas"] = {**schemas, **_PROBLEMS}
    components["securitySchemes"] = _SECURITY
    for path, operations in _object(whole, "paths").items():
        for verb, operation in cast("Json", operations).items():
            handler = handlers.get((path, verb.upper()))
            if handler is not None and isinstance(operation, dict):
                _finish(cast("Json", operation), handler)
    return whole


def _handlers(routes: Iterable[BaseRoute]) -> Iterable[tuple[tuple[str, str], HTTPRouteHandler]]:
    for route in routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for verb in handler.http_methods:
                    yield (route.path_format, verb), handler


def _schemas(known: Json, handlers: Iterable[HTTPRouteHandler]) -> dict[str, Json]:
    """The schemas of all objects: Litestar's, and what msgspec tells beside: limits of zero, defaults, descriptions."""
    schemas: dict[str, Json] = {_short(name): cast("Json", schema) for name, schema in known.items()}
    kinds = [field.annotation for handler in handlers for field in _bodies(handler)]
    _, own = msgspec.json.schema_components(
        [kind for kind in kinds if kind is not None],
        schema_hook=_anything,
        ref_template="#/components/schemas/{name}",
    )
    for name, schema in own.items():
        _fill_in(schemas.setdefault(name, {}), schema)
    return schemas


def _bodies(handler: HTTPRouteHandler) -> Iterable[FieldDefinition]:
    if handler.parsed_data_field is not None:
        yield handler.parsed_data_field
    returned = handler.parsed_return_field
    answers = returned.inner_types if returned.is_subclass_of(Response) else (returned,)
    yield from (answer for answer in answers if not answer.is_subclass_of((Stream, bytes)))


def _anything(kind: type) -> Json:
    if kind is not object:
        # How msgspec wants to be told that a type is none of the hook's.
        raise NotImplementedError
    return {"description": "Any JSON value"}


def _fill_in(schema: Json, more: Mapping[str, object]) -> None:
    for key, value in more.items():
        mine = schema.setdefault(key, value)
        if mine is value:
            continue
        if isinstance(mine, dict) and isinstance(value, dict):
            _fill_in(cast("Json", mine), cast("Json", value))
        elif key == "anyOf" and isinstance(mine, list) and isinstance(value, list):
            for one, other in zip(cast("list[Json]", mine), cast("list[Json]", value), strict=False):
                if one.get("type") == other.get("type"):
                    _fill_in(one, other)


def _finish(operation: Json, handler: HTTPRouteHandler) -> None:
    responses = _object(operation, "responses")
    responses.pop("400", None)
    operation["summary"] = _summary(handler.handler_name)
    body = cast("Json | None", operation.get("requestBody"))
    if body is not None and '"null"' in msgspec.json.encode(body["content"]).decode():
        body["required"] = False
    for parameter in cast("list[Json]", operation.get("parameters", [])):
        parameter.pop("deprecated", None)
    access = cast("Access | None", handler.opt.get("access"))
    if access is None:
        return
    if handler.opt.get("streams"):
        content = cast("Json", cast("Json", responses["200"])["content"])
        content["text/event-stream"] = {"schema": _EVENT}
    also = cast("Sequence[int]", handler.opt.get("answers", ()))
    (success,) = [code for code in list(responses) if code.startswith("2")]
    # Nothing was made by most of what is posted.
    cast("Json", responses[success])["description"] = "Done" if success != "201" else "Made"
    for status in also:
        if status < 300:
            responses[str(status)] = {**cast("Json", responses[success]), "description": "It was there already"}
    failures = [401, 422, 429, 503, *(status for status in also if status >= 400)]
    failures += [408, 413] if body is not None else []
    for status in sorted(set(failures)):
        responses[str(status)] = _failure(status)
    operation["security"] = [{"key": []}, {}]
    operation["x-access"] = access.value


def _failure(status: int) -> Json:
    schema = "HTTPValidationError" if status == 422 else "Error"
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    failure: Json = {"description": _REASONS[status], "content": content}
    if status in {429, 503}:
        failure["headers"] = {
            "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer", "minimum": 0}}
        }
    return failure


def _complete(name: str, schema: Json) -> None:
    properties = cast("Json", schema.get("properties") or {})
    if properties.pop("others", None) is not None:
        schema["additionalProperties"] = True
    if name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]


def _summary(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _short(name: str) -> str:
    match = _GENERIC.fullmatch(name)
    return f"{match[1]}_{match[2]}_" if match else name


def _object(of: Json, key: str) -> Json:
    return cast("Json", of.setdefault(key, {}))
