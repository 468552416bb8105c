"""The attribute that a statement fills, read from its finished words: they are regular, so patterns suffice.

What no pattern fits has no slot. The first that fits decides; the table is in `docs/reasoning-rules.md`.
"""

import re

from msgspec import Struct

from graph import slots
from graph.types import Lasting


class Filled(Struct, frozen=True):
    """A slot, what fills it, and whether the statement denies it."""

    slot: str
    value: str
    negated: bool = False
    lasting: Lasting = "lasting"

    @property
    def exclusive(self) -> bool:
        """Whether a subject has one value of it at a time."""
        return slots.exclusive(self.slot)


_NOT = r"(?P<not>(?:does|do|is|has|did|was)(?:n't| not) |(?:is |was |has )?no longer |never |used to |stopped )?"
_MANNER = r"(?:(?:also|now|currently|still|really|absolutely|just|actually|mostly|usually|often|originally|recently) )*"
#: A value ends where the sentence goes on to say when, why, or with whom.
_GOES_ON = (
    "since|for|because|with|but|so|when|while|after|before|until|again|anymore|any more|every|this|last|next|on|near|"
    r"during|right now|in \d|in the week|in [A-Z][a-z]+ \d{4}|in (?:the )?(?:spring|summer|autumn|fall|winter)"
)
_NAME = r"[A-Z][\w'-]*(?: [A-Z][\w'-]*)*"
_JOBS = (
    "nurse|doctor|teacher|engineer|developer|programmer|designer|lawyer|plumber|electrician|carpenter|chef|cook|baker|"
    "driver|farmer|student|scientist|researcher|journalist|writer|author|artist|musician|actor|actress|photographer|"
    "accountant|architect|dentist|vet|pharmacist|therapist|psychologist|librarian|manager|consultant|analyst|barista|"
    "waiter|waitress|mechanic|pilot|soldier|firefighter|paramedic|midwife|translator|editor|professor|lecturer|coach|"
    "hairdresser|cleaner|secretary|social worker|police officer"
)
_PETS = "dogs?|cats?|pupp(?:y|ies)|kittens?|rabbits?|hamsters?|parrots?|horses?|turtles?|guinea pigs?|pets?"
_MOODS = "happy|sad|tired|exhausted|anxious|nervous|excited|stressed|lonely|angry|worried|depressed|sick"
_TROUBLES = (
    r"(?:broke|fractured|sprained) (?:an?|the|[\w']+'s|their) [a-z ]+?|lost (?:[\w']+'s|their) [a-z]+|"
    "got (?:divorced|fired|laid off|promoted)|had (?:an? )?(?:surgery|operation|accident|miscarriage|stroke)|graduated|"
    "retired|was diagnosed with [a-z ]+?"
)
_VALUES = {
    "place": rf"[^,;(.]+?(?:\.[^,;(.]+?)?(?= (?:{_GOES_ON}|and)\b|[,;(]|\.?$)",
    "role": rf"[^,;(.]+?(?= (?:{_GOES_ON}|and|at|in)\b|[,;(]|\.?$)",
    "things": rf"[^;(.]+?(?= (?:{_GOES_ON})\b|[;(]|\.?$)",
    "name": _NAME,
    "job": rf"(?:[a-z-]+ )?(?:{_JOBS})\b",
    "age": r"\d{1,3}(?= years old|[,;( ](?!\w)|\.?$)",
    "day": r"(?:\d{1,2} )?(?:[A-Z][a-z]+ )?\d{4}|\d{1,2} [A-Z][a-z]+",
    "diet": "vegetarian|vegan|pescatarian",
    "children": r"(?:[\w]+ )?(?:[a-z]+ )?(?:kids?|child|children|sons?|daughters?|twins)\b",
    "siblings": r"(?:[\w]+ )?(?:[a-z]+ )?(?:sisters?|brothers?|siblings?)\b",
    "pets": rf"(?:[\w]+ )?(?:[a-z]+ )?(?:{_PETS})\b",
    "mood": rf"(?:{_MOODS})\b",
    "trouble": rf"(?:{_TROUBLES})(?= (?:in|on|at|last|from|after|since|this)\b|[,;(]|\.?$)",
}
#: Slot, the words that lead to its value, the kind of value, and how long it lasts; after the subject's name.
_TABLE: tuple[tuple[str, str, str, Lasting], ...] = (
    ("lives_in", r"(?:lives?|lived|is living|(?:has )?been living|is based|resides?) in ", "place", "lasting"),
    ("lives_in", r"(?:has )?(?:just )?(?:moved|relocated) (?:back )?(?:from [^,;(]+? )?to ", "place", "lasting"),
    ("works_at", r"(?:works?|worked|is working|(?:has )?been working) (?:at|for) ", "place", "lasting"),
    ("works_as", r"(?:works?|worked|is working|(?:has )?been working) as (?:an? |the )?", "role", "lasting"),
    ("works_as", r"(?:(?:is|was|became|has become) )?an? ", "job", "lasting"),
    ("is_called", r"(?:is called|goes by|is named) ", "name", "lasting"),
    ("age", r"(?:is|(?:has )?(?:just )?turned) ", "age", "lasting"),
    ("born_on", r"was born (?:in [A-Z][\w ]+? )?(?:on|in) ", "day", "lasting"),
    (
        "comes_from",
        r"(?:is (?:originally )?from|comes? (?:originally )?from|was born in|grew up in) ",
        "place",
        "lasting",
    ),
    ("married_to", r"(?:(?:is |got )?married to|married) ", "name", "lasting"),
    ("has_partner", r"(?:(?:is|has been) )?(?:engaged to|dating|seeing) ", "name", "lasting"),
    ("allergic_to", r"(?:is )?(?:[a-z]+ly )?allergic to ", "things", "lasting"),
    ("eats", r"(?:is )?(?:an? )?", "diet", "lasting"),
    ("eats", r"(?:eats?|eating) ", "things", "lasting"),
    ("studies", r"(?:studies|study|is studying|studied|is majoring in) ", "role", "while"),
    ("speaks", r"speaks? ", "things", "lasting"),
    ("dislikes", r"(?:dislikes?|hates?|can't stand|cannot stand) ", "things", "lasting"),
    ("plans", r"(?:plans? (?:to|on) |is planning (?:to |on )?|is going to )", "things", "while"),
    ("wants", r"(?:wants? (?:to )?|would (?:love|like) to |hopes? to )", "things", "while"),
    ("likes", r"(?:likes?|loves?|enjoys?|adores?|prefers?|is into|is fond of|is a fan of) ", "things", "lasting"),
    ("can", r"(?:can|is able to|knows how to) ", "things", "lasting"),
    ("parent_of", r"(?:has|have) ", "children", "lasting"),
    ("sibling_of", r"(?:has|have) ", "siblings", "lasting"),
    ("owns_pet", r"(?:has|have|owns?|adopted|bought) ", "pets", "lasting"),
    ("feels", r"(?:is|was|feels?|felt) (?:(?:so|very|really|pretty|quite) )?", "mood", "occasion"),
    ("went_through", "", "trouble", "occasion"),
    ("has", r"(?:has|have|owns?) (?!to |been |never |just |had |not )", "things", "lasting"),
)
_CANNOT = re.compile(rf"(?:can't|cannot|can not) (?P<value>{_VALUES['things']})")
_DOES_NOT_EAT = frozenset({"eats"})
_OF_SUBJECT: tuple[tuple[str, re.Pattern[str], Lasting], ...] = tuple(
    (slot, re.compile(rf"{_MANNER}{_NOT}{_MANNER}{lead}(?P<value>{_VALUES[kind]})"), lasting)
    for slot, lead, kind, lasting in _TABLE
)
#: Who is related to the subject, where they are named: "Ana's sister Eva".
_KIN = {
    "sibling_of": r"(?:(?:older|younger|little|big|twin|half|baby)[ -])?(?:sister|brother|sibling)",
    "child_of": "mother|father|mom|mum|dad|stepmother|stepfather",
    "parent_of": "(?:(?:older|younger|little|eldest|oldest|youngest) )?(?:daughter|son|child|kid|baby)",
    "married_to": "wife|husband|spouse",
    "has_partner": "girlfriend|boyfriend|partner",
    "friend_of": "(?:(?:best|old|close|good) )?friend",
    "owns_pet": _PETS,
}
_OF_KIN = tuple(
    (slot, re.compile(rf"(?:{kin})(?:,? (?:is called|is named|named|called)|'s name is)? (?P<value>{_NAME})"))
    for slot, kin in _KIN.items()
)
SLOT_NAMES = frozenset({"does_not_eat", *(row[0] for row in _TABLE), *_KIN})
"""All that can come out."""
_OWN_NAME = re.compile(rf"(?:full |first )?name is (?P<value>{_NAME})")


