"""What a perspective holds, laid out for whoever looks for places in it that are worth a thought."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import dreams as queries
from graph.types import Level

#: The newest conclusions of a perspective are laid out, so many at most.
LAID_OUT = 800


class Node(Struct, frozen=True, kw_only=True):
    """A living conclusion as a place in the graph.

    Attributes:
        message_ids: the messages it rests on directly.
        premise_ids: the conclusions it rests on directly.
        derivations: in how many ways it is supported; 0 for what a client stated.
        used: how many living conclusions rest on it directly, and one more if the card does.
        fresh: whether no dream has looked at it: it is newer than the last one or was left by that, and not of a dream.
        unweighed: whether nothing was derived from it yet.
        vector: of unit length.
    """

    id: str
    level: Level
    content: str
    created_at: datetime
    message_ids: Sequence[str] = ()
    premise_ids: Sequence[str] = ()
    derivations: int = 1
    used: int = 0
    fresh: bool = True
    unweighed: bool = False
    vector: Sequence[float] = ()


class Clash(Struct, frozen=True, kw_only=True):
    """Two living conclusions that cannot both be so.

    Attributes:
        at: when that was noted.
        gained: whether one of them has gained a source since.
    """

    one_id: str
    other_id: str
    at: datetime
    gained: bool


class Landscape(Struct, frozen=True, kw_only=True):
    """What a perspective holds: the newest `LAID_OUT`, oldest first, and the contradictions among them."""

    nodes: Sequence[Node]
    clashes: Sequence[Clash] = ()


class _Noted(Struct, frozen=True):
    """What is noted on the perspective itself."""

    dreamed_at: datetime | None = None
    left: frozenset[str] = frozenset()
    on_card: frozenset[str] = frozenset()

    @classmethod
    def on(cls, view: queries.ViewRow | None) -> "_Noted":
        if view is None:
            return cls()
        return cls(view.dreamed_at, frozenset(view.left_ids), frozenset(" ".join(view.card_rests).split()))


async def lay_out(database: Database, workspace_id: str, observer_id: str, observed_id: str) -> Landscape:
    """Lay out what a perspective holds; an unknown one holds nothing.

    Raises:
        StoreFault: the database did not do its part.
    """
    wanted = queries.SomeOf(
        workspace_id=workspace_id, perspective=perspective(workspace_id, observer_id, observed_id), limit=LAID_OUT
    )
    pair = queries.OfPair(workspace_id=workspace_id, observer_id=observer_id, observed_id=observed_id)

    async def read(tx: Transaction) -> Landscape:
        view = await tx.maybe(queries.VIEW, pair)
        rows = await tx.many(queries.LANDSCAPE, wanted)
        return Landscape(
            nodes=[_node(row, _Noted.on(view)) for row in reversed(rows)],
            clashes=_clashes(rows),
        )

    return await database.read(read)


def _node(row: queries.LandscapeRow, noted: _Noted) -> Node:
    younger = noted.dreamed_at is None or row.created_at > noted.dreamed_at
    return Node(
        id=row.id,
        level=row.level,
        content=row.content,
        created_at=row.created_at,
        message_ids=row.message_ids,
        premise_ids=row.premise_ids,
        derivations=row.derivations,
        used=row.used + int(row.id in noted.on_card),
        # What a dream has concluded is no reason to dream again.
        fresh=not row.dreamt and (younger or row.id in noted.left),
        unweighed=row.unweighed,
        vector=row.vector,
    )


def _clashes(rows: Sequence[queries.LandscapeRow]) -> list[Clash]:
    gained = {(row.id, clash.other_id): clash.gained for row in rows for clash in row.clashes}
    return [
        Clash(
            one_id=row.id,
            other_id=clash.other_id,
            at=clash.at,
            gained=clash.gained or gained.get((clash.other_id, row.id), False),
        )
        for row in rows
        for clash in row.clashes
        # Both ends name each other: the first by id speaks for the two.
        if row.id < clash.other_id and (clash.other_id, row.id) in gained
    ]
