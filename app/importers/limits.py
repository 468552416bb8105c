"""The service's limits (contract section 3), checked before anything is sent so that wrong lines can be named.

Every check raises `RuleBroken`, whose text names the field and the rule.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

CONTENT_CHARACTERS = 25_000
METADATA_KEYS = 100
METADATA_DEPTH = 5
TURN_SECONDS = 30
IMPORT_KEY = "doxa_import_id"
"""Metadata key under which every imported message carries its stable identity."""


class RuleBroken(ValueError):
    """A field breaks a rule; the text names both."""


def as_object(value: object) -> dict[str, object] | None:
    """The value if it is a JSON object, else None."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def as_list(value: object) -> list[object] | None:
    """The value if it is a JSON array, else None."""
    return cast("list[object]", value) if isinstance(value, list) else None


def required_name(value: object, field: str) -> str:
    """A name as the file has it, without blanks around it.

    Raises:
        RuleBroken: It is missing, no string, blank, or not text.
    """
    if value is None:
        raise RuleBroken(f"{field}: missing")
    if not isinstance(value, str):
        raise RuleBroken(f"{field}: must be a string, not {kind(value)}")
    if not value.strip():
        raise RuleBroken(f"{field}: must not be blank")
    return _encodable(value.strip(), field)


def checked_content(value: object, field: str = "content") -> str:
    """Message text of at most 25,000 characters; empty is allowed, as in the service.

    Raises:
        RuleBroken: It is missing, no string, too long, or not text.
    """
    if value is None:
        raise RuleBroken(f"{field}: missing")
    if not isinstance(value, str):
        raise RuleBroken(f"{field}: must be a string, not {kind(value)}")
    if len(value) > CONTENT_CHARACTERS:
        raise RuleBroken(f"{field}: must have at most {CONTENT_CHARACTERS} characters, has {len(value)}")
    return _encodable(value, field)


def checked_time(value: object, field: str = "created_at") -> datetime | None:
    """An ISO 8601 date or time in UTC; None stays None, a time without a zone is taken as UTC.

    Raises:
        RuleBroken: It is no string, no such time, or lies outside the years 1 to 9999 in UTC.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise RuleBroken(f"{field}: must be an ISO 8601 string such as 2024-05-01T09:30:00Z, not {kind(value)}")
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RuleBroken(
            f"{field}: must be an ISO 8601 time such as 2024-05-01T09:30:00Z, not {shown(value)}"
        ) from None


def turn_time(start: datetime, place: int) -> datetime:
    """When a turn was said of which only the session's start is known: 30 seconds for each turn before it.

    Args:
        start: The session's own time, in UTC.
        place: How many turns of the session come before.

    Raises:
        RuleBroken: The time lies past the year 9999.
    """
    try:
        return start + timedelta(seconds=TURN_SECONDS * place)
    except OverflowError:
        raise RuleBroken("created_at: must lie before the year 10000") from None


def checked_metadata(value: object, field: str = "metadata") -> dict[str, object]:
    """A JSON object within the service's limits, without the import's own key; None becomes empty.

    One key fewer than the service takes is allowed, for the import adds its own.

    Raises:
        RuleBroken: It is no object, has too many keys, is nested too deeply, or holds what JSON cannot carry.
    """
    if value is None:
        return {}
    found = as_object(value)
    if found is None:
        raise RuleBroken(f"{field}: must be an object, not {kind(value)}")
    kept = {key: inner for key, inner in found.items() if key != IMPORT_KEY}
    if len(kept) >= METADATA_KEYS:
        raise RuleBroken(f"{field}: must have at most {METADATA_KEYS - 1} keys, has {len(kept)} (the import adds one)")
    if (depth := _depth(kept)) > METADATA_DEPTH:
        raise RuleBroken(f"{field}: objects must be nested at most {METADATA_DEPTH} deep, are {depth} deep")
    _carried(kept, field)
    return kept


def kind(value: object) -> str:
    """What JSON calls the type of a value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    names: dict[type, str] = {str: "a string", int: "a number", float: "a number", list: "an array", dict: "an object"}
    return names.get(type(value), "something else")


def shown(value: str, width: int = 40) -> str:
    """A quoted, shortened form of a text that fits into a message of one line."""
    return repr(value if len(value) <= width else f"{value[: width - 1]}…")


def _depth(found: Mapping[str, object]) -> int:
    deepest = 1
    level: Sequence[Mapping[str, object]] = [found]
    while level:
        inner = [child for each in level for value in each.values() if (child := as_object(value)) is not None]
        deepest += bool(inner)
        level = inner
    return deepest


def _carried(value: object, field: str) -> None:
    waiting: list[object] = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            _encodable(each, field)
        elif isinstance(each, float) and not math.isfinite(each):
            raise RuleBroken(f"{field}: holds a number that is out of range")
        elif (inner := as_object(each)) is not None:
            waiting.extend(inner.keys())
            waiting.extend(inner.values())
        elif (items := as_list(each)) is not None:
            waiting.extend(items)


def _encodable(value: str, field: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RuleBroken(f"{field}: holds half of a surrogate pair, which is not text") from None
    return value
