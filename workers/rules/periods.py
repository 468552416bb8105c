"""Stretches of the calendar and how they are written: never finer than what was said."""

from datetime import date, timedelta

from msgspec import Struct

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Northern seasons by first month; what is printed keeps the speaker's own word, so only `start` leans on this.
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
HOLIDAYS = {"Christmas": (12, 25), "Halloween": (10, 31), "Thanksgiving": (11, 28), "Easter": (4, 10)}


class Period(Struct, frozen=True):
    """A stretch of time: `text`, the `preposition` it takes before that, and its first day (None if vague)."""

    text: str
    preposition: str
    start: date | None


def written(on: date) -> str:
    """The day as "7 May 2023"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day(on: date) -> Period:
    """One day."""
    return Period(written(on), "on", on)


def part_of_day(on: date, part: str) -> Period:
    """Morning, afternoon, evening or night of a day."""
    return Period(f"the {part} of {written(on)}", "on", on)


def monday_of(on: date) -> date:
    """The Monday of the week that holds the day."""
    return on - timedelta(days=on.weekday())


def week(on: date) -> Period:
    """The week, Monday to Sunday, that holds the day."""
    first = monday_of(on)
    return Period(f"the week of {written(first)}", "in", first)


def weekend(on: date) -> Period:
    """The Saturday and Sunday of the week that holds the day."""
    first = monday_of(on) + timedelta(days=5)
    return Period(f"the weekend of {written(first)}", "on", first)


def month(year_number: int, number: int) -> Period:
    """One month; `number` may lie outside 1 to 12 and then carries into the year."""
    year_number, index = year_number + (number - 1) // 12, (number - 1) % 12
    return Period(f"{MONTHS[index]} {year_number}", "in", date(year_number, index + 1, 1))


def year(number: int) -> Period:
    """One calendar year."""
    return Period(str(number), "in", date(number, 1, 1))


def season(name: str, year_number: int) -> Period:
    """The season that starts in the year; a winter runs into the next."""
    label = f"{year_number}/{(year_number + 1) % 100:02d}" if name == "winter" else str(year_number)
    return Period(f"{name} {label}", "in", date(year_number, SEASONS[name], 1))


def holiday(name: str, year_number: int) -> Period:
    """A yearly feast; those that move are not pinned to a day, so they carry no start but their month's first."""
    month_number, day_number = HOLIDAYS[name]
    fixed = name in {"Christmas", "Halloween"}
    return Period(f"{name} {year_number}", "at", date(year_number, month_number, day_number if fixed else 1))


def either(first: Period, second: Period) -> Period:
    """One of two periods where the words leave it open; it starts no earlier than the first."""
    return Period(f"{first.text} or {second.text}", first.preposition, first.start)


def around(period: Period) -> Period:
    """About then."""
    return Period(period.text, "around", period.start)


def months_before(on: date, count: int) -> Period:
    """The month `count` months before the day; a negative count looks ahead."""
    return month(on.year, on.month - count)


def as_of(on: date, unit: str) -> str:
    """The anchor of a vague stretch: the day for days and weeks, the month for anything longer."""
    return written(on) if unit in {"day", "week", "weekend"} else f"{MONTHS[on.month - 1]} {on.year}"
