"""One call to an endpoint that speaks the OpenAI API: bounded in time and size, never retried here.

Retrying is the business of the work that needs the answer (it is durable, and knows how long it may wait), so this
client makes one attempt and says plainly what came of it.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec
import openai

from app.models.endpoint_faults import OversizedAnswer, translate
from app.models.faults import ModelGarbage, ModelPermanent

OPENAI_URL = "https://api.openai.com/v1"
"""Where calls go when a key but no base URL is given."""
CONNECT_SECONDS = 10.0
MAX_BYTES = 8 * 1024 * 1024
"""Default limit of a response body."""
STREAM_LIMITS = 10
"""An answer that comes in pieces may take so many times the time limit of a whole one."""

T = TypeVar("T")


class _Bounded(httpx2.AsyncByteStream):
    """A response body that may not grow past a limit."""

    def __init__(self, body: httpx2.AsyncByteStream, limit: int) -> None:
        self._body = body
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._body:
            size += len(chunk)
            if size > self._limit:
                raise OversizedAnswer(f"the answer is larger than {self._limit} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


class Endpoint:
    """An OpenAI-compatible endpoint. Connections are opened at the first call and belong to that call's event loop."""

    def __init__(
        self, base_url: str | None, api_key: str | None, timeout_seconds: float, max_bytes: int = MAX_BYTES
    ) -> None:
        """Prepare the client; nothing is sent.

        Args:
            base_url: the API's root, usually ending in `/v1`; OpenAI's own when None.
            api_key: sent as a bearer token; a placeholder is sent when None, as many local servers want no key.
            timeout_seconds: longest time for one call, from sending it to the last byte of its answer.
            max_bytes: largest response body.

        Raises:
            ModelPermanent: `base_url` is not an http(s) URL.
        """
        url = base_url or OPENAI_URL
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ModelPermanent("base URL of the model: must start with http:// or https:// and name a host")
        self.timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        timeout = httpx2.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds))
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none",
            base_url=url,
            max_retries=0,
            timeout=timeout,
            # A compressed body could unfold far past the limit.
            default_headers={"Accept-Encoding": "identity"},
            http_client=openai.DefaultAsyncHttpxClient(timeout=timeout, event_hooks={"response": [self._bound]}),
        )

    async def post(self, path: str, body: Mapping[str, object], answer: type[T], call: str) -> T:
        """Send `body` as JSON and decode the JSON that comes back.

        Args:
            path: below the base URL, such as `/embeddings`.
            body: the request.
            answer: type of the response; fields it does not name are ignored.
            call: what is being asked, for the message of a fault.

        Raises:
            app.models.faults.ModelFault: no usable answer came; the subclass says whether a later call may get one.
        """
        try:
            async with asyncio.timeout(self.timeout_seconds):
                response = await self._client.post(path, cast_to=httpx2.Response, body=dict(body))
        except (openai.OpenAIError, OversizedAnswer, TimeoutError) as fault:
            raise translate(fault, call) from fault
        try:
            return msgspec.json.decode(response.content, type=answer)
        except (msgspec.DecodeError, RecursionError) as fault:
            raise ModelGarbage(f"{call}: the endpoint's answer is not what the API promises: {fault}") from fault

    async def stream(self, path: str, body: Mapping[str, object], event: type[T], call: str) -> AsyncGenerator[T]:
        """Send `body` as JSON and decode the events that come back, as they come.

        No pause may be longer than the time limit, and all of it no longer than `STREAM_LIMITS` of them.

        Args:
            path: below the base URL.
            body: the request.
            event: type of each event; fields it does not name are ignored.
            call: what is being asked, for the message of a fault.

        Raises:
            app.models.faults.ModelFault: no answer came, or it broke off.
        """
        deadline = time.monotonic() + self.timeout_seconds * STREAM_LIMITS
        try:
            async with asyncio.timeout(self.timeout_seconds):
                stream = await self._client.post(
                    path, cast_to=object, body=dict(body), stream=True, stream_cls=openai.AsyncStream[object]
                )
            async with stream:
                async for one in stream:
                    if time.monotonic() > deadline:
                        raise TimeoutError
                    yield msgspec.convert(one, event)
        except (openai.OpenAIError, OversizedAnswer, TimeoutError) as fault:
            raise translate(fault, call) from fault
        except (ValueError, RecursionError) as fault:
            raise ModelGarbage(f"{call}: the endpoint's answer is not what the API promises: {fault}") from fault

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _bound(self, response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(response.stream, self._max_bytes)
