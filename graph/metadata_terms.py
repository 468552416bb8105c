"""Metadata as a list of strings that Cypher can search.

Neo4j keeps no maps as properties, and keys chosen by users must not become property keys, so a node carries its
metadata twice: as JSON text for reading, and as `metadata_terms`, the list made here, for filters. A term is a path, a
mark and a text. A path is a run of steps: `/key` into an object, `#3` into an array. In keys the characters that mark
something are escaped, so a term is read in one way only.

===========  =====================================================================================
term         says
===========  =====================================================================================
``/a=sx``    the value at ``/a`` is the string ``x`` (``=n5`` number 5, ``=btrue`` true)
``/a!z``     the value at ``/a`` is null (``!o`` an object, ``!a`` an array)
``/a#=sx``   some element of the array at ``/a`` is the string ``x`` (likewise ``#!z``)
``/a?o3``    element 3 of the array at ``/a`` is an object (``?a3`` an array); its path is ``/a#3``
``/a=j[1]``  the JSON text of an array or object that is the value of a top-level key
``/a%2...``  the number, or the text that reads as one, of a top-level key, as `number_key` writes it
===========  =====================================================================================

So a test for containment is a test for membership of some terms, and a test for order compares strings.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeGuard

from graph.errors import Invalid

#: Longest exponent that a text may have and still be read as a number.
_EXPONENT_DIGITS = 6
_NUMBER = re.compile(rf"\s*([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{{1,{_EXPONENT_DIGITS}}}))?\s*\Z", re.ASCII)
#: Larger than the magnitude of any exponent, so that the shifted one is positive; ten digits hold it.
_BIAS = 5_000_000_000
_COMPLEMENT = str.maketrans("0123456789", "9876543210")
_ESCAPES = str.maketrans({"~": "~0", "/": "~1", "#": "~2", "=": "~3", "!": "~4", "?": "~5", "%": "~6"})


def terms(metadata: Mapping[str, object]) -> list[str]:
    """The terms of a metadata object, each once, in a fixed order.

    Raises:
        Invalid: a value is not JSON (not a number, infinite, or of a foreign type).
    """
    found: dict[str, None] = {}
    for key, value in metadata.items():
        path = step(key)
        _describe(path, value, found)
        if is_object(value) or is_array(value):
            found[f"{path}=j{json_text(value)}"] = None
        elif (number := number_key(value)) is not None:
            found[f"{path}%{number}"] = None
    return list(found)


def step(key: str) -> str:
    """The step of a path into the value of `key`."""
    return "/" + key.translate(_ESCAPES)


def is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    """Whether the value is a JSON object."""
    return isinstance(value, Mapping)


def is_array(value: object) -> TypeGuard[Sequence[object]]:
    """Whether the value is a JSON array."""
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))


def scalar_mark(value: object) -> str:
    """Mark and text that say what a scalar is: equal for two scalars exactly when JSON calls them equal.

    Raises:
        Invalid: the value is no JSON scalar.
    """
    return "!z" if value is None else f"={_tag(value)}{scalar_text(value)}"


def scalar_text(value: object) -> str:
    """A string as it is, `true` or `false`, or a number in plain decimal notation (5.0 and 5 are both `5`).

    Raises:
        Invalid: the value is no string, truth value or finite number.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _decimal_text(value)
    raise Invalid(f"metadata values must be JSON, not {type(value).__name__}")


def json_text(value: object) -> str:
    """JSON text in one canonical form: short keys first, equally long ones by code point, `, ` and `: ` between."""
    out: list[str] = []
    waiting: list[tuple[bool, object]] = [(False, value)]
    while waiting:
        ready, item = waiting.pop()
        if ready:
            out.append(str(item))
        elif is_object(item):
            waiting.extend(reversed(_object_parts(item)))
        elif is_array(item):
            waiting.extend(reversed(_array_parts(item)))
        else:
            out.append("null" if item is None else _quoted(item))
    return "".join(out)


def number_key(value: object) -> str | None:
    """A string that sorts as the number does, exactly and at any magnitude; None when the value is no number.

    Text counts when it reads as a decimal number, with blanks around it or not.
    """
    match = _NUMBER.match(number_text(value) or "")
    if match is None or not (match[2] or match[3]):
        return None
    whole, fraction = match[2], match[3] or ""
    digits = (whole + fraction).lstrip("0")
    exponent = int(match[4] or 0) + len(digits) - len(fraction)
    digits = digits.rstrip("0")
    if not digits:
        return "1"
    if match[1] == "-":
        # Larger magnitude sorts first; the closing sign puts -15 after -151.
        return f"0{_BIAS - exponent:010d}{digits.translate(_COMPLEMENT)}~"
    return f"2{_BIAS + exponent:010d}{digits}"


def number_text(value: object) -> str | None:
    """The text of a number or of a string; None for everything else, truth values included."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return scalar_text(value)


def _describe(path: str, value: object, found: dict[str, None]) -> None:
    # A stack, not recursion: arrays may nest deeper than Python likes to call itself.
    waiting: list[tuple[str, object]] = [(path, value)]
    while waiting:
        at, item = waiting.pop()
        if is_object(item):
            found[f"{at}!o"] = None
            waiting.extend((at + step(key), member) for key, member in item.items())
        elif is_array(item):
            found[f"{at}!a"] = None
            for index, element in enumerate(item):
                if is_object(element) or is_array(element):
                    found[f"{at}?{'o' if is_object(element) else 'a'}{index}"] = None
                    waiting.append((f"{at}#{index}", element))
                else:
                    found[f"{at}#{scalar_mark(element)}"] = None
        else:
            found[at + scalar_mark(item)] = None


def _tag(value: object) -> str:
    if isinstance(value, str):
        return "s"
    return "b" if isinstance(value, bool) else "n"


def _decimal_text(value: float) -> str:
    if isinstance(value, int):
        try:
            return str(value)
        except ValueError:  # Python turns integers of some thousands of digits to text only when told so
            raise Invalid("metadata numbers must have fewer digits") from None
    if not math.isfinite(value):
        raise Invalid("metadata numbers must be finite")
    # The shortest decimal that reads back as the same float is the number that the JSON said.
    text = format(Decimal(repr(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else scalar_text(value)


def _object_parts(item: Mapping[str, object]) -> list[tuple[bool, object]]:
    parts: list[tuple[bool, object]] = [(True, "{")]
    for key in sorted(item, key=lambda name: (len(name), name)):
        parts += [(True, (", " if len(parts) > 1 else "") + _quoted(key) + ": "), (False, item[key])]
    return [*parts, (True, "}")]


def _array_parts(items: Sequence[object]) -> list[tuple[bool, object]]:
    parts: list[tuple[bool, object]] = [(True, "[")]
    for item in items:
        parts += [(True, ", " if len(parts) > 1 else ""), (False, item)]
    return [*parts, (True, "]")]
