"""A real HTTP server on the loopback interface that takes events, and answers as it is told."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from msgspec import Struct


class Event(Struct, frozen=True):
    """A request as it came in; names of headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Answer(Struct, frozen=True):
    """What a request gets: `endless` sends a body that has no end until nobody reads it."""

    status: int = 200
    headers: Mapping[str, str] = {}
    endless: bool = False


class Hooked:
    """The server: what it has been told, and how it answers."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.answer: Callable[[Event], Answer] = lambda event: Answer()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


@contextmanager
def listening() -> Generator[Hooked]:
    hooked = Hooked()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            event = Event(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            hooked.events.append(event)
            answer = hooked.answer(event)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                while answer.endless:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                # Nobody reads it any more, which is what the test is about.
                return

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hooked.port = server.server_port
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield hooked
        server.shutdown()
        serving.join()


@pytest.fixture
def hooked() -> Generator[Hooked]:
    with listening() as server:
        yield server
