"""Whether a server answers: one small question per protocol, asked again until it does."""

# The Redis client leaves its keyword arguments without types.
# pyright: reportUnknownMemberType=false

import os
import socket
import ssl
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import redis
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
        try:
            # Never through a proxy: this is the machine itself.
            return httpx.get(self.url, timeout=SECONDS, trust_env=False).status_code < 400
        except httpx.TransportError:
            return False


class Bolt(Struct, frozen=True, tag="bolt"):
    """Agrees on a version of Bolt; with a `+s` or `+ssc` scheme inside TLS."""

    uri: str

    def answers(self, start: Start) -> bool:
        """Whether it answers now."""
        parts = urlsplit(self.uri)
        address = (parts.hostname or "127.0.0.1", parts.port or 7687)
        try:
            with socket.create_connection(address, timeout=SECONDS) as plain, _secured(plain, parts.scheme) as stream:
                stream.sendall(_BOLT_HELLO)
                return len(answer := stream.recv(4)) == 4 and answer != bytes(4)
        except OSError:
            return False


def _secured(plain: socket.socket, scheme: str) -> socket.socket:
    if "+" not in scheme:
        return plain
    context = ssl.create_default_context()
    # Only whether somebody answers is asked, nothing is told; the driver checks certificates as its scheme says.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain)


class Redis(Struct, frozen=True, tag="redis"):
    """Answers PING at a `redis://`, `rediss://` or `unix://` address."""

    url: str

    def answers(self, start: Start) -> bool:
        """Whether it answers now."""
        client = redis.Redis.from_url(self.url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
        try:
            return bool(client.ping())
        except (redis.RedisError, OSError):
            return False
        finally:
            client.close()


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


Probe = Alive | Http | Bolt | Redis | Logged | Both
