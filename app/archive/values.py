"""Properties as JSON and back: what JSON cannot say is said in an object, which no property can be.

A time is `{"time": "2026-01-31T12:00:00.000001Z"}`; a vector, which stands apart from the properties, is its float32
components in base64, little end first.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

import numpy as np

from app.archive.errors import ArchiveFault

_TIME = "time"


def packed(properties: Mapping[str, object]) -> dict[str, object]:
    """Properties as JSON can hold them; those without a value are left out.

    Raises:
        ArchiveFault: a value is of a kind that no archive holds.
    """
    return {name: _pack(name, value) for name, value in properties.items() if value is not None}


def unpacked(properties: Mapping[str, object]) -> dict[str, object]:
    """Properties as they are stored.

    Raises:
        ArchiveFault: a value is of a kind that this version does not know.
    """
    return {name: _unpack(name, value) for name, value in properties.items()}


def vector_text(vector: Sequence[float] | None) -> str | None:
    """A vector as text."""
    return None if vector is None else base64.b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()


def vector_of(text: str | None) -> list[float] | None:
    """A text as the vector it stands for.

    Raises:
        ArchiveFault: it stands for none.
    """
    if text is None:
        return None
    try:
        return cast("list[float]", np.frombuffer(base64.b64decode(text, validate=True), dtype="<f4").tolist())
    except ValueError as fault:
        raise ArchiveFault(f"a vector of the archive cannot be read: {fault}") from fault


def _pack(name: str, value: object) -> object:
    if isinstance(value, datetime):
        return {_TIME: value.astimezone(UTC).isoformat().replace("+00:00", "Z")}
    if isinstance(value, list):
        return [_pack(name, item) for item in cast("list[object]", value)]
    if isinstance(value, str | bool | int | float):
        return value
    raise ArchiveFault(f"property {name} holds a {type(value).__name__}, which no archive can hold")


def _unpack(name: str, value: object) -> object:
    if isinstance(value, dict):
        tagged = cast("dict[str, object]", value)
        time = tagged.get(_TIME)
        if len(tagged) != 1 or not isinstance(time, str):
            raise ArchiveFault(f"property {name} holds what this version does not know: {', '.join(tagged)}")
        try:
            return datetime.fromisoformat(time)
        except ValueError as fault:
            raise ArchiveFault(f"property {name}: {fault}") from fault
    if isinstance(value, list):
        return [_unpack(name, item) for item in cast("list[object]", value)]
    return value
