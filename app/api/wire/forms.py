"""Reads a form with one file into a Struct by our reader, and describes it for OpenAPI from the same Struct."""

import dataclasses
from functools import cache
from typing import TypeVar, cast

from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from msgspec import NODEFAULT, Struct, inspect

from app.api.wire.problems import Problem, RequestInvalid, broken_rule
from app.api.wire.queries import HttpRequest
from app.api.wire.reading import Reader, reader_of

F = TypeVar("F", bound=Struct)


class FilePart(Struct, frozen=True):
    """The file of a form.

    Attributes:
        name: as the client calls it.
        media_type: as the client declares it; empty if it does not.
    """

    name: str
    media_type: str
    content: bytes


async def read_form(request: HttpRequest, wanted: type[F], *, file: str = "file") -> tuple[F, FilePart]:
    """Read a form of texts and one file; of a part that is repeated the last counts.

    Raises:
        RequestInvalid: the body is no form, or its parts break rules.
        HTTPException: the body is larger than the route takes.
    """
    parts = await _parts(request)
    problems: list[Problem] = []
    sent = parts.pop(file, None)
    if sent is None:
        problems.append(Problem(type="missing", loc=("body", file), msg="Field required", input=None))
    elif not isinstance(sent, UploadFile):
        problems.append(broken_rule("a file is expected: a part with a file name").at(("body", file), sent))
    texts = {name: part for name, part in parts.items() if isinstance(part, str)}
    for name in parts.keys() - texts.keys():
        problems.append(Problem(type="string_type", loc=("body", name), msg="Input should be a valid string", input={}))
    form = _reader(wanted)(texts, ("body",), problems)
    if problems or not isinstance(sent, UploadFile):
        raise RequestInvalid(problems)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    return cast("F", form), FilePart(sent.filename, headers.get("content-type", ""), await sent.read())


async def _parts(request: HttpRequest) -> dict[str, object]:
    try:
        form = await request.form()
    except ClientException as fault:
        if fault.status_code != 400:
            raise
        raise RequestInvalid([_malformed(fault.detail)]) from None
    except (ValueError, LookupError):
        # Text that is not in the encoding that its part declares, or in one that nobody knows.
        raise RequestInvalid([_malformed("a part of it is not text in its encoding")]) from None
    return {name: values[-1] for name, values in cast("dict[str, list[object]]", form.dict()).items()}


def _malformed(why: str) -> Problem:
    return broken_rule(f"the body is not a form: {why}").at(("body",), None)


@cache
def _reader(wanted: type[Struct]) -> Reader:
    return reader_of(wanted)


@cache
def with_form(wanted: type[Struct], file: str = "file") -> type[Operation]:
    """What a handler that calls `read_form` states as its `operation_class`, so that OpenAPI knows its body."""
    fields = cast("inspect.StructType", inspect.type_info(wanted)).fields
    properties = {field.encode_name: _schema(field) for field in fields}
    binary = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
    schema = Schema(
        type=OpenAPIType.OBJECT,
        properties={file: binary, **properties},
        required=[file, *(field.encode_name for field in fields if field.default is NODEFAULT)],
    )

    @dataclasses.dataclass
    class WithForm(Operation):
        def __post_init__(self) -> None:
            """Add the form."""
            self.request_body = RequestBody({"multipart/form-data": OpenAPIMediaType(schema)}, required=True)

    return WithForm


def _schema(field: inspect.Field) -> Schema:
    text = Schema(type=OpenAPIType.STRING)
    if not isinstance(field.type, inspect.UnionType):
        return text
    return Schema(one_of=[text, Schema(type=OpenAPIType.NULL)])
