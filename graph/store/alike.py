"""What perspectives hold that is alike to new texts: compared one by one where that is few, else asked of the index."""

from typing import TypeVar

import msgspec

from graph.driver import Transaction
from graph.queries.likeness import Alike, AlikeRow, SizeRow, Sizes
from graph.query import Query
from graph.store.conclusions import EXACT_BELOW

S = TypeVar("S", bound=Sizes)
A = TypeVar("A", bound=Alike)
R = TypeVar("R", bound=AlikeRow)


async def compare(
    tx: Transaction, size: Query[S, SizeRow], sizes: S, exact: Query[A, R], index: Query[A, R], asked: A
) -> dict[int, list[R]]:
    """What is held that is alike to each text, by the text's place, the nearest first.

    Args:
        tx: the caller's transaction.
        size: counts what there is to compare with.
        sizes: the perspectives of all texts, counted up to `EXACT_BELOW`.
        exact: compares a text with each.
        index: asks the vector index, which is for what is too much to compare.
        asked: the texts.
    """
    total = {row.perspective: row.total for row in await tx.many(size, sizes)}
    found: dict[int, list[R]] = {}
    for query, few in ((exact, True), (index, False)):
        wanted = [row for row in asked.rows if (held := total[str(row["perspective"])]) and (held < EXACT_BELOW) is few]
        if not wanted:
            continue
        for one in await tx.many(query, msgspec.structs.replace(asked, rows=wanted)):
            found.setdefault(one.place, []).append(one)
    return found
