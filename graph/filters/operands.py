"""Operands of ordinary columns: JSON in, values of the column's type out, or one sentence that says what is wrong."""

import math
import re
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from graph.errors import Invalid
from graph.filters.columns import Column, Kind
from graph.filters.conditions import Always, Compare, Condition, IsNull, Never, Operator, negation
from graph.metadata_terms import is_array, is_object, number_key, number_text

#: What the store's integers can hold.
LEAST, MOST = -(2**63), 2**63 - 1
#: Deepest nesting of objects and arrays in a value to be contained: each array level is one more loop in the query.
VALUE_DEPTH = 32

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?) ?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


def text(value: object, path: str) -> str:
    """A string that the database can take.

    Raises:
        Invalid: it is no string, or holds half of a surrogate pair.
    """
    if not isinstance(value, str):
        raise Invalid(f"{path} must be a string")
    if not _encodable(value):
        raise Invalid(f"{path} must be valid Unicode text")
    return value


def number(value: object, path: str) -> Decimal:
    """An exact number from a JSON number, a truth value (0 or 1) or a string that reads as a number.

    Raises:
        Invalid: it is none of these, or not finite.
    """
    if isinstance(value, bool):
        return Decimal(int(value))
    if not _finite(value) or number_key(value) is None:
        raise Invalid(f"{path} must be a number or a string that reads as one")
    return Decimal((number_text(value) or "").strip())


def moment(value: object, path: str) -> datetime:
    """A point in time, in UTC, from ISO 8601 text; what names no offset is UTC, a bare date its midnight.

    Raises:
        Invalid: it is no such text, or no such date exists.
    """
    match = _MOMENT.fullmatch(value.strip().upper()) if isinstance(value, str) else None
    if match is None:
        raise Invalid(f"{path} must be an ISO 8601 date or date and time, like 2024-12-31 or 2024-12-31T23:59:59Z")
    try:
        found = datetime.fromisoformat(f"{match[1]}T{match[2] or '00:00'}{match[3] or 'Z'}")
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"{path} must be a date and time that exist") from None


def operand(column: Column, value: object, path: str) -> str | bool | Decimal | datetime:
    """The value as the column's type.

    Raises:
        Invalid: it is of another type, or not among the column's values.
    """
    match column.kind:
        case Kind.TEXT:
            return text(value, path)
        case Kind.CHOICE:
            if value not in column.choices:
                raise Invalid(f"{path} must be one of {', '.join(column.choices)}")
            return str(value)
        case Kind.BOOLEAN:
            if not isinstance(value, bool):
                raise Invalid(f"{path} must be true or false")
            return value
        case Kind.NUMBER:
            return number(value, path)
        case Kind.MOMENT:
            return moment(value, path)
        case Kind.METADATA | Kind.SOURCES:
            raise Invalid(f"{path} cannot be compared with a single value")


def comparison(column: Column, operator: Operator, value: str | bool | Decimal | datetime) -> Condition:
    """Compare a column with an operand; numbers of any size and fraction become comparisons of integers."""
    if not isinstance(value, Decimal):
        return Compare(column, operator, value)
    if operator in (Operator.EQUAL, Operator.DIFFERENT):
        whole = integer(value)
        if whole is not None:
            return Compare(column, operator, whole)
        return Never() if operator is Operator.EQUAL else Always()
    if value < LEAST or value > MOST:
        upward = operator in (Operator.MORE, Operator.AT_LEAST)
        return negation(IsNull(column)) if upward == (value < LEAST) else Never()
    rounding = ROUND_FLOOR if operator in (Operator.MORE, Operator.AT_MOST) else ROUND_CEILING
    return Compare(column, operator, int(value.to_integral_value(rounding)))


def integer(value: Decimal) -> int | None:
    """The number as an integer of the store, or None when it is none."""
    if value < LEAST or value > MOST or value != value.to_integral_value(ROUND_FLOOR):
        return None
    return int(value)


def check_json(value: object, path: str) -> None:
    """Make sure that a value can be looked for in metadata.

    Raises:
        Invalid: it nests too deeply, or holds a number that is not finite or text that is not Unicode.
    """
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if depth > VALUE_DEPTH:
            raise Invalid(f"{path} must not nest deeper than {VALUE_DEPTH} levels")
        if is_object(item):
            waiting += [(part, depth + 1) for part in item.values()]
            waiting += [(key, depth) for key in item]
        elif is_array(item):
            waiting += [(part, depth + 1) for part in item]
        elif isinstance(item, str):
            text(item, path)
        elif not _finite(item):
            raise Invalid(f"{path} must hold finite numbers only")


def _encodable(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _finite(value: object) -> bool:
    return not isinstance(value, float) or math.isfinite(value)
