"""Whether the messages bear a claim out: its words, numbers, names, negation and language must be theirs.

The share of words is the only threshold. It was measured on `tests/models/borne_out.jsonl`, pairs of a message and a
claim in nine languages that are faithful or not: `python -m tests.models.bearing` prints the figures.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from workers.reasoners import words

LEAST_SHARE = 0.5
"""Part of a claim's content words that the messages must hold in some form."""
STRANGE_SCRIPT = 0.25
"""Part of a claim's letters in scripts that the messages do not have, from which on it is in another language."""

_CLAUSE = re.compile(r"[,;:.!?\n–—]|\b(?:but|aber|mais|pero|ma|mas|maar|но)\b", re.IGNORECASE)  # noqa: RUF001 -- a dash
_YEAR = re.compile(r"(?:19|20)\d{2}")
_NEAR_YEARS = 2
_MONTH_DAYS = 31
#: Nouns of German begin with a capital like names, so capitals tell nothing there.
_CAPITAL_NOUNS = "de"


def unsupported(claim: str, quote: str, said: Sequence[str], names: Collection[str], at: datetime) -> str | None:
    """Why a claim is not borne out, in a few words; None if it is.

    Args:
        claim: the statement.
        quote: the words it is said to rest on.
        said: the cited messages first, then those around them.
        names: what the peers are called; a claim may use these.
        at: when the cited message was sent, for dates that were reckoned from it.
    """
    spoken = " ".join(said)
    if _foreign(claim, said, names):
        return "other language"
    if not _numbers_hold(_unnamed(claim, names), spoken, at):
        return "number not in the messages"
    if _strange_name(claim, spoken, names):
        return "name not in the messages"
    known = words.content(" ".join(names))
    wanted = {word for word in words.content(claim) if word not in known and not words.is_of_a_date(word)}
    if _denial_differs(claim, quote, spoken, wanted):
        return "negation differs"
    if words.share(wanted, words.content(spoken)) < LEAST_SHARE:
        return "words not in the messages"
    return None


def strange(claim: str, said: Sequence[str], names: Collection[str], at: datetime) -> str | None:
    """What a claim that follows from others brings in from nowhere, in a few words; None if nothing.

    Args:
        claim: the statement; its words need not be theirs.
        said: what it follows from.
        names: what the peers are called; a claim may use these.
        at: the time from which dates may be reckoned.
    """
    spoken = " ".join(said)
    if _foreign(claim, said, names):
        return "other language"
    if not _numbers_hold(_unnamed(claim, names), spoken, at):
        return "number not in the premises"
    return "name not in the premises" if _strange_name(claim, spoken, names) else None


def _unnamed(claim: str, names: Collection[str]) -> str:
    """The claim without the names of peers: their digits are no numbers that anybody said."""
    for name in sorted(names, key=len, reverse=True):
        claim = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", claim, flags=re.IGNORECASE)
    return claim


def _foreign(claim: str, said: Sequence[str], names: Collection[str]) -> bool:
    """Whether the claim is plainly of another language than the message it cites first."""
    own = claim
    for name in names:
        own = re.sub(re.escape(name), " ", own, flags=re.IGNORECASE)
    written, there = words.scripts(own), words.scripts(" ".join(said))
    strange = sum(letters for script, letters in written.items() if script not in there)
    if strange > STRANGE_SCRIPT * written.total():
        return True
    told, heard = words.language(own), words.language(said[0])
    return told is not None and heard is not None and told != heard


def _numbers_hold(claim: str, spoken: str, at: datetime) -> bool:
    said = words.numbers(spoken)
    strange = words.numbers(claim) - said
    if not strange:
        return True
    reckoned = {str(at.year + step) for step in range(-_NEAR_YEARS, _NEAR_YEARS + 1)}
    spans = [int(number) for number in said if len(number) <= 3]
    reckoned |= {str(at.year - span) for span in spans} | {str(at.year + span) for span in spans}
    years = {number for number in strange if _YEAR.fullmatch(number)}
    if not years <= reckoned:
        return False
    # A day, or the month of a date in digits, goes with a year that could be reckoned, or with the name of its month.
    dated = bool(years) or any(words.is_of_a_date(word) for word in words.words(claim))
    return all(dated and int(number) <= _MONTH_DAYS for number in strange - years)


def _strange_name(claim: str, spoken: str, names: Collection[str]) -> bool:
    if words.language(claim) == _CAPITAL_NOUNS:
        return False
    known = [word.removesuffix("'s") for word in map(words.folded, words.words(spoken))]
    known += [word for name in names for word in map(words.folded, words.words(name))]
    for place, word in enumerate(words.words(claim)):
        if place == 0 or not word[0].isupper() or words.is_of_a_date(word):
            continue
        plain = words.folded(word).removesuffix("'s")
        if not any(plain == other or words.alike(plain, other) for other in known):
            return True
    return False


def _denial_differs(claim: str, quote: str, spoken: str, wanted: Collection[str]) -> bool:
    if words.denies(claim):
        return not words.denies(spoken, stopping=True)
    # Only the part of the quote that the claim repeats counts: "I can't swim, but my sister can".
    parts = [(words.share(wanted, words.content(part)), part) for part in _CLAUSE.split(quote) if part.strip()]
    nearest, part = max(parts, default=(0.0, ""))
    return bool(wanted) and nearest >= LEAST_SHARE and words.denies(part)
