"""Refuses bodies that are too large in a way that clients can hear."""

from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

#: Up to so many times the limit is read and thrown away before the refusal: a client that is still sending when the
#: connection closes sees a broken connection instead of the answer.
DRAINED = 4


class LargeBodies(ASGIMiddleware):
    """Refuses a body whose announced length is over the limit of its route, or over the general one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let the request pass, or read its body to the end and refuse it.

        Raises:
            HTTPException: the body is over the limit.
        """
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        handler = scope["route_handler"]
        of_route = handler.resolve_request_max_body_size() if isinstance(handler, HTTPRouteHandler) else None
        limit = of_route or self._limit
        if not announced.isdigit() or int(announced) <= limit:
            await next_app(scope, receive, send)
            return
        await _drain(receive, self._limit * DRAINED)
        raise HTTPException("Request Entity Too Large", status_code=413)


async def _drain(receive: Receive, most: int) -> None:
    read = 0
    while read <= most:
        message = await receive()
        if message["type"] != "http.request":
            return
        read += len(message["body"])
        if not message["more_body"]:
            return
