"""Family relations: what is held of one peer and another tells of the other, and what two relations tell together.

All that is derived here follows from what one observer holds about one peer, the one in the middle: its relations to
others. What concerns the other ends becomes a conclusion of the same observer about them. Since each relation is turned
round first, chains over any number of peers come about one by one. Words do not tell the gender of anybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from graph.slots import exclusive, value_key

#: What a relation is seen from its other end.
INVERSE: Mapping[str, str] = {
    "sibling_of": "sibling_of",
    "parent_of": "child_of",
    "child_of": "parent_of",
    "married_to": "married_to",
    "has_partner": "has_partner",
}
#: Of two relations of the one in the middle: what the other end of the first is to the other end of the second.
CHAINED: Mapping[tuple[str, str], str] = {
    ("parent_of", "child_of"): "grandchild_of",
    ("child_of", "parent_of"): "grandparent_of",
    ("parent_of", "sibling_of"): "niece_or_nephew_of",
    ("sibling_of", "parent_of"): "aunt_or_uncle_of",
    ("parent_of", "parent_of"): "sibling_of",
}
_WORDS: Mapping[str, str] = {
    "sibling_of": "a sibling of",
    "parent_of": "a parent of",
    "child_of": "a child of",
    "married_to": "married to",
    "has_partner": "the partner of",
    "grandparent_of": "a grandparent of",
    "grandchild_of": "a grandchild of",
    "aunt_or_uncle_of": "an aunt or uncle of",
    "niece_or_nephew_of": "a niece or nephew of",
}


class Tie(Struct, frozen=True, kw_only=True):
    """A relation of the peer in the middle, as a living conclusion says it.

    Attributes:
        id: the conclusion.
        peers: the peers that it may speak of: who was in a session in which it was said.
        new: whether it was not derived from yet.
    """

    id: str
    slot: str
    value: str
    observed_at: datetime
    peers: Sequence[str]
    new: bool


class Related(Struct, frozen=True, kw_only=True):
    """What follows about a peer at one of the ends."""

    about_id: str
    content: str
    premise_ids: tuple[str, ...]
    slot: str
    value: str

    @property
    def exclusive(self) -> bool:
        """Whether a peer has one value of the slot at a time."""
        return exclusive(self.slot)


def relate(middle: str, ties: Sequence[Tie]) -> tuple[Related, ...]:
    """What follows from the relations of one peer, each from one that is new at least.

    Args:
        middle: the peer.
        ties: its relations, as one observer holds them.
    """
    ends = [(tie, end) for tie in ties for end in [_named(middle, tie)] if end is not None]
    return (*_turned(middle, ends), *_chained(ends))


def _named(middle: str, tie: Tie) -> str | None:
    """The peer that a relation leads to; None where nobody who was there bears that name, or several do."""
    key = value_key(tie.value)
    found = {peer for peer in tie.peers if peer != middle and value_key(peer) == key} if key else set[str]()
    return found.pop() if len(found) == 1 else None


def _turned(middle: str, ends: Iterable[tuple[Tie, str]]) -> Iterable[Related]:
    for tie, end in ends:
        slot = INVERSE.get(tie.slot)
        if tie.new and slot is not None:
            yield _related(end, slot, middle, (tie.id,))


def _chained(ends: Sequence[tuple[Tie, str]]) -> Iterable[Related]:
    for first, one in ends:
        for second, other in ends:
            slot = CHAINED.get((first.slot, second.slot))
            if slot is not None and one != other and (first.new or second.new):
                yield _related(one, slot, other, (first.id, second.id))


def _related(about_id: str, slot: str, value: str, premise_ids: tuple[str, ...]) -> Related:
    return Related(
        about_id=about_id,
        content=f"{about_id} is {_WORDS[slot]} {value}.",
        premise_ids=premise_ids,
        slot=slot,
        value=value,
    )
