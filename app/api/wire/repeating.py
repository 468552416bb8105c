"""The header `Idempotency-Key`: with it a client may send a write again without writing twice."""

import dataclasses
import hashlib
from datetime import timedelta
from functools import cache

import msgspec
from litestar.enums import ParamType
from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema

from app.api.wire.problems import RequestInvalid, broken_rule
from app.api.wire.queries import HttpRequest
from graph.store.idempotency import Once

HEADER = "Idempotency-Key"
#: Of an answer that tells what an earlier request with the same key stored.
REPLAYED = "Idempotent-Replay"
MAX_KEY = 255

_DESCRIPTION = (
    "A key of the client's own, for example a UUID: the same request with the same key again writes nothing and is "
    "answered as the first was, with the header `Idempotent-Replay: true`."
)


def read_once(request: HttpRequest, route: str, keep: timedelta, *content: object) -> Once | None:
    """The key that a request was sent with; None if it has none.

    Args:
        request: the request.
        route: which kind of write it asks for.
        keep: how long keys are remembered.
        content: all that decides what is stored.

    Raises:
        RequestInvalid: the header is not 1 to 255 visible ASCII characters, or is there twice.
    """
    keys = request.headers.getall(HEADER, [])
    if not keys:
        return None
    if len(keys) > 1 or not 1 <= len(keys[0]) <= MAX_KEY or not all("!" <= letter <= "~" for letter in keys[0]):
        rule = broken_rule(f"{HEADER} must be one header of 1 to {MAX_KEY} visible ASCII characters")
        raise RequestInvalid([rule.at(("header", HEADER), ", ".join(keys))])
    digest = hashlib.sha256()
    for part in content:
        digest.update(hashlib.sha256(_bytes(part)).digest())
    return Once(route=route, key=keys[0], digest=digest.hexdigest(), keep=keep)


def replay_headers(replayed: bool) -> dict[str, str]:
    """The headers that tell whether an answer is an earlier request's."""
    return {REPLAYED: "true"} if replayed else {}


@cache
def with_key(operation: type[Operation] = Operation) -> type[Operation]:
    """What a handler that calls `read_once` states as its `operation_class`, so that OpenAPI knows the header."""

    @dataclasses.dataclass
    class WithKey(operation):
        def __post_init__(self) -> None:
            """Add the header to the parameters."""
            described = getattr(super(), "__post_init__", None)
            if described is not None:
                described()
            schema = Schema(type=OpenAPIType.STRING, min_length=1, max_length=MAX_KEY, pattern="^[!-~]+$")
            key = Parameter(name=HEADER, param_in=ParamType.HEADER, description=_DESCRIPTION, schema=schema)
            self.parameters = [*(self.parameters or []), key]

    return WithKey


def _bytes(part: object) -> bytes:
    return part if isinstance(part, bytes) else msgspec.json.encode(part, order="deterministic")
