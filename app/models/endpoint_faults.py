"""Sorts the errors of the `openai` package, and passed deadlines, into the faults of this service."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import openai

from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused, ModelTransient

MAX_RETRY_AFTER = 3600.0
"""Longest wait, in seconds, that is taken over from an endpoint."""

TRANSIENT_STATUSES = frozenset({408, 409, 425, 429})
"""Statuses below 500 that a later attempt can get past."""


class OversizedAnswer(Exception):
    """A response body grew past its limit while it was read; `translate` turns it into `ModelGarbage`."""


def translate(fault: Exception, call: str) -> ModelFault:
    """Sort an error of the `openai` package, or a passed deadline, into the classes of `app.models.faults`.

    Args:
        fault: what was raised.
        call: what was being asked, for the message; it must not hold text of messages.
    """
    # The order is that of Python's own `except` clauses: narrower classes first.
    for kind, sort in _SORTS.items():
        if isinstance(fault, kind):
            return sort(fault, call)
    return ModelPermanent(f"{call}: {_line(fault)}")


def _by_status(fault: Exception, call: str) -> ModelFault:
    assert isinstance(fault, openai.APIStatusError)
    status = fault.status_code
    message = f"{call}: the endpoint answered {status}: {_line(fault)}"
    sorted_fault: ModelFault = ModelPermanent(message)
    if status in TRANSIENT_STATUSES or status >= 500:
        sorted_fault = ModelTransient(message, retry_after(fault.response.headers))
    sorted_fault.status = status
    return sorted_fault


def _transient(fault: Exception, call: str) -> ModelFault:
    cause = fault.__cause__
    reason = f" ({type(cause).__name__})" if cause is not None else ""
    return ModelTransient(f"{call}: {_line(fault)}{reason}")


def _deadline(_: Exception, call: str) -> ModelFault:
    return ModelTransient(f"{call}: no answer within the time limit")


def _garbage(fault: Exception, call: str) -> ModelFault:
    return ModelGarbage(f"{call}: {_line(fault)}")


def _cut(fault: Exception, call: str) -> ModelFault:
    return ModelGarbage(f"{call}: {_line(fault)}", truncated=True)


def _refused(fault: Exception, call: str) -> ModelFault:
    return ModelRefused(f"{call}: {_line(fault)}")


def _permanent(fault: Exception, call: str) -> ModelFault:
    return ModelPermanent(f"{call}: {_line(fault)}")


_SORTS = {
    TimeoutError: _deadline,
    openai.APITimeoutError: _deadline,
    openai.APIConnectionError: _transient,
    openai.APIResponseValidationError: _garbage,
    openai.APIStatusError: _by_status,
    openai.APIError: _transient,
    openai.LengthFinishReasonError: _cut,
    openai.ContentFilterFinishReasonError: _refused,
    OversizedAnswer: _cut,
    openai.WebSocketConnectionClosedError: _transient,
    openai.WebSocketQueueFullError: _transient,
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


def _line(fault: Exception) -> str:
    """The error's own words on one line of bounded length."""
    words = " ".join(str(fault).split())
    return (words[:300] + "…") if len(words) > 300 else words or type(fault).__name__
