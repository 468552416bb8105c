"""Metadata and configuration as the JSON text that nodes keep."""

from collections.abc import Mapping

import msgspec

_DECODER = msgspec.json.Decoder(dict[str, object])


def encode(value: Mapping[str, object]) -> str:
    """A map as JSON text."""
    return msgspec.json.encode(value).decode()


def decode(text: str) -> dict[str, object]:
    """The map that a JSON text holds."""
    return _DECODER.decode(text)


def merged(stored: str, change: Mapping[str, object] | None) -> str | None:
    """A stored map with each top-level key of the change in place of its own, as text; None if nothing changes."""
    return encode({**decode(stored), **change}) if change else None
