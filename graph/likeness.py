"""Whether two texts may say the same: a guard beside the similarity of their vectors, which cannot tell years apart.

The guard lets pass what differs in the order of a few movable parts, in inflection that changes no tense, in words that
add nothing, or in words of one meaning from a short list; the rest it refuses. So a name, a number, a date, a negation,
a tense or a preposition that differs makes two texts different whatever their vectors say. It knows English; of texts
in other languages it lets pass only those whose words are the same.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

_Form = Literal["bare", "s", "past", "ing"]
#: What may stand around a word and is no part of it; signs such as in "C++", "#1", "5%" or "-3" are.
_AROUND = ".,;:!?\"'()[]{}…\u2013\u2014"
_NOT = re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|can|must)n't\b")
_CONTRACTED: Sequence[tuple[str, str]] = (
    ("won't", "will not"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("shan't", "shall not"),
    ("would like to", "wants to"),
    ("by the name of", "called"),
)
#: Words that may be there or not.
_IDLE = frozenset({"a", "an", "the", "really", "very", "also", "just", "actually", "quite", "currently", "now", "that"})
_CLASSES: Sequence[str] = (
    "like enjoy",
    "kid child",
    "name call",
    "begin start",
    "buy purchase",
    "mum mom mother",
    "dad father",
    "film movie",
    "big large",
    "bike bicycle",
    "phone telephone",
    "tv television",
    "reside live",
    "flat apartment",
    "holiday vacation",
    "lawyer attorney",
    "photo photograph",
    "quick fast",
    "glad happy",
    "car automobile",
    "university uni",
    "ill sick",
    "assist help",
    "small little",
    "employ hire",
    "repair fix",
    "shop store",
)
#: Past forms that no ending gives away.
_PAST: Mapping[str, str] = {
    "was": "be", "were": "be", "had": "have", "did": "do", "went": "go", "ran": "run", "began": "begin",
    "bought": "buy", "came": "come", "got": "get", "left": "leave", "lost": "lose", "met": "meet", "made": "make",
    "took": "take", "saw": "see", "said": "say", "told": "tell", "thought": "think", "wrote": "write", "won": "win",
    "felt": "feel", "found": "find", "gave": "give", "grew": "grow", "knew": "know", "spoke": "speak",
    "spent": "spend", "taught": "teach", "ate": "eat", "drank": "drink", "drove": "drive", "fell": "fall",
    "flew": "fly", "forgot": "forget", "heard": "hear", "kept": "keep", "paid": "pay", "sold": "sell", "sang": "sing",
    "sat": "sit", "slept": "sleep", "stood": "stand", "swam": "swim", "wore": "wear", "broke": "break",
    "built": "build", "chose": "choose", "caught": "catch", "became": "become", "brought": "bring",
}  # fmt: skip
#: Third persons and plurals that no ending gives away.
_WITH_S: Mapping[str, str] = {
    "has": "have", "does": "do", "goes": "go", "is": "be", "children": "child", "people": "person", "men": "man",
    "women": "woman", "wives": "wife", "knives": "knife", "tries": "try",
}  # fmt: skip
#: The endings that are taken off, the first that fits.
_FORMS: Mapping[str, _Form] = {
    "ing": "ing", "ied": "past", "ies": "s", "ed": "past", "es": "s", "s": "s", "": "bare",
}  # fmt: skip
_PRESENT: Mapping[str, _Form] = {"is": "s", "am": "s", "are": "bare"}
_JOINING = frozenset({"and", "or"})


class _Token(Struct, frozen=True):
    """A word as it counts.

    Attributes:
        stem: the same for all forms of a word, and for words of one meaning.
        base: the word itself where it has no ending and no other of its meaning is known; else None.
    """

    stem: str
    form: _Form
    base: str | None


def may_be_same(one: str, other: str) -> bool:
    """Whether nothing in two texts keeps them from saying the same."""
    first, second = _tokens(one), _tokens(other)
    if len(first) != len(second):
        return False
    return all(map(_alike, _settled(first), _settled(second)))


def _alike(one: _Token, other: _Token) -> bool:
    if (one.stem, one.form) != (other.stem, other.form):
        return False
    # A vowel at the end may be a tense in another language: it counts wherever it can be seen.
    return one.base == other.base or None in {one.base, other.base}


def _tokens(text: str) -> list[_Token]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    for short, full in _CONTRACTED:
        plain = plain.replace(short, full)
    plain = _NOT.sub(r"\1 not", plain).replace("'s ", " 's ")
    words = [word for word in (word.strip(_AROUND) for word in plain.split()) if word and word not in _IDLE]
    found: list[_Token] = []
    held: _Form | None = None
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        if word in _PRESENT and after.endswith("ing"):
            # "is living" is as "lives", "are living" as "live".
            held = _PRESENT[word]
        elif not (word == "does" and after == "not") and not (word == "do" and after == "not"):
            found.append(_token(word, held))
            held = None
    return found


def _token(word: str, form_of_ing: _Form | None) -> _Token:
    if word in _PAST:
        stem, form, base = _stem(_PAST[word], ""), "past", None
    elif word in _WITH_S:
        stem, form, base = _stem(_WITH_S[word], ""), "s", None
    else:
        ending = _ending(word)
        stem, base = _stem(word, ending), None if ending else word
        form = form_of_ing if ending == "ing" and form_of_ing else _FORMS[ending]
    known = _SAME.get(stem)
    return _Token(stem, form, base) if known is None else _Token(known, form, None)


def _ending(word: str) -> str:
    if word.isascii() and word.isalpha() and not word.endswith(("ss", "us", "is", "eed")):
        for ending in _FORMS:
            if ending and word.endswith(ending) and len(word) - len(ending) >= 3:
                return ending
    return ""


def _stem(word: str, ending: str) -> str:
    """The word without an ending of number, person or aspect; not always a word itself, but the same for its forms."""
    if not ending:
        return word.removesuffix("e") if len(word) > 3 and word.isascii() else word
    rest = word.removesuffix(ending)
    if ending in {"ied", "ies"}:
        return rest + "y"
    if ending in {"ing", "ed"} and len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz":
        return rest[:-1]
    # With or without the silent vowel: "moving" and "move".
    return rest.removesuffix("e")


_SAME: Mapping[str, str] = {
    _stem(word, ""): _stem(words.split()[0], "") for words in _CLASSES for word in words.split()
}
_OF_TIME = frozenset(
    _stem(word, "")
    for word in (
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    )
)  # fmt: skip
_BEFORE_TIMES = frozenset(_stem(word, "") for word in ("in", "on", "since", "at", "during", "for"))


def _settled(tokens: list[_Token]) -> list[_Token]:
    """The tokens with what may stand here or there in one place: a time at the start, and pairs with "and" between."""
    tokens = _time_last(tokens)
    for place in range(1, len(tokens) - 1):
        if tokens[place].stem in _JOINING and tokens[place - 1].stem > tokens[place + 1].stem:
            tokens[place - 1], tokens[place + 1] = tokens[place + 1], tokens[place - 1]
    return tokens


def _time_last(tokens: list[_Token]) -> list[_Token]:
    if not tokens or tokens[0].stem not in _BEFORE_TIMES:
        return tokens
    end = 1
    while end < len(tokens) and _of_time(tokens[end].stem):
        end += 1
    return tokens[end:] + tokens[:end] if end > 1 else tokens


def _of_time(word: str) -> bool:
    return word[0].isdigit() or word in _OF_TIME
