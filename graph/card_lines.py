"""What a peer card says: stable facts, in the words of the conclusions that bear them out.

A card is made of what is held and of nothing else: no line says what no conclusion says, and from the same conclusions
comes the same card. Which slots are facts of which kind is data, below.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

#: A card has so many lines at most, each so many characters at most, its kind included.
LINES, CHARACTERS = 40, 200
#: Conclusions that one line names at most: the firmest.
NAMED = 20
#: What was concluded so many times is firm, and a pattern always is.
FIRM = 2

IDENTITY, RELATIONSHIP, ATTRIBUTE = "IDENTITY: ", "RELATIONSHIP: ", "ATTRIBUTE: "

#: Slots whose values are told at once, in the order of the card; what fills others, or none, has to be firm.
SLOTS: Mapping[str, str] = {
    "is_called": IDENTITY,
    "born_on": IDENTITY,
    "age": IDENTITY,
    "comes_from": IDENTITY,
    "lives_in": IDENTITY,
    "works_as": IDENTITY,
    "works_at": IDENTITY,
    "studies": IDENTITY,
    "speaks": IDENTITY,
    "married_to": RELATIONSHIP,
    "has_partner": RELATIONSHIP,
    "parent_of": RELATIONSHIP,
    "child_of": RELATIONSHIP,
    "sibling_of": RELATIONSHIP,
    "grandparent_of": RELATIONSHIP,
    "grandchild_of": RELATIONSHIP,
    "aunt_or_uncle_of": RELATIONSHIP,
    "niece_or_nephew_of": RELATIONSHIP,
    "friend_of": RELATIONSHIP,
    # What hurts to have forgotten.
    "owns_pet": ATTRIBUTE,
    "allergic_to": ATTRIBUTE,
    "eats": ATTRIBUTE,
    "does_not_eat": ATTRIBUTE,
}
_PLACES = {slot: place for place, slot in enumerate(SLOTS)}


class Fact(Struct, frozen=True, kw_only=True):
    """A living conclusion that a card may tell.

    Attributes:
        slot_key: what its value is compared by; None without a slot.
        pattern: whether it was induced.
    """

    id: str
    content: str
    slot: str | None
    slot_key: str | None
    negated: bool
    pattern: bool
    times_derived: int
    observed_at: datetime
    created_at: datetime


class Line(Struct, frozen=True):
    """A line of a card, with its kind before it, and the conclusions that say it: at least one."""

    text: str
    conclusion_ids: Sequence[str]


def compose(facts: Iterable[Fact]) -> list[Line]:
    """The lines that facts make: who it is, who belongs to it, what it is like; of each kind the firmest first.

    What says the same (the same value of a slot, or the same words whatever their case) is one line, in the words of
    the firmest that are short enough.
    """
    ordered = sorted(facts, key=_firmness, reverse=True)
    # A pattern may lack the slot of what it was made from: the words tell that they are one.
    told: dict[str, Fact] = {}
    for fact in ordered:
        if fact.slot in SLOTS and not fact.negated:
            told.setdefault(_words(fact).casefold(), fact)
    texts: dict[tuple[str, str], tuple[str, str]] = {}
    named: dict[str, list[str]] = {}
    places: dict[str, tuple[int, int]] = {}
    for firmness, fact in enumerate(ordered):
        words = _words(fact)
        like = told.get(words.casefold())
        if like is None and not fact.pattern and fact.times_derived < FIRM:
            continue
        slot = str(like.slot) if like else ""
        kind = SLOTS[slot] if like else ATTRIBUTE
        if not words or len(kind + words) > CHARACTERS:
            continue
        value = (like.slot_key if like else None) or words.casefold()
        _, words = texts.setdefault((slot, value), (kind, words))
        same = words.casefold()
        named.setdefault(same, []).append(fact.id)
        places.setdefault(same, (_PLACES.get(slot, len(_PLACES)), firmness))
    lines: dict[str, str] = {}
    for kind, words in texts.values():
        lines.setdefault(words.casefold(), kind + words)
    chosen = sorted(lines, key=lambda same: places[same])[:LINES]
    return [Line(lines[same], named[same][:NAMED]) for same in chosen]


def _words(fact: Fact) -> str:
    return " ".join(fact.content.split())


def _firmness(fact: Fact) -> tuple[bool, int, datetime, datetime, str]:
    # The sources of a pattern come and go one by one, and its place on a card would move with each.
    return (fact.pattern, 0 if fact.pattern else fact.times_derived, fact.observed_at, fact.created_at, fact.id)
