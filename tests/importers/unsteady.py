"""A real service behind a connection that fails now and then, on purpose and in a chosen order."""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Thread
from typing import Literal

import httpx

Fate = Literal["pass", "lose the request", "lose the answer", "busy", "be late"]

#: How late: the client has looked what is there, and has sent again, before the first request arrives.
LATE_SECONDS = 2.5


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, fates: Iterator[Fate]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = httpx.Client(base_url=upstream, trust_env=False, timeout=60)
        self.fates = fates


class _Handler(BaseHTTPRequestHandler):
    """Passes everything on; what becomes of a request that stores messages is told by the fates."""

    @property
    def origin(self) -> _Server:
        assert isinstance(self.server, _Server)
        return self.server

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def do_PUT(self) -> None:
        self._pass()

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fate = next(self.origin.fates, "pass") if self.path.endswith("/messages") else "pass"
        if fate == "busy":
            self._answer(503, b'{"detail": "busy"}')
        elif fate != "lose the request":
            if fate == "be late":
                self.connection.shutdown(SHUT_RDWR)
                time.sleep(LATE_SECONDS)
            kept = ("Content-Type", "Idempotency-Key")
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            answer = self.origin.upstream.request(self.command, self.path, content=body, headers=headers)
            if fate == "pass":
                self._answer(answer.status_code, answer.content)
        self.close_connection = True

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def unsteady(upstream: str, fates: Iterator[Fate]) -> Generator[str]:
    """The address of a connection to the service at `upstream`."""
    server = _Server(upstream, fates)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        server.upstream.close()
        thread.join()
