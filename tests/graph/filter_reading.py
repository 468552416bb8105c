"""The filter language read a second time, straight from its description: rows in memory, three truth values."""

import json
import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Object = dict[str, Json]
Cell = Json | datetime
Row = dict[str, Cell]
Truth = bool | None

OPERATORS = ("gte", "lte", "gt", "lt", "ne", "in", "contains", "icontains")
ALIASES = {
    "observer": "observer_id",
    "observed": "observed_id",
    "session_name": "session_id",
    "workspace_name": "workspace_id",
    "internal_metadata": "metadata",
}
NUMERIC = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,6})?\s*", re.ASCII)
ORDER: dict[str, Callable[[list[Fraction], list[Fraction]], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gte": operator.ge,
    "lte": operator.le,
    "gt": operator.gt,
    "lt": operator.lt,
}


def reads(row: Row, filters: Json) -> Truth:
    """Whether the filter holds for the row: true, false or unknown."""
    found: list[Truth] = []
    assert isinstance(filters, dict)
    for key, value in filters.items():
        if isinstance(value, list) and key in ("AND", "OR", "NOT"):
            parts = [reads(row, part) for part in value]
            if key == "NOT":
                found += [part is not True for part in parts]
            else:
                found += parts if key == "AND" else [either(parts)] if parts else []
        else:
            found.append(reads_column(row, ALIASES.get(key, key), value))
    return both(found)


def both(parts: list[Truth]) -> Truth:
    if False in parts:
        return False
    return None if None in parts else True


def either(parts: list[Truth]) -> Truth:
    if True in parts:
        return True
    return None if None in parts else False


def reads_column(row: Row, key: str, value: Json) -> Truth:
    stored = row.get(key)
    if key == "metadata":
        assert isinstance(stored, dict)
        return reads_metadata(stored, value)
    if key == "source_ids":
        assert isinstance(stored, list)
        return reads_sources(stored, value)
    if key == "sync_state":
        stored = "synced" if "embedding" in row else "pending"
    if value is None:
        return stored is None
    if value == "*":
        return True
    if isinstance(value, list):
        value = {"in": value}
    if not isinstance(value, dict):
        value = {"eq": value}
    return both([reads_operation(stored, name, operand) for name, operand in value.items()])


def reads_operation(stored: Cell, name: str, operand: Json) -> Truth:
    if operand == "*" or (isinstance(operand, list) and "*" in operand):
        return True
    if name == "ne" and (operand is None or stored is None):
        return stored is not None if operand is None else True
    if operand == []:
        return False
    if stored is None:
        return None
    if isinstance(operand, list):
        return any(place(stored) == place(item, stored) for item in operand)
    if "contains" in name:
        return folded(str(operand)) in folded(str(stored))
    return ORDER[name](place(stored), place(operand, stored))


def place(value: Cell, beside: Cell = None) -> list[Fraction]:
    """Where a value stands in the order of the column that holds `beside`."""
    if isinstance(beside, datetime):
        assert isinstance(value, str)
        value = datetime.fromisoformat(value.strip())
    if isinstance(value, datetime):
        since = (value if value.tzinfo else value.replace(tzinfo=UTC)) - datetime(1, 1, 1, tzinfo=UTC)
        return [Fraction(since // timedelta(microseconds=1))]
    number = fraction(value) if not isinstance(value, str) or isinstance(beside, int) else None
    return units(str(value)) if number is None else [number]


def reads_metadata(stored: Object, value: Json) -> Truth:
    if value == "*":
        return True
    if not isinstance(value, dict):
        return False
    if value and all(key in OPERATORS for key in value):
        return value["contains"] == "*" or contains(stored, value["contains"])
    found: list[Truth] = []
    for key, asked in value.items():
        if isinstance(asked, dict) and asked and all(name in OPERATORS for name in asked):
            found += [reads_field(stored.get(key), name, operand) for name, operand in asked.items()]
        else:
            found.append(asked == "*" or contains(stored, {key: asked}))
    return both(found)


def reads_field(stored: Json, name: str, operand: Json) -> Truth:
    text = None if stored is None else as_text(stored)
    if operand == "*" or (isinstance(operand, list) and "*" in operand):
        return True
    if operand is None:
        return text is not None
    if operand == []:
        return False
    if text is None:
        return None
    if isinstance(operand, list):
        return text in [as_text(item) for item in operand]
    if "contains" in name:
        return folded(as_text(operand)) in folded(text)
    wanted = None if isinstance(operand, bool) else fraction(operand)
    if wanted is None:
        return ORDER[name](units(text), units(as_text(operand)))
    own = None if isinstance(stored, bool) else fraction(stored)
    return None if own is None else ORDER[name]([own], [wanted])


def reads_sources(stored: list[Json], value: Json) -> Truth:
    if value is None:
        return stored == []
    asked = value["contains"] if isinstance(value, dict) and "contains" in value else value
    if asked == "*":
        return True
    return contains(stored, [asked] if isinstance(asked, str) else asked) if stored else None


def contains(stored: Json, asked: Json) -> bool:
    if isinstance(asked, dict):
        return isinstance(stored, dict) and all(
            key in stored and contains(stored[key], part) for key, part in asked.items()
        )
    if isinstance(asked, list):
        return isinstance(stored, list) and all(any(contains(own, item) for own in stored) for item in asked)
    if isinstance(asked, (bool, str)) or asked is None or isinstance(stored, (bool, str)):
        return type(stored) is type(asked) and stored == asked
    return isinstance(stored, (int, float)) and fraction(stored) == fraction(asked)


def fraction(value: Cell) -> Fraction | None:
    if isinstance(value, bool):
        return Fraction(int(value))
    text = value if isinstance(value, str) else repr(value) if isinstance(value, (int, float)) else ""
    return Fraction(text.strip()) if NUMERIC.fullmatch(text) else None


def as_text(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        number = Decimal(repr(value))
        return str(int(number)) if number == number.to_integral_value() else format(number, "f")
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key), key))
        return "{" + ", ".join(f"{quoted(key)}: {quoted(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(quoted(item) for item in value) + "]"
    return json.dumps(value)


def quoted(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else as_text(value)


def folded(text: str) -> str:
    return text.lower().replace("\u03c2", "\u03c3")


def units(text: str) -> list[Fraction]:
    """Strings are ordered by UTF-16 code unit."""
    data = text.encode("utf-16-be")
    return [Fraction(data[at] * 256 + data[at + 1]) for at in range(0, len(data), 2)]
