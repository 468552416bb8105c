"""Where a URL points, and whether that lies in the open network or behind somebody's door.

Python's own `is_global` calls some addresses public that are not (many IPv6 addresses that carry an IPv4 one, for
example), so what carries another address is opened here, and of IPv6 only the range counts that is given out
(2000::/3). The special ranges are IANA's registries of special-purpose addresses.
"""

import re
import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from msgspec import Struct

_GIVEN_OUT = IPv6Network("2000::/3")
_TRANSLATED = IPv6Network("64:ff9b::/96")
_SPECIAL = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols, Teredo among them
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)
_SPECIAL_V4 = (
    IPv4Network("192.0.0.0/24"),  # protocols
    IPv4Network("192.88.99.0/24"),  # relays of 6to4, given up
)
#: The forms of IPv4 addresses that are not four decimal numbers: `2130706433`, `0x7f.1`, `017700000001`.
_OLD_FORM = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}")

_OUTSIDE_URLS = re.compile(r"[\s\x00-\x20\x7f\\]")
_KEPT_IN_PATHS = "/%:@!$&'()*+,;=~-._?[]|"


class Target(Struct, frozen=True):
    """Where a URL points.

    Attributes:
        host: in ASCII, without the brackets of IPv6.
        path: with the query, in ASCII.
        user: name and password as `name:password`, or None.
    """

    secure: bool
    host: str
    port: int
    path: str
    user: str | None


def target(url: str) -> Target:
    """Take a URL apart.

    Raises:
        ValueError: it is none, or not http or https; the message says why.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise ValueError("it must start with http:// or https://")
    if _OUTSIDE_URLS.search(url):
        raise ValueError("it must hold no spaces, control characters or backslashes")
    try:
        host = (parts.hostname or "").encode("ascii" if (parts.hostname or "").isascii() else "idna").decode()
    except UnicodeError:
        raise ValueError("its host is not a name") from None
    secure = parts.scheme == "https"
    port = parts.port if parts.port is not None else 443 if secure else 80
    if not host or not port:
        raise ValueError("it must name a host, and no port 0")
    path = quote(parts.path or "/", safe=_KEPT_IN_PATHS)
    query = f"?{quote(parts.query, safe=_KEPT_IN_PATHS)}" if parts.query else ""
    user, named, _ = parts.netloc.rpartition("@")
    return Target(secure, host, port, path + query, user if named else None)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address lies in the open network: not private, loopback, link-local, multicast or reserved."""
    if isinstance(address, IPv4Address):
        special = any(address in network for network in _SPECIAL_V4)
        return address.is_global and not (address.is_multicast or address.is_reserved or special)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address.sixtofour is not None:
        return is_public(address.sixtofour)
    if address in _TRANSLATED:
        return is_public(IPv4Address(address.packed[-4:]))
    return address.scope_id is None and address in _GIVEN_OUT and not any(address in special for special in _SPECIAL)


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that the host of a URL is, in any form that resolvers take; None for a name.

    Args:
        host: without the brackets of IPv6.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    # With a dot at its end it is the same to a resolver.
    bare = host.removesuffix(".")
    if _OLD_FORM.fullmatch(bare) is None:
        return None
    try:
        return IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None
