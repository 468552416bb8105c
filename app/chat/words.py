"""What a question asks about, in words: endings, small words and names aside."""

import re
import unicodedata
from collections.abc import Collection

_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_ENDINGS = ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "ly", "s")
_LEAST_STEM = 3

#: Words that say nothing of what is asked about: of grammar, and of asking.
_SMALL = frozenset(
    _WORD.findall("""
    a about all also am an and any anything are as ask at be been being best but by can could did do does doing done
    during each ever everything for from get give had has have having he hello her here hers hi him himself his how i if
    in into is it its itself just know known let like list many may me mean might mine more most much must my myself no
    nor not now of off on once one only or other our ours out over own person please say said she should so some
    someone something still such tell than that the their theirs them themselves then there these they thing things
    think this those through to too under until up user us very was way we well were what when where which while who
    whom whose why will with would yes yet you your yours yourself""")
)


def content_words(text: str, names: Collection[str] = ()) -> frozenset[str]:
    """Stems of the words of a text that carry its content; words of `names` are left out."""
    known = {word for name in names for word in _words(name)}
    return frozenset(_stem(word) for word in _words(text) if word not in _SMALL and word not in known)


def without(text: str, names: Collection[str]) -> str:
    """The text without these names, and without the `'s` behind them."""
    for name in sorted(names, key=len, reverse=True):
        if name:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?:['\u2019]s)?(?!\w)", " ", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def share(wanted: Collection[str], text: str) -> float:
    """Which part of the wanted stems a text has, 0 to 1."""
    return len(frozenset(wanted) & content_words(text)) / len(wanted) if wanted else 0.0


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return [word.removesuffix("'s") for word in _WORD.findall(plain.replace("_", " "))]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            word = word.removesuffix(ending)
            break
    return word.rstrip("e") if len(word) > _LEAST_STEM else word
