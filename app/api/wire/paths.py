"""Lets anything be called like a word of the routes.

Litestar's router takes the fixed word wherever one fits and never turns back, so of a session called `list` nothing
below it could be reached. Where a path fits a route only if such a word is a name, the name is marked before the router
sees it, and the mark is taken off before a handler does.
"""

from collections.abc import Iterable, Sequence

from litestar.middleware import ASGIMiddleware
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send
from msgspec import Struct

MARK = "\0"


class _Template(Struct, frozen=True):
    """A route: its fixed words, with None where a name stands, and its verbs."""

    words: tuple[str | None, ...]
    verbs: frozenset[str]

    def fits(self, parts: Sequence[str], verb: str) -> bool:
        return verb in self.verbs and self.shaped(parts)

    def shaped(self, parts: Sequence[str]) -> bool:
        return len(parts) == len(self.words) and all(
            word is None or word == part for word, part in zip(self.words, parts, strict=True)
        )

    @property
    def fixed(self) -> int:
        return sum(word is not None for word in self.words)


class Paths:
    """Which paths need marks, given all routes."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._templates = [
            _Template(
                tuple(part if isinstance(part, str) else None for part in route.path_components),
                frozenset(route.methods),
            )
            for route in routes
            if isinstance(route, HTTPRoute)
        ]
        names = {template.words[:at] for template in self._templates for at in _names(template)}
        self._words = {
            word
            for template in self._templates
            for at, word in enumerate(template.words)
            if word is not None and template.words[:at] in names
        }

    def verbs(self, path: str) -> frozenset[str]:
        """The verbs that the path is served for, by whichever routes fit it."""
        parts = [part for part in path.split("/") if part]
        fitting = [template for template in self._templates if template.shaped(parts)]
        most = max((template.fixed for template in fitting), default=0)
        return frozenset(verb for template in fitting if template.fixed == most for verb in template.verbs)

    def marked(self, path: str, verb: str) -> str:
        """The path with a mark before each name that the router would take for a word."""
        parts = [part for part in path.split("/") if part]
        if not any(part in self._words or part.startswith(MARK) for part in parts):
            return path
        fitting = [template for template in self._templates if template.fits(parts, verb)]
        if not fitting:
            return path
        best = max(fitting, key=lambda template: template.fixed)
        return "/" + "/".join(
            MARK + part if word is None else part for word, part in zip(best.words, parts, strict=True)
        )


class Unmarked(ASGIMiddleware):
    """Takes the marks off again."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Give the handler names as the client sent them."""
        names = scope["path_params"]
        if any(str(value).startswith(MARK) for value in names.values()):
            scope["path_params"] = {key: str(value).removeprefix(MARK) for key, value in names.items()}
        await next_app(scope, receive, send)


def _names(template: _Template) -> list[int]:
    return [at for at, word in enumerate(template.words) if word is None]
