"""The answer to what is done in the background."""

from msgspec import Struct


class Accepted(Struct, frozen=True, kw_only=True):
    """What was accepted and will be done soon."""

    message: str
