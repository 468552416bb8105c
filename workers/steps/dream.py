"""Dreaming over one perspective: seeing what was said alike in several sessions, and writing the peer card.

It needs no model: a text that a perspective holds from at least two sessions is a pattern, and rests on what it holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from graph.driver import Transaction
from graph.ids import new_id
from graph.store import dreams, work
from graph.store.dreams import Confidence, Outright, Pattern, pattern_key
from graph.types import Lease, Run
from workers.service import Service

#: The name under which runs of the built-in rules are recorded.
MODEL = "rules"
#: A card has so many lines at most, each so long at most.
CARD_LINES, CARD_LINE = 40, 200
CARD_PREFIX = "ATTRIBUTE: "
#: So many distinct sessions make a pattern at all, likely, and nearly certain.
LEAST_SESSIONS, MEDIUM_SESSIONS, HIGH_SESSIONS = 2, 3, 5
#: Read beyond the lines of a card, since some texts are too long and some are said twice.
_SPARE = 5

_RULES = sha256(b"dream 1: the same text in two sessions is a pattern").hexdigest()


async def dream(service: Service, held: Lease) -> bool:
    """Dream over a held unit's perspective, as far as the configurations of today allow.

    Returns:
        whether it was asked for again meanwhile.

    Raises:
        LeaseLost: somebody else has taken the unit over; nothing was written.
        StoreFault: the database failed; nothing was written.
    """
    database, seconds = service.database, service.settings.reasoning.lease_seconds
    pair = (held.workspace_id, held.observer_id, held.peer_id)
    asked = dreams.asked_of(held.detail)
    allowed = await dreams.allowed(database, held.workspace_id, held.peer_id, asked.session_id)
    omni = asked.kind == "omni"
    if not service.settings.dream.enabled or not allowed.dreams or not (omni or allowed.cards):
        return await work.finish(database, held, seconds)
    started_at = datetime.now(UTC)
    patterns: list[Pattern] = []
    if omni:
        patterns = induce(await dreams.outright(database, *pair), await dreams.induced(database, *pair))
    run = _run(started_at)

    async def write(tx: Transaction) -> None:
        if patterns:
            await dreams.induce(tx, *pair, run, patterns)
        if allowed.cards:
            card = card_of(await dreams.firmest(tx, *pair, CARD_LINES * _SPARE))
            await dreams.write_card(tx, *pair, card, rebuild=asked.rebuild)
        if omni:
            await dreams.dreamed(tx, *pair)

    return await work.finish(database, held, seconds, write)


def induce(said: Sequence[Outright], known: Mapping[str, frozenset[str]]) -> list[Pattern]:
    """The patterns in what was said outright, oldest first, that are not known with all their premises.

    Args:
        said: what a perspective holds of what was said in sessions, oldest first.
        known: the premises of the patterns that it holds, by `pattern_key`.
    """
    groups: dict[str, list[Outright]] = {}
    for one in said:
        groups.setdefault(pattern_key(one.content), []).append(one)
    patterns: list[Pattern] = []
    for key, group in groups.items():
        sessions = len({one.session_id for one in group})
        premises = [one.id for one in group]
        if sessions >= LEAST_SESSIONS and not known.get(key, frozenset[str]()).issuperset(premises):
            patterns.append(Pattern(group[-1].content, premises, _confidence(sessions)))
    return patterns


def card_of(texts: Iterable[str]) -> list[str]:
    """The lines of a card from texts, the firmest first: each once whatever its case, none that is too long."""
    lines: dict[str, str] = {}
    for text in texts:
        line = CARD_PREFIX + " ".join(text.split())
        if len(line) <= CARD_LINE:
            lines.setdefault(line.casefold(), line)
    return list(lines.values())[:CARD_LINES]


def _confidence(sessions: int) -> Confidence:
    if sessions >= HIGH_SESSIONS:
        return "high"
    return "medium" if sessions >= MEDIUM_SESSIONS else "low"


def _run(started_at: datetime) -> Run:
    return Run(
        id=new_id(),
        step="dream",
        model=MODEL,
        prompt_hash=_RULES,
        prompt_tokens=0,
        completion_tokens=0,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        outcome="concluded",
        dropped={},
    )
