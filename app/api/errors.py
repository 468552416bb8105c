"""The one place where what goes wrong becomes an HTTP answer.

Clients read `detail`: a sentence, or for a body or query that breaks rules a list of problems.
"""

import logging
import math
from collections.abc import Callable, Mapping
from typing import cast

from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import Struct

from app.api.wire.bodies import MISSING
from app.api.wire.problems import Problem, RequestInvalid
from app.api.wire.queries import HttpRequest
from app.uploads.errors import FileBusy, FileTooLarge, FileUnknown
from graph.errors import (
    Conflict,
    DoxaError,
    Invalid,
    NotFound,
    StoreRefused,
    StoreUnavailable,
    TooManyObservers,
    Unauthorised,
)

_log = logging.getLogger(__name__)

RETRY_SECONDS = 1
UNEXPECTED = "An unexpected error occurred"


class NotReady(DoxaError):
    """The service has started but cannot work yet; the sentence says what it waits for."""


class Busy(NotReady):
    """There is too much under way; the same request may pass soon."""


class RateLimited(DoxaError):
    """The caller has asked too often.

    Attributes:
        retry_after: seconds until it may ask again.
    """

    def __init__(self, detail: str, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class NotOffered(DoxaError):
    """The deployment does not offer this; the sentence says which setting would."""


class DreamsOff(DoxaError):
    """The deployment does not dream; the sentence says which setting would."""


class ModelUnavailable(NotReady):
    """The language model does not answer now; the same request may pass later.

    Attributes:
        retry_after: seconds that the endpoint asked to wait, or None.
    """

    def __init__(self, detail: str, retry_after: float | None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ModelUnusable(DoxaError):
    """The language model cannot be used before somebody changes the deployment; the log says why."""


class ErrorBody(Struct, frozen=True):
    """What every failed request gets."""

    detail: str


class ProblemsBody(Struct, frozen=True):
    """The list of problems as it is sent."""

    detail: list[Problem]


#: The nearest class in an error's ancestry decides; what is not here is a defect of ours and becomes a 500.
STATUSES: Mapping[type[DoxaError], int] = {
    Invalid: 422,
    TooManyObservers: 400,
    NotFound: 404,
    Conflict: 409,
    Unauthorised: 401,
    NotOffered: 405,
    DreamsOff: 400,
    NotReady: 503,
    RateLimited: 429,
    FileTooLarge: 413,
    FileUnknown: 415,
    FileBusy: 503,
    StoreUnavailable: 503,
    StoreRefused: 507,
    ModelUnusable: 500,
}


_HEADERS: Mapping[int, Mapping[str, str]] = {
    401: {"WWW-Authenticate": "Bearer"},
    503: {"Retry-After": str(RETRY_SECONDS)},
}


def answer_doxa_error(request: HttpRequest, error: DoxaError) -> Response[object]:
    """Answer an error of the domain or of the store."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)
    if status is None:
        return answer_unexpected(request, error)
    if status == 507:
        _log.error("%s: %s", _route(request), error.detail)
    headers = dict(_HEADERS.get(status, {}))
    if isinstance(error, (ModelUnavailable, RateLimited)) and error.retry_after is not None:
        headers["Retry-After"] = str(max(RETRY_SECONDS, math.ceil(error.retry_after)))
    return _answer(ErrorBody(error.detail), status, headers)


def answer_problems(request: HttpRequest, error: RequestInvalid) -> Response[object]:
    """Answer a body or query that breaks rules."""
    return _answer(ProblemsBody(error.problems), 422)


def answer_validation(request: HttpRequest, error: ValidationException) -> Response[object]:
    """Answer a missing body: the one rule that Litestar itself still checks."""
    return _answer(ProblemsBody([MISSING]), 422)


def answer_http(request: HttpRequest, error: HTTPException) -> Response[object]:
    """Answer what Litestar raises: unknown path, wrong verb, too large a body."""
    if error.status_code >= 500:
        return answer_unexpected(request, error)
    return _answer(ErrorBody(error.detail), error.status_code, error.headers)


def answer_unexpected(request: HttpRequest, error: Exception) -> Response[object]:
    """Answer a defect of ours; the caller learns nothing, the log all."""
    _log.error("%s failed", _route(request), exc_info=error)
    return _answer(ErrorBody(UNEXPECTED), 500)


def _route(request: HttpRequest) -> str:
    """The route that was asked for: its template, since a path holds whatever the caller likes."""
    return f"{request.method} {cast('dict[str, object]', request.scope).get('path_template') or 'unknown'}"


def _answer(body: Struct, status: int, headers: Mapping[str, str] | None = None) -> Response[object]:
    return Response[object](body, status_code=status, headers=dict(headers or {}))


HANDLERS: Mapping[type[Exception], Callable[..., Response[object]]] = {
    DoxaError: answer_doxa_error,
    RequestInvalid: answer_problems,
    ValidationException: answer_validation,
    HTTPException: answer_http,
    Exception: answer_unexpected,
}