def filled(content: str, called: str) -> Filled | None:
    """The slot that a finished statement about `called` fills, if one does."""
    text = content.replace("\u2019", "'")
    if text.startswith(f"{called}'s "):
        return _of_theirs(text[len(called) + 3 :])
    if not text.startswith(f"{called} "):
        return None
    rest = text[len(called) + 1 :]
    unable = _CANNOT.match(rest)
    if unable is not None and not rest.startswith(("can't stand", "cannot stand")):
        # "Can't eat nuts" says what is not eaten.
        eaten = unable["value"].removeprefix("eat ")
        return Filled("can", eaten, True) if eaten == unable["value"] else Filled("does_not_eat", eaten)
    for slot, pattern, lasting in _OF_SUBJECT:
        found = pattern.match(rest)
        if found is not None:
            denied = found["not"] is not None
            if denied and slot in _DOES_NOT_EAT and "eat" in found[0]:
                return Filled("does_not_eat", found["value"])
            return Filled(slot, found["value"], denied, lasting)
    return None


def _of_theirs(rest: str) -> Filled | None:
    """Of what is the subject's own: its name, and who is related to it, where they are named."""
    name = _OWN_NAME.match(rest)
    if name is not None:
        return Filled("is_called", name["value"])
    for slot, pattern in _OF_KIN:
        found = pattern.match(rest)
        if found is not None:
            return Filled(slot, found["value"])
    return None
