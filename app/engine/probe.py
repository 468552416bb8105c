"""Whether a server answers: one small question per protocol, asked again until it does.

Asked over bare sockets: the real clients take longer to import than everything else that `doxa status` does.
"""

import base64
import json
import os
import socket
import ssl
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

SECONDS = 2.0
"""Longest wait for one answer."""


class Start(Struct, frozen=True):
    """What a probe may know of the start that it asks about."""

    began: float
    """Monotonic time of the start."""
    log: Path = Path(os.devnull)
    """Where the process logs to."""
    offset: int = 0
    """Size of that log at the start, in bytes."""


_BOLT_HELLO = bytes.fromhex("6060b01700000405000204040000030400000000")
"""Bolt's preamble and four offers of versions, as the protocol's handshake asks for them."""


class Alive(Struct, frozen=True, tag="alive"):
    """Answers once it has run for `seconds` (for what has no port)."""

    seconds: float = 0.0

    def answers(self, start: Start) -> bool:
        """Whether it counts as up."""
        return time.monotonic() - start.began >= self.seconds


class Http(Struct, frozen=True, tag="http"):
    """Answers an HTTP GET with a status below 400."""

    url: str

    def answers(self, start: Start) -> bool:
        """Whether it answers now."""
        parts = urlsplit(self.url)
        with closing(HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=SECONDS)) as connection:
            try:
                connection.request("GET", parts.path or "/")
                return connection.getresponse().status < 400
            except (OSError, HTTPException):
                return False


class Bolt(Struct, frozen=True, tag="bolt"):
    """Agrees on a version of Bolt; with a `+s` or `+ssc` scheme inside TLS."""

    uri: str

    def answers(self, start: Start) -> bool:
        """Whether it answers now."""
        return len(answer := _ask(self.uri, 7687, _BOLT_HELLO)) == 4 and answer != bytes(4)


class Redis(Struct, frozen=True, tag="redis"):
    """Answers PING at a `redis://`, `rediss://` or `unix://` address, if only by asking for the password."""

    url: str

    def answers(self, start: Start) -> bool:
        """Whether it answers now."""
        return _ask(self.url, 6379, b"PING\r\n") in {b"+PON", b"-NOA"}


def _ask(url: str, default_port: int, question: bytes) -> bytes:
    """The first four bytes that a server says to a question; none if it says nothing."""
    parts = urlsplit(url)
    host = parts.hostname or "127.0.0.1"
    try:
        with _connected(parts.scheme, host, parts.port or default_port, parts.path) as stream:
            stream.sendall(question)
            return stream.recv(4)
    except OSError:
        return b""


def _connected(scheme: str, host: str, port: int, path: str) -> socket.socket:
    if scheme == "unix":
        local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        local.settimeout(SECONDS)
        local.connect(path)
        return local
    plain = socket.create_connection((host, port), timeout=SECONDS)
    if scheme != "rediss" and "+" not in scheme:
        return plain
    context = ssl.create_default_context()
    # Only whether somebody answers is asked, nothing is told; the driver checks certificates as its scheme says.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=host)


class Logged(Struct, frozen=True, tag="logged"):
    """Answers by logging a line that holds `text` (for what has no port)."""

    text: str

    def answers(self, start: Start) -> bool:
        """Whether it has logged the text since its start."""
        try:
            with start.log.open("rb") as file:
                # A log that is shorter than at the start has been rotated meanwhile: then all of it counts.
                file.seek(start.offset if start.offset <= file.seek(0, os.SEEK_END) else 0)
                return self.text.encode() in file.read()
        except FileNotFoundError:
            return False


class Both(Struct, frozen=True, tag="both"):
    """Answers when two probes do."""

    first: "Probe"
    second: "Probe"

    def answers(self, start: Start) -> bool:
        """Whether both answer now."""
        return self.first.answers(start) and self.second.answers(start)


class Space(Struct, frozen=True, tag="space"):
    """Answers when so many bytes are free on the disk of a folder."""

    folder: str
    least: int

    def answers(self, start: Start) -> bool:
        """Whether there is space now."""
        try:
            disk = os.statvfs(self.folder)
        except OSError:
            return False
        return disk.f_bavail * disk.f_frsize >= self.least


#: Asked of the server, not of the store: it is answered when no database takes a transaction.
_HOW_IS_IT = "SHOW DATABASES YIELD access, statusMessage"


class Spent(Struct, frozen=True, tag="spent"):
    """Answers when a Neo4j says that a database of its own takes no more writes, or failed and needs a new start."""

    url: str
    """Of its HTTP interface."""
    user: str
    password_file: str

    def answers(self, start: Start) -> bool:
        """Whether it says so now; one that says nothing may only be busy."""
        parts = urlsplit(self.url)
        with closing(HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=SECONDS)) as connection:
            try:
                password = Path(self.password_file).read_text(encoding="utf-8").strip()
                key = base64.b64encode(f"{self.user}:{password}".encode()).decode()
                headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
                body = json.dumps({"statement": _HOW_IS_IT})
                connection.request("POST", "/db/system/query/v2", body, headers)
                found = json.loads(connection.getresponse().read())["data"]["values"]
            except (OSError, HTTPException, ValueError, LookupError):
                return False
        return any(access == "read-only" or said for access, said in found)


Probe = Alive | Http | Bolt | Redis | Logged | Both | Space | Spent
