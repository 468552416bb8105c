"""The configuration blocks of workspaces, sessions and messages.

Keys that are not named here are kept at the top level, where clients newer or older than this code may set them, and
dropped inside the blocks.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.api.wire.fields import Others
from app.api.wire.problems import broken_rule
from app.models import tokens

MAX_INSTRUCTION_TOKENS = 2000
#: No token has more characters, so a longer text has too many tokens, and counting it can be spared.
_LONGEST_TOKEN = 128


def _instructions(value: object) -> object:
    text = str(value)
    if len(text) > MAX_INSTRUCTION_TOKENS * _LONGEST_TOKEN or tokens.count(text) > MAX_INSTRUCTION_TOKENS:
        raise broken_rule(f"custom_instructions must have at most {MAX_INSTRUCTION_TOKENS} tokens")
    return text


Instructions = Annotated[str, Meta(extra={"rule": _instructions})]


class ReasoningConfiguration(Struct, frozen=True, kw_only=True):
    """Whether and how conclusions are drawn from messages."""

    enabled: bool | None = None
    custom_instructions: Instructions | None = None


class PeerCardConfiguration(Struct, frozen=True, kw_only=True):
    """Whether peer cards are made and used."""

    use: bool | None = None
    create: bool | None = None
    custom_instructions: Instructions | None = None


class SummaryConfiguration(Struct, frozen=True, kw_only=True):
    """Whether and how often sessions are summarised."""

    enabled: bool | None = None
    messages_per_short_summary: Annotated[int, Meta(ge=10)] | None = None
    messages_per_long_summary: Annotated[int, Meta(ge=20)] | None = None
    custom_instructions: Instructions | None = None

    def __post_init__(self) -> None:
        """Check the rule between the two cadences."""
        short, long = self.messages_per_short_summary, self.messages_per_long_summary
        if short is not None and long is not None and long <= short:
            raise broken_rule("messages_per_long_summary must be greater than messages_per_short_summary")


class DreamConfiguration(Struct, frozen=True, kw_only=True):
    """Whether conclusions are consolidated."""

    enabled: bool | None = None
    custom_instructions: Instructions | None = None


class DialecticConfiguration(Struct, frozen=True, kw_only=True):
    """How chat answers."""

    custom_instructions: Instructions | None = None


class WorkspaceConfiguration(Struct, frozen=True, kw_only=True):
    """The workspace's level of the configuration cascade."""

    reasoning: ReasoningConfiguration | None = None
    peer_card: PeerCardConfiguration | None = None
    summary: SummaryConfiguration | None = None
    dream: DreamConfiguration | None = None
    dialectic: DialecticConfiguration | None = None
    custom_instructions: Instructions | None = None
    others: Others = {}


class SessionConfiguration(WorkspaceConfiguration, frozen=True, kw_only=True):
    """The session's level of the configuration cascade."""


class MessageConfiguration(Struct, frozen=True, kw_only=True):
    """The message's level of the configuration cascade."""

    reasoning: ReasoningConfiguration | None = None


def stored(configuration: WorkspaceConfiguration | MessageConfiguration) -> dict[str, object]:
    """The configuration as it is stored: what was said and is not null, at any level."""
    said: dict[str, object] = {}
    for name in configuration.__struct_fields__:
        value: object = getattr(configuration, name)
        if name == "others":
            said.update(configuration.others if isinstance(configuration, WorkspaceConfiguration) else {})
        elif isinstance(value, Struct):
            blocks = msgspec.structs.asdict(value)
            said[name] = {key: inner for key, inner in blocks.items() if inner is not None}
        elif value is not None:
            said[name] = value
    return said
