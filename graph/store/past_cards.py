"""Cards of the past: what a caller had set then, or what the card made of what was held then says."""

from collections.abc import Sequence
from datetime import datetime

from graph import card_lines, card_past
from graph.card_lines import Line
from graph.configuration import of_peer
from graph.driver import Transaction
from graph.errors import NotFound
from graph.perspective import perspective
from graph.queries import cards as queries
from graph.queries import history
from graph.store.card_facts import FIRMEST, OF_SLOT, PATTERNS, allowed, named
from graph.store.json_text import decode


async def read(
    tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, as_of: datetime
) -> Sequence[Line] | None:
    """The card that a peer kept about another at a time, each line with what it rested on; None when it kept none.

    What may be on a card is decided by what is configured now. At most three queries.

    Raises:
        NotFound: the peer that would have kept it does not exist.
    """
    pair = queries.OfPair(workspace_id=workspace_id, observer_id=observer_id, observed_id=observed_id)
    row = await tx.maybe(queries.GET_THEN, pair)
    if row is None:
        raise NotFound(f"Peer {observer_id} not found")
    stood = row.card if row.set_at is not None and row.set_at <= as_of else card_past.standing(row.past or (), as_of)
    if stood is not None:
        return [Line(text, ()) for text in stood]
    key = perspective(workspace_id, observer_id, observed_id)
    wanted = history.CardThen(
        workspace_id=workspace_id,
        perspective=key,
        slots=list(card_lines.SLOTS),
        of_slot=OF_SLOT,
        firm=card_lines.FIRM,
        firmest=FIRMEST,
        patterns=PATTERNS,
        as_of=as_of,
    )
    levels = (decode(row.workspace), of_peer(decode(row.peer)))
    facts = await allowed(tx, workspace_id, await tx.many(history.CARD, wanted), {key: levels}, named(row.rests))
    return card_lines.compose(facts.get(key, ())) or None
