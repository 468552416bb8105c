"""What a reading of a date is given and what it gives back, with the pattern pieces that readings share."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from workers.rules.periods import MONTHS, SEASONS, Period

Tense = Literal["past", "future"]


class Moment(Struct, frozen=True):
    """The statement being read, when it was written (aware), and whether it looks back or ahead (None: unknown)."""

    at: datetime
    tense: Tense | None
    text: str

    @property
    def today(self) -> date:
        """The day it was written, in its own time zone."""
        return self.at.date()


class Hit(Struct, frozen=True):
    """Words found at `start` to `end`: the period to write there (None keeps them), the first day it is about."""

    start: int
    end: int
    period: Period | None
    about: date | None
    suffix: str = ""


Reading = Callable[[re.Match[str], Moment], Hit | None]
Expression = tuple[re.Pattern[str], Reading]

PART = r"(?:early\s+|late\s+)?(?P<part>morning|afternoon|evening|night)"
MONTH = rf"(?P<month>{'|'.join(MONTHS)})"
SEASON = rf"(?P<season>{'|'.join(SEASONS)})"
YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEARLY = re.compile(r"\b(?:birthday|birth|born|anniversary|every|each|always|usually|annual|yearly)\b", re.IGNORECASE)


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern between word boundaries, blind to case."""
    return re.compile(rf"\b{pattern}(?!\w)", re.IGNORECASE)


def found(match: re.Match[str], period: Period) -> Hit:
    """The match stands for the period."""
    return Hit(match.start(), match.end(), period, period.start)


def kept(match: re.Match[str], moment: Moment) -> Hit:
    """The words name no date that can be told, or one already explicit: they stay as they are."""
    del moment
    return Hit(match.start(), match.end(), None, None)


def squeezed(words: str | None) -> str:
    """Lower case, single spaces."""
    return " ".join((words or "").lower().split())


def is_yearly(text: str) -> bool:
    """Whether the statement is about what comes every year, so that a bare month or day has no year."""
    return _YEARLY.search(text) is not None
