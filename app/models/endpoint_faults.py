"""Sorts the errors of the `openai` package, and passed deadlines, into the faults of this service."""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused, ModelTransient

_log = logging.getLogger(__name__)

MAX_RETRY_AFTER = 3600.0
"""Longest wait, in seconds, that is taken over from an endpoint."""

TRANSIENT_STATUSES = frozenset({408, 409, 425, 429})
"""Statuses below 500 that a later attempt can get past."""


#: What endpoints call their errors, in a form that nothing else has.
_CODE = re.compile(r"[a-z][a-z_]{2,39}")


#: Errors whose words are not the endpoint's; the clients of both providers name them alike.
_OURS = frozenset({"APIConnectionError", "APITimeoutError", "OversizedAnswer"})

Sorts = Mapping[type[Exception], Callable[[Exception, str], ModelFault]]


class OversizedAnswer(Exception):
    """A response body grew past its limit while it was read; `translate` turns it into `ModelGarbage`."""


def translate(fault: Exception, call: str) -> ModelFault:
    """Sort an error of the `openai` package, or a passed deadline, into the classes of `app.models.faults`.

    Args:
        fault: what was raised.
        call: what was being asked, for the message; it must not hold text of messages.
    """
    # The order is that of Python's own `except` clauses: narrower classes first.
    return sort(_SORTS, fault, call)


def sort(sorts: Sorts, fault: Exception, call: str) -> ModelFault:
    """Sort an error by the first class of a table that it is of; what no line names is permanent.

    What the endpoint said is kept apart from the message.
    """
    made = next((by for kind, by in sorts.items() if isinstance(fault, kind)), _permanent)(fault, call)
    made.said = _line(fault)
    _log.debug("%s: the endpoint said: %s", call, made.said)
    return made


def _by_status(fault: Exception, call: str) -> ModelFault:
    assert isinstance(fault, openai.APIStatusError)
    code = str(fault.code or fault.type or "")
    return by_status(fault.status_code, fault.response.headers, call, code)


def by_status(status: int, headers: Mapping[str, str], call: str, code: str = "") -> ModelFault:
    """Sort an error by the HTTP status it came with; one that came in an answer that had begun well may pass.

    Args:
        status: as the endpoint answered.
        headers: of its answer.
        call: what was being asked.
        code: what the endpoint calls the error; told where it has the form of such a name and no other.
    """
    message = f"{call}: the endpoint answered {status}{f' ({code})' if _CODE.fullmatch(code) else ''}"
    sorted_fault: ModelFault = ModelPermanent(message)
    if status in TRANSIENT_STATUSES or status >= 500 or status < 400:
        sorted_fault = ModelTransient(message, retry_after(headers))
    sorted_fault.status = status
    return sorted_fault


def transient(fault: Exception, call: str) -> ModelFault:
    """A lost connection and the like."""
    cause = fault.__cause__
    reason = f" ({type(cause).__name__})" if cause is not None else ""
    return ModelTransient(f"{call}: {_plain(fault)}{reason}")


def deadline(_: Exception, call: str) -> ModelFault:
    """A time limit that passed."""
    return ModelTransient(f"{call}: no answer within the time limit")


def garbage(fault: Exception, call: str) -> ModelFault:
    """An answer that is none."""
    return ModelGarbage(f"{call}: {_plain(fault)}")


def _cut(fault: Exception, call: str) -> ModelFault:
    return ModelGarbage(f"{call}: {_plain(fault)}", truncated=True)


def _refused(fault: Exception, call: str) -> ModelFault:
    return ModelRefused(f"{call}: {_plain(fault)}")


def _permanent(fault: Exception, call: str) -> ModelFault:
    return ModelPermanent(f"{call}: {_plain(fault)}")


_SORTS: Sorts = {
    TimeoutError: deadline,
    openai.APITimeoutError: deadline,
    openai.APIConnectionError: transient,
    openai.APIResponseValidationError: garbage,
    openai.APIStatusError: _by_status,
    openai.APIError: transient,
    openai.LengthFinishReasonError: _cut,
    openai.ContentFilterFinishReasonError: _refused,
    OversizedAnswer: garbage,
    httpx2.TransportError: transient,
    openai.WebSocketConnectionClosedError: transient,
    openai.WebSocketQueueFullError: transient,
    openai.InvalidWebhookSignatureError: _permanent,
}
SORTED = frozenset(_SORTS)
"""The error classes that are sorted by name; a test proves that no other class of `openai` needs a line of its own."""


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that an endpoint asks to wait (`retry-after-ms`, else `retry-after` as seconds or as a date), or None.

    What cannot be read, or asks for more than `MAX_RETRY_AFTER`, is left out or cut to it.
    """
    seconds = _number(headers.get("retry-after-ms"), 1000.0)
    if seconds is None:
        seconds = _number(headers.get("retry-after"), 1.0)
    if seconds is None:
        seconds = _until(headers.get("retry-after"), now or datetime.now(UTC))
    return None if seconds is None else min(max(seconds, 0.0), MAX_RETRY_AFTER)


def _number(value: str | None, divisor: float) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number / divisor if number == number else None


def _until(value: str | None, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()


def _plain(fault: Exception) -> str:
    """What may be shown of an error: words that are the library's or ours, never those of an endpoint."""
    kind = type(fault).__name__
    return _line(fault) if kind in _OURS else kind


def _line(fault: Exception) -> str:
    """The error's own words on one line of bounded length."""
    words = " ".join(str(fault).split())
    return (words[:300] + "…") if len(words) > 300 else words or type(fault).__name__
