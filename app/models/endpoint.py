"""One call to an endpoint that speaks the OpenAI API: bounded in time and size, never retried here.

Retrying is the business of the work that needs the answer (it is durable, and knows how long it may wait), so this
client makes one attempt and says plainly what came of it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from types import TracebackType
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec
import openai

from app.models.endpoint_faults import OversizedAnswer, translate
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent
from app.models.gate import Gate, gate_of
from app.models.structured import shown
from app.settings.models import CircuitSettings

OPENAI_URL = "https://api.openai.com/v1"
"""Where calls go when a key but no base URL is given."""
CONNECT_SECONDS = 10.0
MAX_BYTES = 8 * 1024 * 1024
"""Default limit of a response body."""
CONCURRENCY = 8
"""Default limit of calls under way at once."""
STREAM_LIMITS = 10
"""An answer that comes in pieces may take so many times the time limit of a whole one."""

AHEAD = 10_000
"""Events of a stream that are read ahead of who listens: more than most answers have, and few megabytes."""
HEADERS = {"Accept-Encoding": "identity"}
"""A compressed body could unfold far past the limit."""

T = TypeVar("T")


class Events(Protocol):
    """The decoded events of an answer that comes in pieces; leaving its context closes the connection."""

    def __aiter__(self) -> AsyncIterator[object]: ...

    async def __aenter__(self) -> "Events": ...

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None, /
    ) -> None: ...


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

    default_url = OPENAI_URL
    faults: tuple[type[Exception], ...] = (openai.OpenAIError, httpx2.TransportError, OversizedAnswer, TimeoutError)
    """What a call can raise that is sorted into the faults of models."""

    def __init__(
        self,
        base_url: str | None,
        api_key: str | None,
        timeout_seconds: float,
        max_bytes: int = MAX_BYTES,
        *,
        model: str = "",
        concurrency: int = CONCURRENCY,
        circuit: CircuitSettings | None = None,
    ) -> None:
        """Prepare the client; nothing is sent.

        Args:
            base_url: the API's root, usually ending in `/v1`; OpenAI's own when None.
            api_key: sent as a bearer token; a placeholder is sent when None, as many local servers want no key.
            timeout_seconds: longest time for one call, from sending it to the last byte of its answer.
            max_bytes: largest response body.
            model: whose calls go here; with the URL it names the gate that they share with all others in the process.
            concurrency: calls under way at once.
            circuit: when the endpoint is left alone.

        Raises:
            ModelPermanent: `base_url` is not an http(s) URL.
        """
        url = base_url or self.default_url
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ModelPermanent("base URL of the model: must start with http:// or https:// and name a host")
        self.timeout_seconds = timeout_seconds
        self._max_bytes = max_bytes
        self._gate: Gate | None = None
        self._way = (url, model, concurrency, circuit or CircuitSettings())
        self._connect(url, api_key, httpx2.Timeout(timeout_seconds, connect=min(CONNECT_SECONDS, timeout_seconds)))

    def _connect(self, url: str, api_key: str | None, timeout: httpx2.Timeout) -> None:
        """Prepare the client; nothing is sent."""
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none",
            base_url=url,
            max_retries=0,
            timeout=timeout,
            default_headers=HEADERS,
            http_client=openai.DefaultAsyncHttpxClient(timeout=timeout, event_hooks={"response": [self._bound]}),
        )

    async def _send(self, path: str, body: Mapping[str, object]) -> httpx2.Response:
        return await self._client.post(path, cast_to=httpx2.Response, body=dict(body))

    async def _open(self, path: str, body: Mapping[str, object]) -> Events:
        return await self._client.post(
            path, cast_to=object, body=dict(body), stream=True, stream_cls=openai.AsyncStream[object]
        )

    def _translate(self, fault: Exception, call: str) -> ModelFault:
        return translate(fault, call)

    @property
    def gate(self) -> Gate:
        """What calls of this model pass; it belongs to the event loop of the first."""
        if self._gate is None:
            self._gate = gate_of(*self._way)
        return self._gate

    async def post(
        self,
        path: str,
        body: Mapping[str, object],
        answer: type[T],
        call: str,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> T:
        """Send `body` as JSON and decode the JSON that comes back.

        Args:
            path: below the base URL, such as `/embeddings`.
            body: the request.
            answer: type of the response; fields it does not name are ignored.
            call: what is being asked, for the message of a fault.
            excused: whether a fault speaks of the request's form; it does not count as the endpoint's failure.

        Raises:
            app.models.faults.ModelFault: no usable answer came; the subclass says whether a later call may get one.
        """
        async with self.gate.passing(call, excused):
            try:
                async with asyncio.timeout(self.timeout_seconds):
                    response = await self._send(path, body)
            except self.faults as fault:
                raise self._translate(fault, call) from fault
            try:
                return msgspec.json.decode(response.content, type=answer)
            except (msgspec.DecodeError, RecursionError) as fault:
                reason = shown(fault)
                raise ModelGarbage(f"{call}: the endpoint's answer is not what the API promises: {reason}") from fault

    async def stream(
        self,
        path: str,
        body: Mapping[str, object],
        event: type[T],
        call: str,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> AsyncGenerator[T]:
        """Send `body` as JSON and decode the events that come back, as they come.

        The answer may be silent for no longer than the time limit, and all of it may take `STREAM_LIMITS` of them.
        It is read as fast as it comes, so that a reader who dawdles keeps nobody from calling.

        Args:
            path: below the base URL.
            body: the request.
            event: type of each event; fields it does not name are ignored.
            call: what is being asked, for the message of a fault.
            excused: as for `post`.

        Raises:
            app.models.faults.ModelFault: no answer came, or it broke off.
        """
        events: asyncio.Queue[T | Exception | None] = asyncio.Queue(AHEAD)

        async def read() -> None:
            end: Exception | None = None
            try:
                async with self.gate.passing(call, excused):
                    await self._read(path, body, event, call, events)
            except Exception as fault:
                end = fault
            await events.put(end)

        reading = asyncio.create_task(read())
        try:
            while (one := await events.get()) is not None:
                if isinstance(one, Exception):
                    raise one
                yield one
        finally:
            reading.cancel()
            await asyncio.wait((reading,))

    async def _read(
        self,
        path: str,
        body: Mapping[str, object],
        event: type[T],
        call: str,
        events: "asyncio.Queue[T | Exception | None]",
    ) -> None:
        try:
            async with asyncio.timeout(self.timeout_seconds * STREAM_LIMITS):
                async with asyncio.timeout(self.timeout_seconds):
                    stream = await self._open(path, body)
                async with stream:
                    async for one in stream:
                        await events.put(msgspec.convert(one, event))
        except self.faults as fault:
            raise self._translate(fault, call) from fault
        except (ValueError, RecursionError) as fault:
            raise ModelGarbage(f"{call}: the endpoint's answer is not what the API promises: {shown(fault)}") from fault

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _bound(self, response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
            # A few bytes could unfold to any size.
            raise OversizedAnswer("the answer is compressed, though that was not asked for")
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Bounded(response.stream, self._max_bytes)
