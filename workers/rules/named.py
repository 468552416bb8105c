"""Dates told by a name: "yesterday", "last Tuesday", "this summer", "next year", "in March", "May 7th"."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from workers.rules import periods
from workers.rules.moments import (
    MONTH,
    PART,
    SEASON,
    YEAR,
    Expression,
    Hit,
    Moment,
    compiled,
    found,
    is_yearly,
    kept,
    squeezed,
)
from workers.rules.periods import HOLIDAYS, MONTHS, SEASONS, WEEKDAYS, Period

_PAST = {"last", "past", "this past"}
_COMING = {"coming", "this coming", "upcoming", "this upcoming"}
_WHICH = r"(?P<which>last|(?:this\s+)?past|next|(?:this\s+)?(?:coming|upcoming)|this)"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_ANOTHER = rf"(?:,|,?\s+(?:and|or|to|through))\s+(?:on\s+)?(?:{'|'.join(WEEKDAYS)})\b"
_SHORT_WEEKDAY = r"(?P<weekday>mon|tues?|wed|thu(?:rs)?|fri|sat|sun)"
_DAYS = {
    "the day before yesterday": -2, "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "last night": -1,
    "the day after tomorrow": 2,
}  # fmt: skip
_ARRANGED = re.compile(r"\bfor(?:\s+the)?\s*\Z", re.IGNORECASE)
_UNITS = {"week": 7, "month": 0, "year": 0, "weekend": 7}


def _is_past(match: re.Match[str], moment: Moment) -> bool:
    """Whether the time named lies behind: told in the past, unless something was arranged for it."""
    return moment.tense == "past" and _ARRANGED.search(moment.text, 0, match.start()) is None


def _number_of(name: str) -> int:
    return MONTHS.index(name.capitalize()) + 1


def _plain_day(match: re.Match[str], moment: Moment) -> Hit | None:
    word = squeezed(match["day"])
    if match["day"][0].isupper() and moment.text[: match.start()].rstrip()[-1:] not in {"", ".", "!", ":", ";"}:
        return kept(match, moment)  # a title: "Yesterday" inside a sentence
    on = moment.today + timedelta(days=_DAYS[word])
    part = match["part"] or {"tonight": "evening", "last night": "night"}.get(word)
    return found(match, periods.part_of_day(on, part.lower()) if part else periods.day(on))


def _this_part(match: re.Match[str], moment: Moment) -> Hit:
    return found(match, periods.part_of_day(moment.today, match["part"].lower()))


def _weekday(match: re.Match[str], moment: Moment) -> Hit | None:
    number = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(match["weekday"].lower()[:3]))
    which, part, today = squeezed(match["which"]), match["part"], moment.today

    def period(on: date) -> Period:
        return periods.part_of_day(on, part.lower()) if part else periods.day(on)

    back = today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    ahead = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if which in _PAST:
        return found(match, period(back))
    if which == "next":
        # In the running week "next Friday" is the coming one to some and the one after it to others.
        if periods.monday_of(ahead) == periods.monday_of(today):
            return found(match, periods.either(period(ahead), period(ahead + timedelta(days=7))))
        return found(match, period(ahead))
    if which in _COMING:
        return found(match, period(ahead))
    if moment.tense is None:
        return kept(match, moment)
    if which == "this" and number == today.weekday():
        return found(match, period(today))
    return found(match, period(back if _is_past(match, moment) else ahead))


def _unit(match: re.Match[str], moment: Moment) -> Hit | None:
    """Last, this or next week, weekend, month or year."""
    which, unit = squeezed(match["which"]), match["unit"].lower()
    step = -1 if which in _PAST else 1 if which == "next" or which in _COMING else 0
    if unit == "weekend":
        meant = periods.weekend(_weekend_day(moment, step, which))
        if which == "next" and moment.today.weekday() < 5:
            # Before Saturday "next weekend" is the coming one to some, as with "next Friday".
            return found(match, periods.either(periods.weekend(moment.today), meant))
        return found(match, meant)
    return found(match, _stepped(moment.today, unit, step))


def _stepped(today: date, unit: str, step: int) -> Period:
    if unit == "weekend":
        return periods.weekend(today + timedelta(weeks=step))
    if unit == "week":
        return periods.week(today + timedelta(weeks=step))
    return periods.months_before(today, -step) if unit == "month" else periods.year(today.year + step)


def _weekend_day(moment: Moment, step: int, which: str) -> date:
    """A day in the week of the weekend meant. On a Saturday or Sunday the running one is "this", never "last"."""
    today = moment.today
    on_weekend = today.weekday() >= 5
    if "past" in which and on_weekend:
        return today
    if which in _COMING:
        return today + timedelta(weeks=1 if on_weekend else 0)
    if step == 0 and moment.tense == "past" and not on_weekend:
        return today - timedelta(weeks=1)
    return today + timedelta(weeks=step)


def _weekend_alone(match: re.Match[str], moment: Moment) -> Hit | None:
    if moment.tense is None:
        return kept(match, moment)
    return found(match, periods.weekend(_weekend_day(moment, 0, "")))


def _two_away(match: re.Match[str], moment: Moment) -> Hit | None:
    """The week before last, the year after next."""
    return found(match, _stepped(moment.today, match["unit"].lower(), -2 if "last" in match[0].lower() else 2))


def _in_which_year(which: str, begins: date, ends: date, today: date) -> list[int]:
    """The years that "last", "this" or "next" may mean for what runs from `begins` to `ends` in the running year."""
    if which in _PAST:
        return [today.year if ends < today else today.year - 1]
    if which in _COMING:
        return [today.year if begins > today else today.year + 1]
    if which == "next":
        return [today.year, today.year + 1] if begins > today else [today.year + 1]
    return [today.year]


def _of_years(match: re.Match[str], years: list[int], make: Callable[[int], Period]) -> Hit:
    made = [make(number) for number in years]
    return found(match, made[0] if len(made) == 1 else periods.either(made[0], made[1]))


def _season(match: re.Match[str], moment: Moment) -> Hit | None:
    name, which, today = match["season"].lower(), squeezed(match["which"]), moment.today
    if name == "winter" and today.month <= 2:
        # The winter that began in December is still the present one.
        step = -2 if which == "last" else 0 if which == "next" or which in _COMING else -1
        return found(match, periods.season(name, today.year + step))
    first = SEASONS[name]
    ends = date(today.year, first + 2, 28) if first < 12 else date(today.year + 1, 2, 28)
    years = _in_which_year(which, date(today.year, first, 1), ends, today)
    return _of_years(match, years, lambda number: periods.season(name, number))


def _named_month(match: re.Match[str], moment: Moment) -> Hit | None:
    number, today = _number_of(match["month"]), moment.today
    years = _in_which_year(squeezed(match["which"]), date(today.year, number, 1), date(today.year, number, 28), today)
    if squeezed(match["which"]) in _PAST and number == today.month:
        years = [today.year - 1]
    return _of_years(match, years, lambda year: periods.month(year, number))


def _holiday(match: re.Match[str], moment: Moment) -> Hit | None:
    name = match["holiday"].capitalize()
    on = date(moment.today.year, *HOLIDAYS[name])
    years = _in_which_year(squeezed(match["which"]), on, on, moment.today)
    return _of_years(match, years, lambda year: periods.holiday(name, year))


def _month_of_year(match: re.Match[str], moment: Moment) -> Hit | None:
    step = {"last": -1, "this": 0, "next": 1}[match["which"].lower()]
    return found(match, periods.month(moment.today.year + step, _number_of(match["month"])))


def _this_time(match: re.Match[str], moment: Moment) -> Hit | None:
    step = -1 if match["which"].lower() == "last" else 1
    return found(match, periods.around(periods.month(moment.today.year + step, moment.today.month)))


def _bare_month(match: re.Match[str], moment: Moment) -> Hit | None:
    """In March: the last or the coming one, as the tense has it."""
    if moment.tense is None or is_yearly(moment.text):
        return kept(match, moment)
    number, today = _number_of(match["month"]), moment.today
    behind = _is_past(match, moment)
    chosen = today.year - (number > today.month) if behind else today.year + (number < today.month)
    period, stage = periods.month(chosen, number), squeezed(match["stage"])
    return found(match, Period(f"{stage} {period.text}".strip(), "at" if "of" in stage else "in", period.start))


def _day_of_month(match: re.Match[str], moment: Moment) -> Hit | None:
    """May 7th, the 7th of May, with a year or without one."""
    number, given = _number_of(match["month"]), match["year"]
    if not given and (moment.tense is None or is_yearly(moment.text)):
        return kept(match, moment)
    try:
        on = date(int(given) if given else moment.today.year, number, int(match["dom"]))
        if not given and on > moment.today and _is_past(match, moment):
            on = on.replace(year=on.year - 1)
        elif not given and moment.tense == "future" and on < moment.today:
            on = on.replace(year=on.year + 1)
    except ValueError:
        return kept(match, moment)
    return found(match, periods.day(on))


def _iso_day(match: re.Match[str], moment: Moment) -> Hit | None:
    try:
        on = date.fromisoformat(match[0])
    except ValueError:
        return kept(match, moment)
    return Hit(match.start(), match.end(), None, on)


def _explicit(match: re.Match[str], moment: Moment) -> Hit | None:
    """A year, or a month with its year: the words stay, the time they are about is known."""
    del moment
    named = match.groupdict()
    first = SEASONS[named["season"].lower()] if named.get("season") else 1
    first = _number_of(named["month"]) if named.get("month") else first
    return Hit(match.start(), match.end(), None, date(int(match["year"]), first, 1))


_UNIT_NAME = r"(?P<unit>week|weekend|month|year)"
_ANY_UNIT = rf"(?:week|weekend|month|year|summer|winter|spring|autumn|fall|{'|'.join(WEEKDAYS)}|{'|'.join(MONTHS)})"
_DAY_NUMBER = r"(?P<dom>[12]\d|3[01]|0?[1-9])"
NAMED: tuple[Expression, ...] = (
    (
        compiled(
            rf"(?:every|each|most|any|all|some|another|one|the\s+following)\s+(?:other\s+|single\s+)?{_ANY_UNIT}"
        ),
        kept,
    ),
    (compiled(r"the\s+(?:next|other|last)\s+(?:day|night|morning)"), kept),
    (compiled(rf"the\s+(?:last|first|next|whole|same|previous)\s+{_ANY_UNIT}(?:\s+of)?(?!\s+before|\s+after)"), kept),
    (compiled(r"\d{4}-\d\d-\d\d"), _iso_day),
    (compiled(rf"(?:the\s+)?{MONTH}\s+{_DAY_NUMBER}(?:st|nd|rd|th)?(?:,?\s+{YEAR})?"), _day_of_month),
    (compiled(rf"(?:the\s+)?{_DAY_NUMBER}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}(?:,?\s+{YEAR})?"), _day_of_month),
    (compiled(rf"(?:in\s+)?{MONTH}\s+(?:of\s+)?(?P<which>last|this|next)\s+year"), _month_of_year),
    (compiled(rf"(?P<which>last|this|next)\s+year\s+in\s+{MONTH}"), _month_of_year),
    (compiled(r"(?:at\s+)?this\s+time\s+(?P<which>last|next)\s+year"), _this_time),
    (compiled(rf"(?:in\s+|since\s+|of\s+)?{MONTH}(?:\s+of)?,?\s+{YEAR}"), _explicit),
    (compiled(rf"{SEASON}(?:\s+of)?\s+{YEAR}"), _explicit),
    (
        compiled(
            rf"(?<!\$)(?:in|since|from|around|during)\s+{YEAR}(?!\s*(?:km|people|dollars|euros|%|[-\u2013/]\d))"
        ),
        _explicit,
    ),
    (compiled(rf"the\s+{_UNIT_NAME}\s+(?:before\s+last|after\s+next)"), _two_away),
    (compiled(r"(?P<day>the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow)(?P<part>)"), _plain_day),
    (compiled(rf"(?P<day>yesterday|tomorrow|today)(?:\s+{PART})?(?!['\u2019])"), _plain_day),
    (compiled(r"(?P<day>last\s+night|tonight)(?P<part>)(?!['\u2019])"), _plain_day),
    (compiled(rf"this\s+{PART}(?!['\u2019])"), _this_part),
    (compiled(rf"{_WHICH}\s+(?:{_WEEKDAY})(?:\s+{PART})?(?!['\u2019])"), _weekday),
    (compiled(rf"{_WHICH}\s+{_SHORT_WEEKDAY}(?P<part>)(?!['\u2019])"), _weekday),
    (compiled(rf"on\s+(?P<which>){_WEEKDAY}(?:\s+{PART})?(?!['\u2019]|{_ANOTHER})"), _weekday),
    (
        compiled(rf"(?<!good\s)(?<!black\s)(?<!every\s)(?<!the\s)(?<!that\s)(?<!\ba\s)(?<!\band\s)(?<!\bor\s)(?<!\bto\s)"
                 rf"(?P<which>){_WEEKDAY}(?:\s+{PART})?(?=\s*(?:[.!,;]|$))(?!{_ANOTHER})"),
        _weekday,
    ),
    (compiled(rf"{_WHICH}\s+{_UNIT_NAME}(?!['\u2019]|\s+of\b)"), _unit),
    (compiled(rf"{_WHICH}\s+{SEASON}(?!['\u2019]|\s+(?:semester|term|break)\b)"), _season),
    (compiled(rf"{_WHICH}\s+{MONTH}(?!['\u2019])"), _named_month),
    (compiled(rf"{_WHICH}\s+(?P<holiday>{'|'.join(HOLIDAYS)})(?!['\u2019])"), _holiday),
    (compiled(r"(?:over|on|at|during|for)\s+the\s+weekend(?!\s+of)"), _weekend_alone),
    (
        compiled(rf"(?:at\s+)?(?P<stage>the\s+(?:end|beginning|start|middle)\s+of)\s+{MONTH}(?!['\u2019]|\s+\d)"),
        _bare_month,
    ),
    (compiled(rf"in\s+(?:(?P<stage>early|mid|late)[\s-]+)?{MONTH}(?!['\u2019]|\s+\d)"), _bare_month),
    (compiled(rf"(?<=since\s)(?:(?P<stage>early|mid|late)[\s-]+)?{MONTH}(?!['\u2019]|\s+\d)"), _bare_month),
)  # fmt: skip
