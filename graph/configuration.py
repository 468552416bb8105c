"""The configuration cascade: workspace, session, message. What is resolved is frozen with the work at writing time."""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct


class Reasoning(Struct, frozen=True):
    """The resolved `reasoning` block.

    Attributes:
        enabled: whether conclusions are drawn.
        instructions: the client's own words for the extraction prompt, or None.
    """

    enabled: bool = True
    instructions: str | None = None


def resolve_reasoning(default: Reasoning, *levels: Mapping[str, object] | None) -> Reasoning:
    """Lay the levels over the default, the later over the earlier; a null never overrides.

    The legacy keys `deriver.enabled` and `skip_deriver` count at their level where `reasoning.enabled` is absent.
    """
    enabled, instructions = default.enabled, default.instructions
    for level in levels:
        if level:
            block = _block(level, "reasoning")
            said = block.get("enabled")
            if said is None:
                said = _block(level, "deriver").get("enabled")
            if said is None and level.get("skip_deriver") is True:
                said = False
            if isinstance(said, bool):
                enabled = said
            words = block.get("custom_instructions")
            if isinstance(words, str):
                instructions = words.strip() or None
    return Reasoning(enabled, instructions)


def _block(level: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = level.get(name)
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
