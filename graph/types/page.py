"""Pages of a list."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class PageRequest(Struct, frozen=True, kw_only=True):
    """Which page of a list is wanted: `page` counts from 1, `size` is 1 to 100."""

    page: int = 1
    size: int = 50
    reverse: bool = False

    @property
    def skip(self) -> int:
        """How many items come before the page."""
        return (self.page - 1) * self.size


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page: its items, and how many there are on all pages."""

    items: Sequence[T]
    total: int
