"""The configuration cascade: deployment, workspace, peer, session, message; what a later level says wins.

What is resolved for a message is frozen with it at writing time. A peer's level is about what is done about that peer.
Values of the wrong type say nothing: workspaces' and sessions' were checked when they came in, a peer's configuration
is free-form.
"""

from collections.abc import Mapping
from typing import cast

from msgspec import Struct

#: One level's stored configuration, or None where there is none.
Level = Mapping[str, object] | None

#: Characters. Nobody counts the tokens of instructions in a peer's free-form configuration: longer ones say nothing.
MAX_PEER_INSTRUCTIONS = 10_000

_OF_PEERS = ("reasoning", "peer_card", "dream")


class Reasoning(Struct, frozen=True):
    """The resolved `reasoning` block.

    Attributes:
        enabled: whether conclusions are drawn.
        instructions: the client's own words for the extraction prompt, or None.
    """

    enabled: bool = True
    instructions: str | None = None


class Dream(Struct, frozen=True):
    """The resolved `dream` block.

    Attributes:
        enabled: whether what is held is consolidated, of itself or when asked for.
        instructions: the client's own words for the dream's prompt, or None.
    """

    enabled: bool = True
    instructions: str | None = None


class Card(Struct, frozen=True):
    """The resolved `peer_card` block.

    Attributes:
        use: whether cards are shown to whoever answers.
        create: whether dreams may write cards.
        instructions: the client's own words for writing cards, or None.
    """

    use: bool = True
    create: bool = True
    instructions: str | None = None


class Summaries(Struct, frozen=True):
    """The resolved `summary` block.

    Attributes:
        enabled: whether sessions are summarised.
        short: after every so many messages there is a new short summary.
        long: after every so many a new long one.
        instructions: the client's own words for summaries, or None.
    """

    enabled: bool = True
    short: int = 20
    long: int = 60
    instructions: str | None = None


def resolve_reasoning(default: Reasoning, *levels: Level) -> Reasoning:
    """Lay the levels over the default, the later over the earlier; a null never overrides.

    The legacy keys `deriver.enabled` and `skip_deriver` count at their level where `reasoning.enabled` is absent.
    """
    enabled = default.enabled
    for level in levels:
        said = _block(level, "reasoning").get("enabled")
        if said is None:
            said = _block(level, "deriver").get("enabled")
        if said is None and (level or {}).get("skip_deriver") is True:
            said = False
        enabled = said if isinstance(said, bool) else enabled
    return Reasoning(enabled, resolve_instructions("reasoning", *levels, default=default.instructions))


def resolve_dream(default: Dream, *levels: Level) -> Dream:
    """Lay the levels over the default, the later over the earlier; a null never overrides."""
    enabled = _switch(default.enabled, levels, "dream", "enabled")
    return Dream(enabled, resolve_instructions("dream", *levels, default=default.instructions))


def resolve_summaries(default: Summaries, *levels: Level) -> Summaries:
    """Lay the levels over the default, the later over the earlier; a null never overrides."""
    return Summaries(
        _switch(default.enabled, levels, "summary", "enabled"),
        _interval(default.short, levels, "messages_per_short_summary"),
        _interval(default.long, levels, "messages_per_long_summary"),
        resolve_instructions("summary", *levels, default=default.instructions),
    )


def resolve_card(default: Card, *levels: Level) -> Card:
    """Lay the levels over the default, the later over the earlier; a null never overrides."""
    return Card(
        _switch(default.use, levels, "peer_card", "use"),
        _switch(default.create, levels, "peer_card", "create"),
        resolve_instructions("peer_card", *levels, default=default.instructions),
    )


def resolve_instructions(block: str, *levels: Level, default: str | None = None) -> str | None:
    """The client's own words for what a block is about (`reasoning`, `dialectic`, `summary` ...), or None.

    The block's own words count, the last level's that has some; where no level has any, the words that are said at the
    top of a level, for everything. Blank words are a way to have none.
    """
    general: str | None = None
    own: str | None = None
    for level in levels:
        said = (level or {}).get("custom_instructions")
        general = said if isinstance(said, str) else general
        said = _block(level, block).get("custom_instructions")
        own = said if isinstance(said, str) else own
    chosen = next((words for words in (own, general, default) if words is not None), "")
    return chosen.strip() or None


def of_peer(configuration: Level) -> dict[str, object]:
    """What a peer's free-form configuration says as a level of the cascade: `reasoning`, `peer_card` and `dream`."""
    level: dict[str, object] = {}
    for name in _OF_PEERS:
        block = dict(_block(configuration, name))
        if len(str(block.get("custom_instructions", ""))) > MAX_PEER_INSTRUCTIONS:
            del block["custom_instructions"]
        level[name] = block
    return level


def _switch(default: bool, levels: tuple[Level, ...], block: str, key: str) -> bool:
    value = default
    for level in levels:
        said = _block(level, block).get(key)
        value = said if isinstance(said, bool) else value
    return value


def _interval(default: int, levels: tuple[Level, ...], key: str) -> int:
    value = default
    for level in levels:
        said = _block(level, "summary").get(key)
        value = said if isinstance(said, int) and not isinstance(said, bool) and said > 0 else value
    return value


def _block(level: Level, name: str) -> Mapping[str, object]:
    value = (level or {}).get(name)
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
