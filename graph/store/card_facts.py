"""Which of the conclusions that a card may tell are allowed on it, by `peer_card.create`."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from graph.card_lines import Fact
from graph.configuration import Card, Level, resolve_card
from graph.driver import Transaction
from graph.queries import cards as queries
from graph.store.json_text import decode

#: Looked at are of each slot that is told at once the newest, of all the firmest, and the newest patterns.
#: More than a card's lines, since some say the same and some are too long.
OF_SLOT, FIRMEST, PATTERNS = 20, 80, 40

#: The configuration of the workspace, and that of the observed peer.
Levels = tuple[Level, Level]


async def allowed(
    tx: Transaction,
    workspace_id: str,
    rows: Collection[queries.FactRow],
    levels: Mapping[str, Levels],
    kept: Collection[str],
) -> dict[str, list[Fact]]:
    """What each card may tell, by perspective; at most one query.

    Args:
        tx: the transaction.
        workspace_id: name of the workspace.
        rows: what was found.
        levels: what is configured for each perspective.
        kept: conclusions that are on a card already, which they leave only when they fall.
    """
    sessions = sorted({each for row in rows for each in row.session_ids})
    said_in = await _said_in(tx, workspace_id, sessions) if sessions else {}
    facts: dict[str, list[Fact]] = {}
    for row in rows:
        # Any session may allow what is not allowed in general.
        said: Iterable[Level | None] = [said_in.get(each) for each in row.session_ids] or [None]
        if row.id in kept or any(resolve_card(Card(), *levels[row.perspective], level).create for level in said):
            facts.setdefault(row.perspective, []).append(msgspec.convert(row, Fact, from_attributes=True))
    return facts


async def _said_in(tx: Transaction, workspace_id: str, session_ids: list[str]) -> dict[str, Level]:
    asked = queries.Sessions(workspace_id=workspace_id, session_ids=session_ids)
    return {row.id: decode(row.configuration) for row in await tx.many(queries.SESSIONS, asked)}


def named(rests: Iterable[str] | None) -> frozenset[str]:
    """The ids that the lines of a card rest on."""
    return frozenset(each for ids in rests or () for each in ids.split())
