"""Counts every request, and serves what is counted: `/metrics`."""

import time
from collections.abc import Awaitable, Callable
from typing import cast

from litestar import Controller, MediaType, Response, get
from litestar.types import Message, Receive, Scope, Send
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from app.api.service import ServiceDependency
from app.metrics import Metrics

#: Anybody can send any path: what is no route of ours is counted together.
UNKNOWN_ROUTE = "unknown"


async def measured(
    metrics: Metrics, scope: Scope, receive: Receive, send: Send, app: Callable[[Scope, Receive, Send], Awaitable[None]]
) -> None:
    """Serve one request and count it, also when there is no such route or the client goes away."""
    began = time.perf_counter()
    # What a client that has gone away is taken to have got, as proxies write it in their logs.
    status = 499

    async def noting(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        await send(message)

    try:
        await app(scope, receive, noting)
    finally:
        # Litestar's scope says what the template is, once a route has been found.
        known = cast("dict[str, object]", scope)
        route = str(known.get("path_template") or UNKNOWN_ROUTE)
        metrics.request_answered(str(known["method"]), route, status, time.perf_counter() - began)


class MetricsController(Controller):
    """What Prometheus reads."""

    include_in_schema = False

    @get("/metrics", media_type=MediaType.TEXT)
    async def metrics(self, service: ServiceDependency) -> Response[bytes]:
        """The counters of this process; needs no key, and is there only where `METRICS_ENABLED` is set."""
        if not service.settings.api.metrics:
            return Response(b"Metrics are off: METRICS_ENABLED switches them on\n", status_code=404)
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)
