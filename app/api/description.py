"""The API's description: OpenAPI for programs, and a page for people that needs nothing from the network."""

from importlib.resources import files
from typing import cast

import msgspec
from litestar import Controller, MediaType, Response, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import OpenAPIRenderPlugin

from app.api.describing import Json, finished
from app.api.wire.queries import HttpRequest

#: Where the page for people stands.
PAGES = ("/docs", "/redoc")


class _Page(OpenAPIRenderPlugin):
    """The page for people."""

    def render(self, request: HttpRequest, openapi_schema: Json) -> bytes:
        """The page; it fetches the description itself."""
        return page()


class _Document(OpenAPIRenderPlugin):
    """The description for programs."""

    def render(self, request: HttpRequest, openapi_schema: Json) -> bytes:
        """The finished description as JSON."""
        return msgspec.json.encode(finished(openapi_schema, request.app.routes))


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
        return Response(msgspec.json.encode(finished(document, request.app.routes)), media_type=MediaType.JSON)

    @get("/redoc", media_type=MediaType.HTML)
    async def redoc(self) -> Response[bytes]:
        """The same page as `/docs`."""
        return Response(page(), media_type=MediaType.HTML)


def page() -> bytes:
    """The page for people, in HTML."""
    return files("app.api").joinpath("description.html").read_bytes()
