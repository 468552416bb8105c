"""Every error of the `openai` package has its place among the faults."""

from datetime import UTC, datetime, timedelta

import httpx2
import openai
import pytest

from app.models.endpoint_faults import MAX_RETRY_AFTER, SORTED, OversizedAnswer, retry_after, translate
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused, ModelTransient

REQUEST = httpx2.Request("POST", "http://127.0.0.1/v1/chat/completions")


def by_status(status: int, headers: dict[str, str] | None = None, text: str = "sorry") -> openai.APIStatusError:
    response = httpx2.Response(status, headers=headers, text=text, request=REQUEST)
    return openai.APIStatusError(text, response=response, body=None)


def errors_of(base: type[Exception]) -> set[type[Exception]]:
    """Every error class of the package's client, however deep."""
    found = {base}
    for kind in base.__subclasses__():
        found |= errors_of(kind)
    return {kind for kind in found if kind.__module__ in {"openai", "openai._exceptions"}}


ERRORS = {kind.__name__: kind for kind in errors_of(openai.OpenAIError)}
UNSORTED = {"OpenAIError", "SubjectTokenProviderError", "_AmbiguousModuleClientUsageError"}
"""The root class and errors of setting up a client: permanent, as something must be changed."""


def test_the_package_still_has_its_errors_where_they_are_looked_for() -> None:
    assert {"RateLimitError", "APITimeoutError", *UNSORTED} < set(ERRORS)
    assert len(ERRORS) > 15


@pytest.mark.parametrize("name", sorted(set(ERRORS) - UNSORTED))
def test_no_error_class_is_missed(name: str) -> None:
    assert any(issubclass(ERRORS[name], kind) for kind in SORTED)


@pytest.mark.parametrize("name", sorted(UNSORTED))
def test_errors_of_setting_up_are_permanent(name: str) -> None:
    error = ERRORS[name].__new__(ERRORS[name], "no key")
    assert type(translate(error, "call")) is ModelPermanent


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_a_passing_status_is_transient(status: int) -> None:
    assert type(translate(by_status(status), "call")) is ModelTransient


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_a_lasting_status_is_permanent(status: int) -> None:
    fault = translate(by_status(status), "model m")
    assert type(fault) is ModelPermanent
    # What the endpoint says may repeat what it was sent: it is kept apart.
    assert str(fault) == f"model m: the endpoint answered {status}"
    assert "sorry" in fault.said


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (TimeoutError(), ModelTransient),
        (openai.APITimeoutError(REQUEST), ModelTransient),
        (openai.APIConnectionError(request=REQUEST), ModelTransient),
        (openai.APIResponseValidationError(httpx2.Response(200, request=REQUEST), None), ModelGarbage),
        (openai.ContentFilterFinishReasonError(), ModelRefused),
        (OversizedAnswer("larger than 10 bytes"), ModelGarbage),
        (openai.OpenAIError("no key"), ModelPermanent),
    ],
)
def test_errors_without_a_status_are_sorted_by_class(error: Exception, kind: type[ModelFault]) -> None:
    assert type(translate(error, "call")) is kind


def test_the_message_is_one_bounded_line() -> None:
    fault = translate(by_status(400, text="a\nb " * 1000), "model m")
    assert "\n" not in str(fault)
    assert len(str(fault)) < 400


NOW = datetime(2024, 2, 29, 12, tzinfo=UTC)
IN_A_MINUTE = (NOW + timedelta(minutes=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "1e9"}, MAX_RETRY_AFTER),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after-ms": "x", "retry-after": "7"}, 7),
        ({"retry-after": IN_A_MINUTE}, 60),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0),
    ],
)
def test_the_wait_an_endpoint_asks_for_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def test_the_wait_travels_with_the_fault() -> None:
    fault = translate(by_status(429, {"Retry-After": "12"}), "call")
    assert isinstance(fault, ModelTransient)
    assert fault.retry_after == 12
