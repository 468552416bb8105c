"""Every request: its id, its line in the log, its counters and its trace. Never its query, its body or its headers."""

import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

from litestar.types import Message, Receive, Scope, Send

from app.metrics import OTHER, VERBS
from app.telemetry import logs
from app.telemetry.process import Telemetry
from app.telemetry.scene import Scene, opened
from graph.cause import caused_by
from graph.ids import new_id

_log = logging.getLogger("app.access")

#: Anybody can send any path: what is no route of ours is counted together.
UNKNOWN_ROUTE = "unknown"
#: What a client that has gone away is taken to have got, as proxies write it in their logs.
GONE = 499
#: An id that a caller gives is taken over if it is one of these; whatever else it is could be meant for the log.
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
REQUEST_ID_HEADER = "x-request-id"
#: Asked again and again by those who watch: that all is well, or not ready yet, is no news.
WATCHED = frozenset({"/health", "/ready", "/metrics"})
QUIET = frozenset({200, 404, 503})


async def observed(
    telemetry: Telemetry,
    scope: Scope,
    receive: Receive,
    send: Send,
    app: Callable[[Scope, Receive, Send], Awaitable[None]],
) -> None:
    """Serve one request and tell of it, also when there is no such route or the client goes away."""
    clock = time.perf_counter()
    status = GONE
    # Litestar's scope says what the template and the names are, once a route has been found.
    known = cast("dict[str, object]", scope)
    headers = cast("Iterable[tuple[bytes, bytes]]", known.get("headers", ()))
    request_id = _taken(_header(headers, REQUEST_ID_HEADER.encode()))

    async def noting(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            message["headers"] = [*message["headers"], (REQUEST_ID_HEADER.encode(), request_id.encode())]
        await send(message)

    def workspace() -> str | None:
        names = cast("dict[str, object]", known.get("path_params") or {})
        name = names.get("workspace_id")
        return None if name is None else str(name).removeprefix("\0")

    method = str(known["method"])
    method = method if method in VERBS else OTHER
    scene = Scene(telemetry=telemetry, purpose="dialectic", request_id=request_id, workspace=workspace)
    parent = _header(headers, b"traceparent")
    with (
        opened(scene),
        telemetry.tracing.span(method, kind="server", parent=parent) as span,
        caused_by(span.carried),
    ):
        try:
            await app(scope, receive, noting)
        finally:
            route = str(known.get("path_template") or UNKNOWN_ROUTE)
            seconds = time.perf_counter() - clock
            telemetry.metrics.request_answered(method, route, status, seconds)
            _tell(method, route, status, seconds)
            span.rename(f"{method} {route}")
            span.say(
                {
                    "http.request.method": method,
                    "http.route": route,
                    "http.response.status_code": status,
                    "doxa.request_id": request_id,
                }
            )
            if status >= 500:
                span.fail(str(status))


def _tell(method: str, route: str, status: int, seconds: float) -> None:
    level = logging.DEBUG if route in WATCHED and status in QUIET else logging.INFO
    ms = round(seconds * 1000, 1)
    told = logs.fields(method=method, route=route, status=status, ms=ms)
    _log.log(level, "%s %s %d %.1f ms", method, route, status, ms, extra=told)


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), None)


def _taken(given: str | None) -> str:
    return given if given is not None and REQUEST_ID.fullmatch(given) else new_id()
