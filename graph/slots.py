"""Slots: the attributes of a peer that statements fill, and what makes two values of one the same.

A slot that is not listed here may be stored as well, but never makes one statement replace another: only a `Slot` that
is `exclusive` does, since a peer has one value of it at a time.
"""

import re
import unicodedata
from collections.abc import Mapping

from msgspec import Struct

_APART = re.compile(r"[^\w]+")
_STOPS = ".!? "
#: What no value has in it: the end of a sentence or clause, after which something else is said.
_MORE = re.compile(r"[.!?;:](\s|$)|[\r\n]")
#: So many words more than the value before it may have; the rest is a statement of its own.
_MORE_WORDS = 3
#: Words before a value that say nothing of it.
_ARTICLES = frozenset({"a", "an", "the"})


class Slot(Struct, frozen=True):
    """An attribute of a peer.

    Attributes:
        exclusive: a peer has one value of it at a time, so that a newer statement replaces an older.
        dated: the time that a statement speaks of is when its value began to hold. It is not for what holds for good:
            the day that `born_on` speaks of does not make one birthday newer than another.
    """

    name: str
    exclusive: bool = False
    dated: bool = True


SLOTS: Mapping[str, Slot] = {
    slot.name: slot
    for slot in (
        Slot("is_called", exclusive=True),
        Slot("lives_in", exclusive=True),
        Slot("works_as", exclusive=True),
        Slot("works_at", exclusive=True),
        Slot("born_on", exclusive=True, dated=False),
        Slot("age", exclusive=True, dated=False),
        Slot("married_to", exclusive=True),
        Slot("has_partner", exclusive=True),
        Slot("comes_from", exclusive=True, dated=False),
        Slot("studies"),
        Slot("likes"),
        Slot("dislikes"),
        Slot("has"),
        Slot("speaks"),
        Slot("can"),
        Slot("wants"),
        Slot("plans"),
        Slot("owns_pet"),
        Slot("parent_of"),
        Slot("child_of"),
        Slot("sibling_of"),
        Slot("grandparent_of"),
        Slot("grandchild_of"),
        Slot("aunt_or_uncle_of"),
        Slot("niece_or_nephew_of"),
        Slot("friend_of"),
        Slot("allergic_to"),
        Slot("eats"),
        Slot("does_not_eat"),
        Slot("feels"),
        Slot("went_through"),
    )
}
"""The slots that are known, by name."""


#: Slots that say of a value just what another slot denies.
OPPOSITES: Mapping[str, str] = {"does_not_eat": "eats", "eats": "does_not_eat"}
#: Of those, the ones that are judged as the denial of the other.
DENYING = frozenset({"does_not_eat"})


def exclusive(slot: str) -> bool:
    """Whether a peer has one value of a slot at a time; of a slot that is not listed, never."""
    known = SLOTS.get(slot)
    return known is not None and known.exclusive


def dated(slot: str) -> bool:
    """Whether the time that a statement speaks of is when its value began to hold."""
    known = SLOTS.get(slot)
    return known is None or known.dated


def value_key(value: str) -> str:
    """What makes two values the same: the words, without case, accents, punctuation and leading articles.

    Returns:
        the words, a space apart; empty for a value without any.
    """
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", value.casefold().replace("'", ""))
        if not unicodedata.combining(letter)
    )
    words = [word for word in _APART.split(plain) if word]
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    return " ".join(words)


def at_odds(one_key: str, other_key: str) -> bool:
    """Whether two keys of values cannot both fill one exclusive slot.

    A value that only says more than the other ("Lisbon, Portugal" and "Lisbon") is not at odds with it.
    """
    one, other = frozenset(one_key.split()), frozenset(other_key.split())
    return not (one <= other or other <= one)


def replaced(value: str, said: str, corrected: str) -> str | None:
    """What a corrected text has where the text before it has a value, if it differs in nothing else.

    Args:
        value: the value, as it stands in `said`.
        said: the text before.
        corrected: the text in its place; the stop at the end of either does not count.

    Returns:
        the value in the corrected text; None where another word differs too, or the value is not once in the text.
    """
    said, corrected = said.rstrip(_STOPS), corrected.strip().rstrip(_STOPS)
    if not value or said.count(value) != 1:
        return None
    before, after = said.split(value)
    found = corrected[len(before) : len(corrected) - len(after)]
    if corrected != before + found + after or found != found.strip() or not value_key(found):
        return None
    return None if _says_more(found, value) else found


def _says_more(found: str, value: str) -> bool:
    """Whether a text is hardly a value alone: "Lisbon, Portugal" may be, "Lisbon, and works in Sintra" is not."""
    return (
        _MORE.search(found) is not None
        or len(found.split()) > len(value.split()) + _MORE_WORDS
        or any(part.lstrip()[:1].islower() for part in found.split(",")[1:])
    )
