"""Dates told by counting from now: "two weeks ago", "in three days", "for five years", "over the last few months"."""

import re
from datetime import timedelta

from workers.rules import periods
from workers.rules.moments import Expression, Hit, Moment, compiled, found, kept, squeezed
from workers.rules.periods import Period

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
}  # fmt: skip
_SAID = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_PLAIN = rf"(?:\d{{1,3}}|{_SAID})"
_COUNT = rf"(?<![.,$-])(?P<count>(?:a\s+)?couple(?:\s+of)?|(?:a\s+)?(?:good\s+)?few|several|many|some|{_PLAIN})"
_UNIT = r"(?P<unit>minute|hour|day|weekend|week|month|year|decade)s?"
_OPEN = r"over|more\s+than|at\s+least|less\s+than|under"
_QUALIFIER = rf"(?:(?P<qualifier>{_OPEN}|about|around|almost|nearly|roughly|like)\s+)?"
_PERFECT = re.compile(r"\b(?:have|has|haven't|hasn't|been)\b|\w'(?:ve|s)\b", re.IGNORECASE)
_PLUPERFECT = re.compile(r"\bhad\b|\w'd\b", re.IGNORECASE)


def _number(words: str) -> int | None:
    """The number meant; None where it is vague."""
    if words.isdigit():
        return int(words)
    return 2 if "couple" in words.lower() else _NUMBERS.get(words.lower())


def _shifted(moment: Moment, count: int, unit: str) -> Period | None:
    """The period `count` units from now, as wide as the unit; None beyond the calendar."""
    today = moment.today
    if unit == "decade":
        years = _shifted(moment, count * 10, "year")
        return None if years is None else periods.around(years)
    if not 1000 <= today.year + count <= 9000:
        return None
    if unit in {"minute", "hour"}:
        return periods.day((moment.at + timedelta(minutes=count * (1 if unit == "minute" else 60))).date())
    if unit == "day":
        return periods.day(today + timedelta(days=count))
    if unit == "weekend":
        return periods.weekend(today + timedelta(weeks=count))
    if unit == "week":
        return periods.week(today + timedelta(weeks=count))
    if unit == "month":
        return periods.months_before(today, -count)
    return periods.year(today.year + count)


def _vague(words: str, side: str, moment: Moment, unit: str) -> Period:
    """A stretch that cannot be counted, anchored to the day or month of writing: "a few weeks before 8 May 2023"."""
    return Period(f"{words} {side} {periods.as_of(moment.today, unit)}", "", None)


def _is_open(qualifier: str) -> bool:
    return re.fullmatch(_OPEN, qualifier, re.IGNORECASE) is not None


def _ago(match: re.Match[str], moment: Moment) -> Hit | None:
    count, unit, qualifier = _number(match["count"]), match["unit"].lower(), match["qualifier"] or ""
    if count is None or _is_open(qualifier):
        return found(match, _vague(" ".join(match[0].split()[:-1]), "before", moment, unit))
    period = _shifted(moment, -count, unit)
    if period is None:
        return None
    rough = bool(qualifier) or "couple" in match["count"].lower()
    return found(match, periods.around(period) if rough else period)


def _uncounted_ago(match: re.Match[str], moment: Moment) -> Hit | None:
    return found(match, _vague(" ".join(match[0].split()[:-1]), "before", moment, match["unit"].lower()))


def _in(match: re.Match[str], moment: Moment) -> Hit | None:
    """In two weeks. Only what lies ahead: of the past, and of habits, it says how long something takes."""
    if moment.tense != "future":
        return kept(match, moment)
    return _from_now(match, moment)


def _from_now(match: re.Match[str], moment: Moment) -> Hit | None:
    count, unit = _number(match["count"]), match["unit"].lower()
    if count is None:
        words = re.sub(r"^in\s+|\s+from\s+now$", "", match[0], flags=re.IGNORECASE)
        return found(match, _vague(words, "after", moment, unit))
    period = _shifted(moment, count, unit)
    if period is None:
        return None
    return found(match, periods.around(period) if "couple" in match["count"].lower() else period)


def _stretch(match: re.Match[str], moment: Moment) -> Hit | None:
    """For the past three years, in the last few months, over the next two weeks."""
    unit, lead = match["unit"].lower(), match["lead"].lower()
    ahead = match["which"].lower() in {"next", "coming"}
    count = _number(match["count"]) if match["count"] else 1
    if lead == "for" and not ahead and count is not None and _PERFECT.search(moment.text[: match.start()]):
        since = _shifted(moment, -count, unit)
        if since is not None:
            return Hit(match.start(), match.end(), Period(f"about {since.text}", "since", None), since.start)
    span = f"{squeezed(match['count'])} {unit}{'' if count == 1 else 's'}".strip()
    return found(match, _vague(f"{lead} the {span}", "after" if ahead else "before", moment, unit))


def _lasting(match: re.Match[str], moment: Moment) -> Hit | None:
    """For three years: since when, if it still holds when it is said."""
    before = moment.text[: match.start()]
    count, unit = _number(match["count"]), match["unit"].lower()
    holds = _PERFECT.search(before) and not _PLUPERFECT.search(before) and unit not in {"minute", "hour"}
    since = _shifted(moment, -count, unit) if holds and count is not None else None
    if since is None:
        return kept(match, moment)
    word = "before" if _is_open(match["qualifier"] or "") else "about"
    end = match.start() + len(re.sub(r"\s+now$", "", match[0], flags=re.IGNORECASE))
    return Hit(match.start(), match.end(), Period(moment.text[match.start() : end], "", None), since.start,
               f" (since {word} {since.text})")  # fmt: skip


COUNTED: tuple[Expression, ...] = (
    (compiled(rf"(?:\d+[.\-\u2013]\d+|{_PLAIN}\s+(?:or|to)\s+{_PLAIN})\s+{_UNIT}\s+ago"), _uncounted_ago),
    (compiled(rf"{_PLAIN}\s+{_UNIT}\s+and\s+a\s+half\s+ago"), _uncounted_ago),
    (compiled(rf"{_PLAIN}\s+and\s+a\s+half\s+{_UNIT}\s+ago"), _uncounted_ago),
    (compiled(rf"half\s+an?\s+{_UNIT}\s+ago"), _uncounted_ago),
    (compiled(rf"{_QUALIFIER}{_COUNT}\s+{_UNIT}\s+(?:ago|back)"), _ago),
    (compiled(rf"{_COUNT}\s+{_UNIT}\s+from\s+now"), _from_now),
    (
        compiled(rf"(?P<lead>for|in|over|during|within|throughout)\s+the\s+(?P<which>last|past|next|coming)\s+"
                 rf"(?:{_COUNT}\s+)?(?P<unit>day|week|month|year|decade)s?(?!\s+of)"),
        _stretch,
    ),
    (compiled(rf"for\s+{_QUALIFIER}{_COUNT}\s+{_UNIT}(?:\s+now)?(?!\s+ago)"), _lasting),
    (compiled(rf"in\s+{_COUNT}\s+(?P<unit>day|week|month|year)s?(?!['\u2019])"), _in),
)  # fmt: skip
