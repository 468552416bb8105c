"""Peer cards: a short list of stable facts that one peer keeps about another, or about itself.

A card lies on the edge from the peer that keeps it to the peer it is about, so both exist once it is kept. One that a
caller set stays as it was set. Any other is made of what is held now (`graph.card_lines`), and made anew in whatever
transaction changes that: each line names the conclusions it rests on, goes with the last of them, and is back with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import asdict

from graph import card_lines, card_past
from graph.card_lines import Fact, Line
from graph.card_past import Former
from graph.configuration import Card, of_peer, resolve_card
from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.names import check_known_name, check_new_name
from graph.perspective import perspective
from graph.queries import cards as queries
from graph.store import past_cards, peers
from graph.store.card_facts import FIRMEST, OF_SLOT, PATTERNS, Levels, allowed, named
from graph.store.json_text import decode

#: Observer and observed.
Pair = tuple[str, str]

#: Perspectives of one statement, and named conclusions of one.
PART, NAMED = 100, 500


class _Of(Struct, frozen=True):
    """A perspective's card as it stands, the ids it names, and what is configured for it."""

    row: queries.LookRow
    named: frozenset[str]
    levels: Levels

    @property
    def creates(self) -> bool:
        return resolve_card(Card(), *self.levels).create


async def get(
    database: Database, workspace_id: str, observer_id: str, observed_id: str, *, as_of: datetime | None = None
) -> list[str] | None:
    """The card that a peer keeps about another, or kept at a time; None when it keeps none.

    Raises:
        NotFound: the peer that would keep it does not exist. The other one need not.
        StoreFault: the database did not do its part.
    """
    return await database.read(lambda tx: read(tx, workspace_id, observer_id, observed_id, as_of=as_of))


async def read(
    tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, *, as_of: datetime | None = None
) -> list[str] | None:
    """As `get`, inside a transaction.

    Raises:
        NotFound: the peer that would keep the card does not exist.
    """
    lines = await _read(tx, workspace_id, observer_id, observed_id, as_of)
    return None if lines is None else [line.text for line in lines]


async def proven(
    database: Database, workspace_id: str, observer_id: str, observed_id: str, *, as_of: datetime | None = None
) -> Sequence[Line] | None:
    """As `get`, each line with the conclusions it rests on: none of them under what a caller set.

    Raises:
        NotFound: the peer that would keep the card does not exist.
        StoreFault: the database did not do its part.
    """
    return await database.read(lambda tx: _read(tx, workspace_id, observer_id, observed_id, as_of))


async def put(
    database: Database, workspace_id: str, observer_id: str, observed_id: str, card: Sequence[str]
) -> list[str]:
    """Replace the card that a peer keeps about another; the workspace and both peers are created where missing.

    Raises:
        Invalid: a name that would be created breaks the rules.
        StoreFault: the database did not do its part.
    """
    check_new_name("workspace", workspace_id)
    # In the order of names, so that two callers who create the same peers do not wait for each other in a circle.
    names = sorted({observer_id, observed_id})
    for name in names:
        check_known_name("peer", name)
    pair = queries.OfPair(workspace_id=workspace_id, observer_id=observer_id, observed_id=observed_id)
    wanted = queries.Put(**asdict(pair), card=list(card), now=datetime.now(UTC))

    async def work(tx: Transaction) -> list[str]:
        await peers.ensure(tx, workspace_id, names)
        row = await tx.one(queries.PUT, wanted)
        if row.set_at is not None and row.former is not None and row.former != wanted.card:
            past = card_past.after(row.past or (), Former(row.set_at, wanted.now, row.former))
            await tx.run(queries.REMEMBER, queries.Remember(**asdict(pair), past=past))
        return row.card or []

    return await database.write(work)


async def refresh(
    tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, *, rebuild: bool = False
) -> None:
    """Write the card of a perspective from what it holds now; over a caller's only to rebuild it, if there is a line.

    As `follow`, it honours `peer_card.create`.
    """
    await follow(tx, workspace_id, [(observer_id, observed_id)], rebuild=rebuild)


