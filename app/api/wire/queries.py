"""Reads query parameters into a Struct by our reader, and describes them for OpenAPI from the same Struct."""

import dataclasses
from functools import cache
from typing import TypeVar, cast

from litestar import Request
from litestar.datastructures import State
from litestar.enums import ParamType
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Operation, Parameter, Schema
from msgspec import NODEFAULT, Struct, inspect

from app.api.wire.reading import Reader, read, reader_of

Q = TypeVar("Q", bound=Struct)
HttpRequest = Request[object, object, State]


class _Wanted(Struct, frozen=True):
    read: Reader
    lists: frozenset[str]


def read_query(request: HttpRequest, wanted: type[Q]) -> Q:
    """Read the query parameters of a request; of one that is repeated the last counts, unless its field is a list.

    Raises:
        RequestInvalid: they break rules.
    """
    known = _wanted(wanted)
    sent = cast("dict[str, list[str]]", request.query_params.dict())
    values = {name: texts if name in known.lists else texts[-1] for name, texts in sent.items()}
    return cast("Q", read(known.read, values, ("query",)))


@cache
def _wanted(wanted: type[Struct]) -> _Wanted:
    lists = {field.encode_name for field in _fields(wanted) if isinstance(_bare(field.type), inspect.ListType)}
    return _Wanted(reader_of(wanted), frozenset(lists))


@cache
def with_query(wanted: type[Struct]) -> type[Operation]:
    """What a handler that calls `read_query` states as its `operation_class`, so that OpenAPI knows its parameters."""

    @dataclasses.dataclass
    class WithQuery(Operation):
        def __post_init__(self) -> None:
            """Add the query parameters to those of the path."""
            self.parameters = [*(self.parameters or []), *map(_describe, _fields(wanted))]

    return WithQuery


def _describe(field: inspect.Field) -> Parameter:
    required = field.default is NODEFAULT and field.default_factory is NODEFAULT
    schema = _schema(field.type)
    if field.default is not NODEFAULT and field.default is not None:
        schema.default = field.default
    return Parameter(name=field.encode_name, param_in=ParamType.QUERY, required=required, schema=schema)


def _schema(kind: inspect.Type) -> Schema:
    kind = kind.type if isinstance(kind, inspect.Metadata) else kind
    if isinstance(kind, inspect.UnionType):
        return Schema(one_of=[*(_schema(part) for part in kind.types if not isinstance(part, inspect.NoneType)), _NULL])
    if isinstance(kind, inspect.ListType):
        return Schema(type=OpenAPIType.ARRAY, items=_schema(kind.item_type))
    if isinstance(kind, (inspect.IntType, inspect.FloatType)):
        whole = isinstance(kind, inspect.IntType)
        return Schema(type=OpenAPIType.INTEGER if whole else OpenAPIType.NUMBER, minimum=kind.ge, maximum=kind.le)
    if isinstance(kind, inspect.LiteralType):
        return Schema(type=OpenAPIType.STRING, enum=sorted(map(str, kind.values)))
    if isinstance(kind, inspect.BoolType):
        return Schema(type=OpenAPIType.BOOLEAN)
    if isinstance(kind, inspect.DateTimeType):
        return Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE_TIME)
    return Schema(type=OpenAPIType.STRING)


_NULL = Schema(type=OpenAPIType.NULL)


def _fields(wanted: type[Struct]) -> tuple[inspect.Field, ...]:
    return cast("inspect.StructType", inspect.type_info(wanted)).fields


def _bare(kind: inspect.Type) -> inspect.Type:
    if isinstance(kind, inspect.UnionType):
        kind = kind.types[0]
    return kind.type if isinstance(kind, inspect.Metadata) else kind
