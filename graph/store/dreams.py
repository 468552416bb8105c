"""Dreams: asking for one, and what it reads and writes of its perspective."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec
from msgspec import Struct

from graph.configuration import Card, Dream, of_peer, resolve_card, resolve_dream
from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.ids import new_id
from graph.names import check_known_name, refuse_scope_peer
from graph.perspective import content_key, perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import dreams as queries
from graph.store import work
from graph.store.json_text import decode
from graph.types import Run, Unit, Wake

#: `omni` consolidates what is held and writes the card; `card_refresh` writes the card alone.
Kind = Literal["omni", "card_refresh"]
Confidence = Literal["low", "medium", "high"]


class Asked(Struct, frozen=True, kw_only=True):
    """What is asked of a dream.

    Attributes:
        session_id: the session whose configuration counts too, or None.
        rebuild: write the card even over one that a caller set.
    """

    kind: Kind
    session_id: str | None = None
    rebuild: bool = False


class Outright(Struct, frozen=True):
    """What a perspective holds of what was said outright in a session."""

    id: str
    content: str
    session_id: str


class Pattern(Struct, frozen=True):
    """What several conclusions of a perspective say alike.

    Attributes:
        content: in the words of one of them.
        premise_ids: all of them, at least two.
    """

    content: str
    premise_ids: Sequence[str]
    confidence: Confidence


class Allowed(Struct, frozen=True):
    """What the configurations allow: to dream at all, and to write cards."""

    dreams: bool
    cards: bool


def unit(workspace_id: str, observer_id: str, observed_id: str, asked: Asked, *, once: bool = False) -> Unit:
    """The unit of work that is a dream of one kind over one perspective."""
    return Unit(
        key=f"dream/{asked.kind}/{workspace_id}/{observer_id}/{observed_id}",
        kind="dream",
        peer_id=observed_id,
        observer_id=observer_id,
        detail=msgspec.json.encode(asked).decode(),
        once=once,
    )


def asked_of(detail: str) -> Asked:
    """What a unit's detail asks for."""
    return msgspec.json.decode(detail, type=Asked)


async def schedule(
    database: Database, workspace_id: str, observer_id: str, observed_id: str, asked: Asked
) -> list[Wake]:
    """Ask for a dream; nothing when the same one waits or runs already. Peers and session need not exist.

    Returns:
        the unit of work to wake workers for.

    Raises:
        Invalid: a name that nothing can have, or one under which no peer is observed.
        NotFound: there is no such workspace.
        StoreFault: the database did not do its part.
    """
    check_known_name("peer", observer_id)
    check_known_name("peer", observed_id)
    refuse_scope_peer(observed_id)
    if asked.session_id is not None:
        check_known_name("session", asked.session_id)

    async def request(tx: Transaction) -> list[Wake]:
        if await tx.maybe(queries.WORKSPACE, queries.InWorkspace(workspace_id=workspace_id)) is None:
            raise NotFound(f"Workspace {workspace_id} not found")
        return await work.request(tx, workspace_id, [unit(workspace_id, observer_id, observed_id, asked, once=True)])

    return await database.write(request)


async def allowed(database: Database, workspace_id: str, observed_id: str, session_id: str | None) -> Allowed:
    """What the configurations of the workspace, the observed peer and a session allow; nothing without a workspace."""
    wanted = queries.LevelsOf(workspace_id=workspace_id, observed_id=observed_id, session_id=session_id)
    row = await database.maybe(queries.LEVELS, wanted)
    if row is None:
        return Allowed(False, False)
    levels = (decode(row.workspace), of_peer(decode(row.peer)), decode(row.session))
    return Allowed(resolve_dream(Dream(), *levels).enabled, resolve_card(Card(), *levels).create)


async def outright(database: Database, workspace_id: str, observer_id: str, observed_id: str) -> list[Outright]:
    """What a perspective holds of what was said outright in sessions, oldest first."""
    pair = queries.InPerspective(
        workspace_id=workspace_id, perspective=perspective(workspace_id, observer_id, observed_id)
    )
    rows = await database.many(queries.EXPLICIT, pair)
    return [Outright(row.id, row.content, row.session_id) for row in rows]


async def induced(
    database: Database, workspace_id: str, observer_id: str, observed_id: str
) -> Mapping[str, frozenset[str]]:
    """What a perspective holds by induction: the ids of the premises by `pattern_key`."""
    pair = queries.InPerspective(
        workspace_id=workspace_id, perspective=perspective(workspace_id, observer_id, observed_id)
    )
    rows = await database.many(queries.INDUCED, pair)
    return {row.content_key: frozenset(row.premise_ids) for row in rows}


def pattern_key(content: str) -> str:
    """What makes two texts state the same pattern: `content_key` of an inductive conclusion, of no session."""
    return content_key(content, "inductive", None)


async def induce(
    tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, run: Run, patterns: Sequence[Pattern]
) -> None:
    """Store patterns as inductive conclusions that rest on their premises; one that is held gets what it lacks."""
    now = datetime.now(UTC)
    rows: list[dict[str, object]] = [
        {
            "id": new_id(),
            "content_key": pattern_key(pattern.content),
            "premise_ids": list(pattern.premise_ids),
            "confidence": pattern.confidence,
            # A microsecond apart: a list by time keeps the order in which they were concluded.
            "created_at": now + timedelta(microseconds=position),
        }
        for position, pattern in enumerate(patterns)
    ]
    await tx.run(conclusion_queries.RUN, work.record(workspace_id, run))
    wanted = queries.Induce(
        workspace_id=workspace_id,
        observer_id=observer_id,
        observed_id=observed_id,
        perspective=perspective(workspace_id, observer_id, observed_id),
        run_id=run.id,
        rows=rows,
        now=now,
    )
    await tx.many(queries.INDUCE, wanted)


async def firmest(tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, limit: int) -> list[str]:
    """The texts of what a perspective holds most firmly: patterns first, then what was concluded more than once."""
    wanted = queries.Firm(
        workspace_id=workspace_id, perspective=perspective(workspace_id, observer_id, observed_id), limit=limit
    )
    return [row.content for row in await tx.many(queries.FIRM, wanted)]


async def write_card(
    tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, card: Sequence[str], *, rebuild: bool
) -> None:
    """Write the card of a perspective that holds something, over a caller's only to rebuild it.

    An empty card takes away one that a dream wrote.
    """
    wanted = queries.Card(
        workspace_id=workspace_id,
        observer_id=observer_id,
        observed_id=observed_id,
        card=list(card),
        rebuild=rebuild,
        now=datetime.now(UTC),
    )
    await tx.run(queries.CARD, wanted)


async def dreamed(tx: Transaction, workspace_id: str, observer_id: str, observed_id: str) -> None:
    """Record that a perspective was dreamt over."""
    wanted = queries.Pair(
        workspace_id=workspace_id, observer_id=observer_id, observed_id=observed_id, now=datetime.now(UTC)
    )
    await tx.run(queries.DREAMED, wanted)
