"""Pages of a list on the wire."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from msgspec import Meta, Struct

from graph.types import Page as StoredPage
from graph.types import PageRequest

T = TypeVar("T")
W = TypeVar("W")


class PageQuery(Struct, frozen=True, kw_only=True):
    """Which page is wanted."""

    page: Annotated[int, Meta(ge=1)] = 1
    size: Annotated[int, Meta(ge=1, le=100)] = 50


class ListQuery(PageQuery, frozen=True, kw_only=True):
    """Which page is wanted, and in which direction."""

    reverse: bool | None = False


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list; `pages` is 0 when there is nothing."""

    items: Sequence[T]
    total: Annotated[int, Meta(ge=0)]
    page: Annotated[int, Meta(ge=1)]
    size: Annotated[int, Meta(ge=1)]
    pages: Annotated[int, Meta(ge=0)]


def requested(query: PageQuery) -> PageRequest:
    """The page that a query asks the store for."""
    return PageRequest(page=query.page, size=query.size, reverse=isinstance(query, ListQuery) and bool(query.reverse))


def paged(stored: StoredPage[T], query: PageQuery, show: Callable[[T], W]) -> Page[W]:
    """A stored page as it goes out, each item turned by `show`."""
    return Page(
        items=[show(item) for item in stored.items],
        total=stored.total,
        page=query.page,
        size=query.size,
        pages=-(-stored.total // query.size),
    )
