"""Decodes JSON bodies for every handler that takes `data`, by our reader instead of Litestar's."""

# Litestar's connection does not say of what type its handler is.
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Generator
from typing import TYPE_CHECKING, ClassVar, cast

import msgspec
from litestar.dto import AbstractDTO, DTOFieldDefinition
from litestar.typing import FieldDefinition
from msgspec import Struct

from app.api.wire.problems import Problem, RequestInvalid
from app.api.wire.reading import Reader, read, reader_of

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.handlers import BaseRouteHandler
    from litestar.openapi.spec import Reference, Schema

MISSING = Problem(type="missing", loc=("body",), msg="Field required", input=None)


class _Body(Struct, frozen=True):
    read: Reader
    optional: bool


class JsonBody(AbstractDTO[object]):
    """Reads a request's body into the annotated type of the handler's `data`.

    A body that may be missing is annotated `... | None = None`; then no body and `null` are accepted too.
    """

    _bodies: ClassVar[dict[str, _Body]] = {}

    def decode_bytes(self, value: bytes) -> object:
        """Read a body that is not empty.

        Raises:
            RequestInvalid: it is not JSON or breaks rules.
        """
        body = self._bodies[_handler_id(self)]
        sent = decode(value)
        if sent is None and not body.optional:
            raise RequestInvalid([MISSING])
        return read(body.read, sent, ("body",))

    def decode_builtins(self, value: dict[str, object]) -> object:
        """Read the parts of a form.

        Raises:
            RequestInvalid: they break rules.
        """
        return read(self._bodies[_handler_id(self)].read, value, ("body",))

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: object = None
    ) -> None:
        """Make the reader for a handler's `data`; what handlers return needs none."""
        if field_definition.name == "data":
            cls._bodies[handler_id] = _Body(reader_of(field_definition.annotation), field_definition.is_optional)

    @classmethod
    def create_openapi_schema(
        cls, field_definition: FieldDefinition, handler_id: str, schema_creator: "SchemaCreator"
    ) -> "Reference | Schema":
        """Describe the body by its annotation."""
        return schema_creator.for_field_definition(field_definition)

    @classmethod
    def generate_field_definitions(cls, model_type: type[object]) -> Generator[DTOFieldDefinition, None, None]:
        """None: the fields are read by our reader."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """No field is a model to Litestar."""
        return False


def _handler_id(body: JsonBody) -> str:
    return cast("BaseRouteHandler", body.asgi_connection.route_handler).handler_id


def decode(body: bytes) -> object:
    """Decode JSON.

    Raises:
        RequestInvalid: it is malformed; the problem's place holds the offset.
    """
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as fault:
        offset, sentence = _fault(body, str(fault))
    raise RequestInvalid(
        [Problem(type="json_invalid", loc=("body", offset), msg="JSON decode error", input={}, ctx={"error": sentence})]
    )


def _fault(body: bytes, otherwise: str) -> tuple[int, str]:
    # Where and why in the words clients know: those of Python's own decoder. It takes a few things that we refuse.
    try:
        json.loads(body)
    except json.JSONDecodeError as fault:
        return fault.pos, fault.msg
    except UnicodeDecodeError as fault:
        return fault.start, "Text is not UTF-8"
    except (ValueError, RecursionError):
        return 0, otherwise
    return 0, otherwise
