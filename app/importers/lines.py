"""Lines of a file as JSON objects, one at a time and never more than a bounded number of bytes."""

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from msgspec import Struct

from app.importers.limits import RuleBroken, as_object, kind

LINE_BYTES = 64 * 1024 * 1024


class Line(Struct, frozen=True):
    """One line that is not blank.

    Attributes:
        number: Its number in the file, from 1.
        value: The JSON object on it, or the sentence that says why there is none.
    """

    number: int
    value: dict[str, object] | str


def json_lines(file: BinaryIO, limit: int = LINE_BYTES) -> Iterator[Line]:
    """The objects on the lines of a file; blank lines are passed over, a byte order mark is dropped.

    Args:
        file: Bytes of UTF-8.
        limit: Bytes a line may have; a longer one is reported and never held.
    """
    number = 0
    while raw := file.readline(limit + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        if len(raw) > limit and not raw.endswith(b"\n"):
            _skip_line(file)
            yield Line(number, f"line: must have at most {limit} bytes")
        elif raw.strip():
            yield Line(number, _decoded(raw.rstrip(b"\r\n")))


def decoded_json(raw: bytes, what: str = "line") -> object:
    """The JSON value in UTF-8 bytes.

    Args:
        raw: The bytes.
        what: What the bytes are in the file, for the message.

    Raises:
        RuleBroken: It is no UTF-8, no JSON, or nested too deeply.
    """
    try:
        value: object = json.loads(raw.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise RuleBroken(f"{what}: must be UTF-8 text, is not at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        raise RuleBroken(f"{what}: must be JSON: {error.msg} at {where}") from None
    except RecursionError:
        raise RuleBroken(f"{what}: must be JSON that is not nested so deeply") from None
    except ValueError as error:
        raise RuleBroken(f"{what}: must be JSON: {error}") from None
    return value


def _decoded(raw: bytes) -> dict[str, object] | str:
    try:
        value = decoded_json(raw)
    except RuleBroken as broken:
        return str(broken)
    found = as_object(value)
    return f"line: must be a JSON object, not {kind(value)}" if found is None else found


def _skip_line(file: BinaryIO) -> None:
    while rest := file.readline(1024 * 1024):
        if rest.endswith(b"\n"):
            return


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
