"""Reading one page of a list and how long the list is, from one state of the database."""

from collections.abc import Callable
from typing import TypeVar

from graph.driver import Database, Transaction
from graph.queries.messages import TotalRow
from graph.query import Parameters, Predicate, Query, Row
from graph.types import Page, PageRequest

N = TypeVar("N", bound=Parameters)
P = TypeVar("P", bound=Parameters)
R = TypeVar("R", bound=Row)
T = TypeVar("T")


async def read_page(
    database: Database,
    request: PageRequest,
    where: Predicate | None,
    *,
    total: tuple[Query[N, TotalRow], N],
    items: tuple[Query[P, R], P],
    make: Callable[[R], T],
) -> Page[T]:
    """Count a list and read a page of it; a page past the end costs the count alone."""

    async def work(tx: Transaction) -> Page[T]:
        size = (await tx.one(*total, where)).total
        rows = await tx.many(*items, where) if request.skip < size else []
        return Page(items=[make(row) for row in rows], total=size)

    return await database.read(work)
