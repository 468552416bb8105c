"""Sends one event to one address, and never to a machine behind our own door.

The address comes from a client, so it may name a machine that only we can reach. What a name resolves to is checked
when the connection is made, and the connection goes to the address that was checked: a name that resolves otherwise a
moment later changes nothing. Redirects are not followed, the environment's proxies are not used, and of the answer only
its status and headers are read.
"""

import asyncio
import hmac
import socket
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from hashlib import sha256
from ipaddress import ip_address
from typing import cast
from urllib.parse import unquote

import httpcore
import httpx
from msgspec import Struct

from graph.addresses import Target, is_public, target

#: Resolves a host to its addresses.
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

#: No endpoint makes us wait longer than this, whatever it asks for.
LONGEST_WAIT_SECONDS = 3600.0


class Undelivered(Exception):
    """The address has not taken the event; the message says why, in one line."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(Undelivered):
    """The address lies behind our own door, or is none: no further attempt will help while it stays so."""


class Delivering(Struct, frozen=True, kw_only=True):
    """How events are sent.

    Attributes:
        secret: signs what is sent.
        timeout_seconds: longest wait for one address, from resolving its name to its answer.
        allow_private: also send to private and loopback addresses.
    """

    secret: str
    timeout_seconds: float
    allow_private: bool


def sign(secret: str, body: bytes) -> str:
    """The signature of a body: HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), body, sha256).hexdigest()


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system what a host's addresses are.

    Raises:
        OSError: it has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


async def deliver(how: Delivering, url: str, event_id: str, body: bytes, resolving: Resolve = resolve) -> None:
    """Send an event; returns once the address has taken it.

    Args:
        how: secret, patience and caution.
        url: the address.
        event_id: the same for each attempt, by which a receiver can tell a repetition.
        body: what is sent and signed.
        resolving: resolves names.

    Raises:
        Refused: the address lies behind our own door.
        Undelivered: it did not answer with a status of 200 to 299.
    """
    try:
        where = target(url)
    except ValueError as fault:
        raise Refused(f"the address is not valid: {fault}") from None
    try:
        async with asyncio.timeout(how.timeout_seconds):
            status, headers = await _post(how, where, event_id, body, resolving)
    except TimeoutError:
        raise Undelivered(f"no answer within {how.timeout_seconds:g} s") from None
    except (httpcore.NetworkError, httpcore.TimeoutException, OSError) as fault:
        raise Undelivered(f"no connection: {type(fault).__name__}") from None
    except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as fault:
        raise Undelivered(f"no HTTP: {type(fault).__name__}") from None
    if not 200 <= status < 300:
        raise Undelivered(f"answered {status}", _retry_after(headers.get("retry-after")))


async def _post(
    how: Delivering, where: Target, event_id: str, body: bytes, resolving: Resolve
) -> tuple[int, dict[str, str]]:
    bare = f"[{where.host}]" if ":" in where.host else where.host
    headers: dict[str | bytes, str | bytes] = {
        "Host": bare if where.port == (443 if where.secure else 80) else f"{bare}:{where.port}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "User-Agent": "doxa",
        "X-Honcho-Signature": sign(how.secret, body),
        "X-Doxa-Event": event_id,
        "Connection": "close",
    }
    if where.user is not None:
        headers["Authorization"] = f"Basic {b64encode(unquote(where.user).encode()).decode()}"
    url = httpcore.URL(scheme="https" if where.secure else "http", host=where.host, port=where.port, target=where.path)
    network = _Checked(resolving, allow_private=how.allow_private)
    async with (
        httpcore.AsyncConnectionPool(ssl_context=_tls(), network_backend=network) as pool,
        # Leaving the block closes the connection with the answer's body unread.
        pool.stream("POST", url, headers=headers, content=body) as response,
    ):
        return response.status, {
            key.decode("latin-1").lower(): value.decode("latin-1") for key, value in response.headers
        }


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to addresses in the open network alone."""

    def __init__(self, resolving: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolving
        self._allow_private = allow_private
        # The checker takes it for the one of an installation without anyio, which is none.
        self._inner = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve the host, check all it resolves to, and connect to one of those addresses.

        The name is not resolved again, and TLS still asks for a certificate of the name.

        Raises:
            Refused: one of the addresses is not public.
        """
        addresses = await self._resolve(host, port)
        if not self._allow_private and not all(is_public(ip_address(address)) for address in addresses):
            raise Refused("the address is not public")
        fault: Exception = OSError("the host has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.NetworkError, httpcore.TimeoutException) as failed:
                fault = failed
        raise fault

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no URL of a webhook leads to one.

        Raises:
            Refused: always.
        """
        raise Refused("the address is not public")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _retry_after(said: str | None) -> float | None:
    """The seconds that a `Retry-After` header asks for, within reason; None if it is missing or says nothing."""
    if said is None:
        return None
    try:
        seconds = float(said) if said.strip().isdigit() else _until(said)
    except (ValueError, TypeError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)


def _until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