async def follow(tx: Transaction, workspace_id: str, pairs: Iterable[Pair], *, rebuild: bool = False) -> int:
    """Let the cards of perspectives say what is held now, in the transaction that changed what is held.

    To be called after the last change of it. It takes four queries or five for a hundred perspectives, and reads a
    bounded part of each. Where `peer_card.create` forbids it (the workspace's, the observed peer's, or that of the
    session where something was said), no line is written, but what has fallen goes all the same.

    Args:
        tx: the transaction.
        workspace_id: name of the workspace.
        pairs: observers and observed; those of whom nothing is held or kept count for nothing.
        rebuild: write also over what a caller set.

    Returns:
        how many cards changed.
    """
    names = sorted(set(pairs))
    changed = 0
    for start in range(0, len(names), PART):
        changed += await _follow(tx, workspace_id, names[start : start + PART], rebuild)
    return changed


async def _read(
    tx: Transaction, workspace_id: str, observer_id: str, observed_id: str, as_of: datetime | None
) -> Sequence[Line] | None:
    if as_of is not None and as_of < datetime.now(UTC):
        return await past_cards.read(tx, workspace_id, observer_id, observed_id, as_of)
    pair = queries.OfPair(workspace_id=workspace_id, observer_id=observer_id, observed_id=observed_id)
    row = await tx.maybe(queries.GET, pair)
    if row is None:
        raise NotFound(f"Peer {observer_id} not found")
    if row.card is None:
        return None
    rests = row.rests or [""] * len(row.card)
    return [Line(text, ids.split()) for text, ids in zip(row.card, rests, strict=True)]


async def _follow(tx: Transaction, workspace_id: str, pairs: Sequence[Pair], rebuild: bool) -> int:
    now = datetime.now(UTC)
    wanted = queries.Look(
        workspace_id=workspace_id,
        pairs=[{"observer_id": observer_id, "observed_id": observed_id} for observer_id, observed_id in pairs],
        rebuild=rebuild,
        now=now,
    )
    cards = {
        perspective(workspace_id, row.observer_id, row.observed_id): _Of(
            row, named(row.rests), (decode(row.workspace), of_peer(decode(row.peer)))
        )
        for row in await tx.many(queries.LOOK, wanted)
        if row.card is None or row.origin != "caller" or rebuild
    }
    facts = await _facts(tx, workspace_id, cards)
    rows: list[dict[str, object]] = []
    for key, of in cards.items():
        lines = card_lines.compose(facts.get(key, ()))
        card, rests = [line.text for line in lines], [" ".join(line.conclusion_ids) for line in lines]
        kept = of.row.origin == "caller" and of.row.card is not None and not card
        if not kept and (card, rests) != (of.row.card or [], of.row.rests or []):
            pair = {"observer_id": of.row.observer_id, "observed_id": of.row.observed_id}
            past = None
            if of.row.set_at is not None:
                past = card_past.after(of.row.past or (), Former(of.row.set_at, now, of.row.card or []))
            rows.append({**pair, "card": card, "rests": rests, "past": past})
    if rows:
        await tx.run(queries.WRITE, queries.Write(workspace_id=workspace_id, rows=rows, rebuild=rebuild, now=now))
    return len(rows)


async def _facts(tx: Transaction, workspace_id: str, cards: Mapping[str, _Of]) -> dict[str, list[Fact]]:
    """What each card may tell, by perspective."""
    found: dict[str, queries.FactRow] = {}
    # Any session may allow what is not allowed in general, so nothing is ruled out before its session is known.
    if cards:
        wanted = queries.Candidates(
            workspace_id=workspace_id,
            perspectives=sorted(cards),
            slots=list(card_lines.SLOTS),
            of_slot=OF_SLOT,
            firm=card_lines.FIRM,
            firmest=FIRMEST,
            patterns=PATTERNS,
        )
        found = {row.id: row for row in await tx.many(queries.CANDIDATES, wanted)}
    kept = {each for of in cards.values() for each in of.named}
    settled = sorted({each for of in cards.values() if not of.creates for each in of.named} - found.keys())
    for start in range(0, len(settled), NAMED):
        part = queries.Named(workspace_id=workspace_id, conclusion_ids=settled[start : start + NAMED])
        found |= {row.id: row for row in await tx.many(queries.NAMED, part)}
    return await allowed(tx, workspace_id, found.values(), {key: of.levels for key, of in cards.items()}, kept)
