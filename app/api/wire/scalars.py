"""Reading single values the way clients of the v3 API are used to: `"1"` is an integer, `"yes"` a boolean.

Each function takes a decoded JSON value or the text of a query parameter and returns the typed value.
"""

import math
import re
from datetime import UTC, datetime, timedelta, timezone

from app.api.wire.problems import Refused

_INTEGER = re.compile(r"\s*([+-]?[0-9]+(?:_[0-9]+)*)(?:\.0+)?\s*\Z")
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*\Z")
_TRUE = frozenset({"1", "t", "true", "y", "yes", "on"})
_FALSE = frozenset({"0", "f", "false", "n", "no", "off"})
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt _](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<fraction>[0-9]{1,9}))?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?\Z"
)
_TIMESTAMP = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")
#: A larger timestamp counts milliseconds: as seconds it would be past the year 2600.
_LARGEST_SECONDS = 2e10
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_string(value: object) -> str:
    """Take a string; nothing else is turned into one."""
    if isinstance(value, str):
        return value
    raise Refused("string_type", "Input should be a valid string")


def read_integer(value: object) -> int:
    """Take an integer, a float without a fraction, or the text of one."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Refused("finite_number", "Input should be a finite number")
        if not value.is_integer():
            raise Refused("int_from_float", "Input should be a valid integer, got a number with a fractional part")
        return int(value)
    if isinstance(value, str):
        match = _INTEGER.match(value)
        # Python itself refuses to convert texts of more digits than this.
        if match is None or len(value) > 4000:
            raise Refused("int_parsing", "Input should be a valid integer, unable to parse string as an integer")
        return int(match[1])
    raise Refused("int_type", "Input should be a valid integer")


def read_number(value: object) -> float:
    """Take a finite number or the text of one."""
    if isinstance(value, str):
        if _NUMBER.match(value) is None:
            raise Refused("float_parsing", "Input should be a valid number, unable to parse string as a number")
        value = float(value)
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
        raise Refused("finite_number", "Input should be a finite number")
    raise Refused("float_type", "Input should be a valid number")


def read_boolean(value: object) -> bool:
    """Take a boolean, 0 or 1, or one of the usual words."""
    if isinstance(value, (int, float)) and value in (0, 1):
        return bool(value)
    if isinstance(value, str):
        word = value.lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
    if isinstance(value, (str, int)) or (isinstance(value, float) and value.is_integer()):
        raise Refused("bool_parsing", "Input should be a valid boolean, unable to interpret input")
    raise Refused("bool_type", "Input should be a valid boolean")


def read_moment(value: object) -> datetime:
    """Take an ISO 8601 date or time, or seconds (or milliseconds) since 1970; the result is in UTC.

    Text without a zone is in UTC; a date alone is its midnight; what is finer than a microsecond is cut off.
    """
    if isinstance(value, str):
        if _TIMESTAMP.match(value):
            return _from_timestamp(float(value))
        return _from_text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return _from_timestamp(float(value))
        except OverflowError:
            return _from_timestamp(math.inf)
    raise Refused("datetime_type", "Input should be a valid datetime")


def _from_text(text: str) -> datetime:
    match = _MOMENT.match(text)
    if match is None:
        raise _bad_moment("datetime_from_date_parsing", "datetime or date, expected a form like 2024-05-31T13:45:00Z")
    clock = match["time"] or "00:00"
    if len(clock) == 5:
        clock += ":00"
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    try:
        moment = datetime.fromisoformat(f"{match['date']}T{clock}.{fraction}")
        return moment.replace(tzinfo=_zone(match["zone"])).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad_moment("datetime_from_date_parsing", "datetime or date, a part is outside its range") from None


def _zone(text: str | None) -> timezone:
    if text is None or text in "Zz":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _from_timestamp(number: float) -> datetime:
    seconds = number / 1000 if abs(number) > _LARGEST_SECONDS else number
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        raise _bad_moment("datetime_parsing", "datetime, the timestamp is outside the years 1 to 9999") from None


def _bad_moment(type: str, rest: str) -> Refused:
    return Refused(type, f"Input should be a valid {rest}", {"error": rest.partition(", ")[2]})
