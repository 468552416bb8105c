"""Words of many languages: which carry content, which deny, which say how many, and which language they are of.

The lists are short on purpose: they need only tell what is plain, as whoever uses them lets pass what is not.
"""

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from importlib import resources

_LISTS = tomllib.loads(resources.files("workers.reasoners").joinpath("words.toml").read_text(encoding="utf-8"))
SMALL = {language: frozenset(listed.split()) for language, listed in _LISTS["small"].items()}
_ALL_SMALL = frozenset[str]().union(*SMALL.values())
DENYING = frozenset(_LISTS["denying"].split())
_STOPPING = frozenset(_LISTS["stopping"].split())
COURTESIES = frozenset(_LISTS["courtesies"].split())
_DATES = frozenset(_LISTS["dates"].split())
_NUMBERS = {
    word: str(number) for number, listed in enumerate(_LISTS["counts"].split("\n"), 2) for word in listed.split()
}
_DENYING_SIGNS = ("不", "没", "沒", "未", "無", "ない", "ません", "않", "없", "안 ")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_LEAST_SMALL = 2
#: A small "i" is an article of Italian, the capital one hardly ever.
_ENGLISH_I = "I"


def folded(text: str) -> str:
    """Text without case and without the difference between ways to write an accent or an apostrophe."""
    return unicodedata.normalize("NFC", text).replace("\u2019", "'").casefold()


def words(text: str) -> list[str]:
    """Words and numbers in order, as they are written."""
    return _WORD.findall(text)


def numbers(text: str) -> set[str]:
    """Numbers in digits, those written as words from two to twelve too; without separators."""
    found: set[str] = set()
    for word in words(folded(text)):
        if word[0].isdigit():
            found.add(re.sub(r"[.,:]", "", word))
        elif word in _NUMBERS:
            found.add(_NUMBERS[word])
    return found


def is_of_a_date(word: str) -> bool:
    """Whether a word names a month or a day of the week."""
    return folded(word) in _DATES


def denies(text: str, *, stopping: bool = False) -> bool:
    """Whether there is a word that denies; with `stopping` also one that says that something ended."""
    plain = folded(text)
    if any(sign in plain for sign in _DENYING_SIGNS):
        return True
    wanted = DENYING | _STOPPING if stopping else DENYING
    # What denies in Spanish and English is "in the" in Portuguese.
    wanted = wanted - {"no"} if language(text) == "pt" else wanted
    return any(word.replace("'", "") in wanted or word.endswith("n't") for word in words(plain))


def content(text: str) -> set[str]:
    """What a text speaks of: its words but for the small ones and numbers, folded.

    Where a script puts no spaces between words, pairs of characters stand for them.
    """
    found: set[str] = set()
    for word in words(folded(text)):
        if _UNSPACED.search(word):
            found |= {word[place : place + 2] for place in range(max(1, len(word) - 1))}
        elif len(word) >= 3 and not word[0].isdigit() and word not in _ALL_SMALL and word not in _NUMBERS:
            found.add(word.removesuffix("'s"))
    return found


def alike(one: str, other: str) -> bool:
    """Whether two folded words may be forms of the same: equal, or alike at the start but for an ending."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short) and len(long) - len(short) <= 2:
        return True
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= 3 and shared >= 0.6 * len(long) and len(short) > 3


def share(wanted: Iterable[str], there: Iterable[str]) -> float:
    """The part of some folded words that occur among others in some form; 1 where nothing is wanted."""
    asked, given = list(wanted), list(there)
    if not asked:
        return 1.0
    return sum(any(alike(word, other) for other in given) for word in asked) / len(asked)


def language(text: str) -> str | None:
    """The language whose small words clearly prevail, by its code; None where none does."""
    counts = dict.fromkeys(SMALL, 0)
    for word in words(text):
        if word == _ENGLISH_I:
            counts["en"] += 1
            continue
        for code, small in SMALL.items():
            counts[code] += folded(word) in small
    (first, most), (_, second) = sorted(counts.items(), key=lambda item: -item[1])[:2]
    return first if most >= _LEAST_SMALL and most > second else None


def scripts(text: str) -> Counter[str]:
    """How many letters are of which script, by the first word of their names: LATIN, CYRILLIC, CJK (kana too)."""
    found: Counter[str] = Counter()
    for letter in text:
        if letter.isalpha():
            script = unicodedata.name(letter, "").split(" ")[0]
            found["CJK" if script in {"HIRAGANA", "KATAKANA"} else script] += 1
    return found
