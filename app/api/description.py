"""The API's description: OpenAPI for programs, and a page for people that needs nothing from the network."""

import re
from importlib.resources import files
from typing import cast

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin

from app.api.wire.queries import HttpRequest

Json = dict[str, object]

_GENERIC = re.compile(r"(\w+)_(?:\w+\.)+(\w+)_")
_REFERENCE = re.compile(r'("#/components/schemas/)([^"]+)"')

_PROBLEMS: Json = {
    "ValidationError": {
        "type": "object",
        "description": "One thing that is wrong with a request.",
        "properties": {
            "loc": {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "integer"}]}},
            "msg": {"type": "string"},
            "type": {"type": "string"},
            "input": {},
            "ctx": {"type": "object"},
        },
        "required": ["loc", "msg", "type"],
    },
    "HTTPValidationError": {
        "type": "object",
        "description": "What a request gets whose body or query breaks rules.",
        "properties": {"detail": {"type": "array", "items": {"$ref": "#/components/schemas/ValidationError"}}},
    },
}


class _Page(OpenAPIRenderPlugin):
    """The page for people."""

    def render(self, request: HttpRequest, openapi_schema: Json) -> bytes:
        """The page; it fetches the description itself."""
        return page()


class _Document(OpenAPIRenderPlugin):
    """The description for programs."""

    def render(self, request: HttpRequest, openapi_schema: Json) -> bytes:
        """The finished description as JSON."""
        return msgspec.json.encode(finished(openapi_schema))


def configuration(version: str) -> OpenAPIConfig:
    """What Litestar needs to describe the API; the page stands at `/docs`."""
    return OpenAPIConfig(
        title="Doxa",
        version=version,
        description="What peers hold about one another, with proof.",
        path="/docs",
        use_handler_docstrings=True,
        render_plugins=[
            _Page(path="/", media_type=MediaType.HTML),
            _Document(path="/openapi.json", media_type=MediaType.JSON),
        ],
    )


class DescriptionController(Controller):
    """The description at the addresses that clients know."""

    include_in_schema = False

    @get("/openapi.json", media_type=MediaType.JSON)
    async def document(self, request: HttpRequest) -> Response[bytes]:
        """The OpenAPI document."""
        document = cast("Json", request.app.openapi_schema.to_schema())
        return Response(msgspec.json.encode(finished(document)), media_type=MediaType.JSON)

    @get("/redoc", media_type=MediaType.HTML)
    async def redoc(self) -> Response[bytes]:
        """The same page as `/docs`."""
        return Response(page(), media_type=MediaType.HTML)


def page() -> bytes:
    """The page for people, in HTML."""
    return files("app.api").joinpath("description.html").read_bytes()


def finished(document: Json) -> Json:
    """Say what Litestar cannot know: how problems are answered, which bodies may be missing, what is kept unasked."""
    text = _REFERENCE.sub(lambda match: f'{match[1]}{_short(match[2])}"', msgspec.json.encode(document).decode())
    whole = cast("Json", msgspec.json.decode(text))
    components = _object(whole, "components")
    schemas = {_short(name): schema for name, schema in _object(components, "schemas").items()}
    for schema in schemas.values():
        _open(cast("Json", schema))
    components["schemas"] = {**schemas, **_PROBLEMS}
    for operations in _object(whole, "paths").values():
        for operation in cast("Json", operations).values():
            if isinstance(operation, dict):
                _finish(cast("Json", operation))
    return whole


def _finish(operation: Json) -> None:
    responses = _object(operation, "responses")
    if responses.pop("400", None) is not None:
        problems: Json = {"$ref": "#/components/schemas/HTTPValidationError"}
        responses["422"] = {
            "description": "The body or the query breaks rules",
            "content": {"application/json": {"schema": problems}},
        }
    body = cast("Json | None", operation.get("requestBody"))
    if body is not None and '"null"' in msgspec.json.encode(body["content"]).decode():
        body["required"] = False


def _open(schema: Json) -> None:
    properties = cast("Json", schema.get("properties") or {})
    if properties.pop("others", None) is not None:
        schema["additionalProperties"] = True


def _short(name: str) -> str:
    match = _GENERIC.fullmatch(name)
    return f"{match[1]}_{match[2]}_" if match else name


def _object(of: Json, key: str) -> Json:
    return cast("Json", of.setdefault(key, {}))
