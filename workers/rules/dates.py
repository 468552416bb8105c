"""Reads relative dates against the day they were written and puts explicit ones in their place.

A date is never made finer than the words: "last week" becomes a week, "in 2016" stays a year. What the words leave open
stays open ("next Friday" names both candidates), and what cannot be told stays as it was said ("the other day").
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from msgspec import Struct

from workers.rules.counted import COUNTED
from workers.rules.moments import Expression, Hit, Moment, Tense, compiled, kept
from workers.rules.named import NAMED
from workers.rules.periods import Period

# Before one of these the date goes without a preposition of its own.
_GOVERNED = re.compile(
    r"\b(?:since|until|till|by|from|for|before|after|through|of|around|about|during|between|to|than|except|and|or)\s+$",
    re.IGNORECASE,
)
_REPLACED = re.compile(r"\b(?:on|in|at|over|back\s+in|back\s+on|later|earlier|right)\s+$", re.IGNORECASE)
_NOT_THE_START = re.compile(r"\b(?:until|till|by|before|after|than|except|to)\s+$", re.IGNORECASE)
_SUBJECT_OF = re.compile(r"\s+(?:is|was|will|has|had|marks|went|felt)\b")


class Resolved(Struct, frozen=True):
    """Text with explicit dates, and the first moment it speaks of, if it names one."""

    text: str
    about_at: datetime | None


def resolve(text: str, at: datetime, tense: Tense | None) -> Resolved:
    """Replace the relative dates in a statement.

    `at` is when it was written (aware); `tense` decides between the last and the coming Friday, and with None such
    words stay as they are. `about_at` is midnight, in the zone of `at`, of the first day of the first date named.
    """
    if not 1000 <= at.year <= 9000:  # counting from the calendar's edge would leave it
        return Resolved(text, None)
    parts: list[str] = []
    starts: list[date] = []
    end = 0
    for hit in _hits(Moment(at=at, tense=tense, text=text)):
        replacement, before = _placed(hit, text[end : hit.start], text)
        if hit.about is not None and not _NOT_THE_START.search(text[: hit.start]):
            starts.append(hit.about)
        parts += [before, replacement]
        end = hit.end
    about_at = datetime.combine(starts[0], time(), tzinfo=at.tzinfo) if starts else None
    return Resolved("".join([*parts, text[end:]]), about_at)


def _genitive(match: re.Match[str], moment: Moment) -> Hit | None:
    """Yesterday's game is the game on that day; before anything longer than one word the words stay."""
    for pattern, read in (*COUNTED, *NAMED):
        inner = pattern.fullmatch(match["when"])
        hit = read(inner, moment) if inner else None
        if hit is not None and hit.period is not None and match["thing"]:
            period = hit.period
            words = f"the {match['thing']} {period.preposition} {period.text}"
            return Hit(match.start(), match.end(), Period(words, "", None), period.start)
    return kept(match, moment)


_EXPRESSIONS: tuple[Expression, ...] = (
    (
        compiled(r"(?P<when>yesterday|today|tomorrow|(?:last|this|next)\s+\w+)['\u2019]s\b"
                 r"(?:\s+(?P<thing>\w+)(?=\s*(?:$|[.,;!?])|\s+(?:and|with|at|in|on|was|is|for|of|to)\b))?"),
        _genitive,
    ),
    *COUNTED,
    *NAMED,
)  # fmt: skip


def _hits(moment: Moment) -> Iterator[Hit]:
    """The hits in text order; of two that overlap, the one whose expression is listed first wins."""
    taken: list[Hit] = []
    for pattern, read in _EXPRESSIONS:
        for match in pattern.finditer(moment.text):
            if any(match.start() < hit.end and hit.start < match.end() for hit in taken):
                continue
            hit = read(match, moment)
            if hit is not None:
                taken.append(hit)
    yield from sorted(taken, key=lambda hit: hit.start)


def _placed(hit: Hit, before: str, text: str) -> tuple[str, str]:
    """The words to write for a hit, and the words before it less any preposition that they replace."""
    period = hit.period
    if period is None:
        return text[hit.start : hit.end] + hit.suffix, before
    if _GOVERNED.search(before):
        return period.text + hit.suffix, before
    swallowed = _REPLACED.search(before)
    if swallowed:
        before = before[: swallowed.start()]
    opens = hit.start == 0 or (swallowed is not None and text[: hit.start].strip() == swallowed[0].strip())
    words = period.text if opens and _SUBJECT_OF.match(text, hit.end) else f"{period.preposition} {period.text}".strip()
    return (words[0].upper() + words[1:] if opens else words) + hit.suffix, before
