"""An endpoint that speaks Anthropic's API, and its errors as faults of models. Needs the extra `anthropic`."""

from collections.abc import Mapping

import anthropic
import httpx2

from app.models.endpoint import HEADERS, Endpoint, Events
from app.models.endpoint_faults import OversizedAnswer, Sorts, by_status, deadline, garbage, sort, transient
from app.models.faults import ModelFault

ANTHROPIC_URL = "https://api.anthropic.com"
"""Where calls go when a key but no base URL is given."""


def _by_status(fault: Exception, call: str) -> ModelFault:
    assert isinstance(fault, anthropic.APIStatusError)
    return by_status(fault.status_code, fault.response.headers, call)


# The order is that of Python's own `except` clauses: narrower classes first.
_SORTS: Sorts = {
    TimeoutError: deadline,
    anthropic.APITimeoutError: deadline,
    anthropic.APIConnectionError: transient,
    anthropic.APIResponseValidationError: garbage,
    anthropic.APIStatusError: _by_status,
    anthropic.APIError: transient,
    anthropic.RetryableError: transient,
    OversizedAnswer: garbage,
    httpx2.TransportError: transient,
}
SORTED = frozenset(_SORTS)
"""The error classes that are sorted by name; a test proves that no other class of `anthropic` needs a line."""


def translate(fault: Exception, call: str) -> ModelFault:
    """Sort an error of the `anthropic` package, or a passed deadline, into the classes of `app.models.faults`.

    Args:
        fault: what was raised.
        call: what was being asked, for the message; it must not hold text of messages.
    """
    return sort(_SORTS, fault, call)


class AnthropicEndpoint(Endpoint):
    """The same bounds, gate and faults as any endpoint's, around Anthropic's client."""

    default_url = ANTHROPIC_URL
    faults = (anthropic.AnthropicError, httpx2.TransportError, OversizedAnswer, TimeoutError)

    def _connect(self, url: str, api_key: str | None, timeout: httpx2.Timeout) -> None:
        self._anthropic = anthropic.AsyncAnthropic(
            api_key=api_key or "none",
            base_url=url,
            max_retries=0,
            timeout=timeout,
            default_headers=HEADERS,
            http_client=anthropic.DefaultAsyncHttpxClient(timeout=timeout, event_hooks={"response": [self._bound]}),
        )

    async def _send(self, path: str, body: Mapping[str, object]) -> httpx2.Response:
        return await self._anthropic.post(path, cast_to=httpx2.Response, body=dict(body))

    async def _open(self, path: str, body: Mapping[str, object]) -> Events:
        return await self._anthropic.post(
            path, cast_to=object, body=dict(body), stream=True, stream_cls=anthropic.AsyncStream[object]
        )

    def _translate(self, fault: Exception, call: str) -> ModelFault:
        return translate(fault, call)

    async def close(self) -> None:
        """Close the connections."""
        await self._anthropic.close()
