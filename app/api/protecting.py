"""Headers that tell browsers what they must not do with an answer; on every answer, whoever gives it."""

import base64
import hashlib
import re
from collections.abc import Mapping

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Send

from app.settings import ApiSettings

#: An answer that is no page needs nothing at all.
NOTHING = "default-src 'none'; frame-ancestors 'none'"
_INLINE = re.compile(rb"<(script|style)>(.*?)</\1>", re.DOTALL)


class Protection:
    """Adds the headers that an answer does not have yet.

    Args:
        settings: which headers.
        pages: the policies of pages, by their paths.
    """

    def __init__(self, settings: ApiSettings, pages: Mapping[str, str]) -> None:
        self._pages: Mapping[str, str] = pages if settings.security_headers else {}
        self._always: dict[str, str] = {}
        if settings.security_headers:
            self._always = {
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
                "Referrer-Policy": "no-referrer",
                "Content-Security-Policy": NOTHING,
            }
        if settings.hsts_seconds:
            hsts = f"max-age={settings.hsts_seconds}; includeSubDomains"
            self._always = {**self._always, "Strict-Transport-Security": hsts}

    def sending(self, path: str, send: Send) -> Send:
        """What sends an answer with the headers; what comes from the API is not to be kept by anybody in between."""
        headers = dict(self._always)
        if path.startswith("/v3"):
            headers["Cache-Control"] = "no-store"
        policy = self._pages.get(path.rstrip("/"))
        if policy is not None:
            headers["Content-Security-Policy"] = policy

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableScopeHeaders.from_message(message)
                for name, value in headers.items():
                    if name not in sent:
                        sent[name] = value
            await send(message)

        return protected


def page_policy(page: bytes) -> str:
    """The policy of a page that runs the scripts and styles that are written in it, and asks its own server alone."""
    hashes: dict[bytes, list[str]] = {b"script": [], b"style": []}
    for kind, text in _INLINE.findall(page):
        hashes[kind].append(f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'")
    return (
        f"default-src 'none'; connect-src 'self'; script-src {' '.join(hashes[b'script'])}; "
        f"style-src {' '.join(hashes[b'style'])}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
