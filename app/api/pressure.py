"""Refuses what is more than this process can take, before a body is read: so memory is bounded and nobody starves.

Refused is with 503 and `Retry-After`, which clients understand. What says that the service is alive, ready or busy is
always answered (`unbounded=True` at the route).
"""

import asyncio
import contextlib
import time
from collections.abc import Callable

from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send

from app.api.errors import Busy
from app.settings import PressureSettings

#: Up to so many times the largest body is read and thrown away before a refusal.
DRAINED = 4


class Pressure(ASGIMiddleware):
    """Bounds the requests under way, the bytes of their bodies, the time that a body may take, and chats with a model.

    Args:
        bounds: how much of each.
        largest: bytes of one body at most.
        slow_chats: whether a language model answers chats; only then have they a bound of their own.
    """

    def __init__(self, bounds: PressureSettings, largest: int, slow_chats: bool) -> None:
        self._bounds = bounds
        self._largest = largest
        self._slow_chats = slow_chats
        self._requests = 0
        self._chats = 0
        self._held = 0

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve the request, or refuse it.

        Raises:
            Busy: there is too much under way.
            HTTPException: its body did not come in time.
        """
        handler = scope["route_handler"]
        options = handler.opt if isinstance(handler, HTTPRouteHandler) else {}
        if options.get("unbounded"):
            await next_app(scope, receive, send)
            return
        body = _Body(self, receive, self._bounds.body_seconds, _announced(scope, self._largest), self._largest)
        chat = self._slow_chats and bool(options.get("streams"))
        refusal = self._refusal(body, chat)
        if refusal is not None:
            await body.drain()
            raise Busy(refusal)
        with contextlib.ExitStack() as place:
            self._requests += 1
            self._chats += chat
            place.callback(self._leave, body, chat)
            body.hold()
            await next_app(scope, body, body.answering(send, place.close))

    def take(self, size: int) -> bool:
        """Count bytes as held; False if they would be too many."""
        if size > 0 and self._held + size > self._bounds.held_bytes:
            return False
        self._held += size
        return True

    def _leave(self, body: "_Body", chat: bool) -> None:
        self._requests -= 1
        self._chats -= chat
        body.release()

    def _refusal(self, body: "_Body", chat: bool) -> str | None:
        if self._requests >= self._bounds.requests:
            return "Too many requests are under way; try again"
        if chat and self._chats >= self._bounds.chats:
            return "Too many chats are under way; try again"
        if self._held + body.announced > self._bounds.held_bytes:
            return "Too many large requests are under way; try again"
        return None


class _Body:
    """The body of one request as it comes in: its bytes are counted, and its end is waited for only so long."""

    def __init__(self, pressure: Pressure, receive: Receive, seconds: float, announced: int, largest: int) -> None:
        self.announced = announced
        self._most = largest * DRAINED
        self._pressure = pressure
        self._receive = receive
        self._until = time.monotonic() + seconds
        self._read = 0
        self._held = 0
        self._complete = False
        self._late = False

    async def __call__(self) -> ReceiveMessage:
        """The next message.

        Raises:
            Busy: a body whose length was not announced has become too much.
            HTTPException: it did not come in time.
        """
        message = await self._next()
        more = self._read - self._held
        if more > 0:
            if not self._pressure.take(more):
                raise Busy("Too many large requests are under way; try again")
            self._held += more
        return message

    def hold(self) -> None:
        """Count what is announced as held already."""
        if self._pressure.take(self.announced):
            self._held = self.announced

    def release(self) -> None:
        """Nothing of it is held any more."""
        self._pressure.take(-self._held)
        self._held = 0

    def answering(self, send: Send, leave: Callable[[], None]) -> Send:
        """`send`, which first waits for what is left of the body: an answer may come before it was read.

        Who is refused before anything was read (for want of a key, say) has no place among the requests meanwhile.
        """

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and not self._late:
                if message["status"] >= 400 and not self._read:
                    leave()
                # One that does not end in time has its answer all the same.
                with contextlib.suppress(HTTPException):
                    await self.drain()
            await send(message)

        return answer

    async def drain(self) -> None:
        """Read what is left of the body and throw it away, up to a bound.

        A client that is still sending when the connection closes sees it broken, and not the answer.

        Raises:
            HTTPException: it did not come in time.
        """
        while not self._complete and self._read <= self._most:
            if (await self._next())["type"] != "http.request":
                return

    async def _next(self) -> ReceiveMessage:
        if self._complete:
            # What is waited for now is that the client goes away, for as long as the answer takes.
            return await self._receive()
        try:
            async with asyncio.timeout(self._until - time.monotonic()):
                message = await self._receive()
        except TimeoutError:
            self._late = True
            headers = {"Connection": "close"}
            raise HTTPException("The body did not come in time", status_code=408, headers=headers) from None
        if message["type"] == "http.request":
            self._read += len(message["body"])
            self._complete = not message["more_body"]
        return message


def _announced(scope: Scope, most: int) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return min(int(length), most) if length.isdigit() else 0
