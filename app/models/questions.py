"""How a structured answer is asked for: by tiers, best first, and once more where an answer cannot be used."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from app.models.completions import Turn

V = TypeVar("V")

QUOTED_CHARACTERS = 8000
"""How much of a bad answer is sent back for repair."""


class Tier(StrEnum):
    """How a structured answer is asked for, best first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PROMPT = "prompt"


TIERS = tuple(Tier)


class Question(Struct, Generic[V], frozen=True):
    """What is asked, the schema of the answer, and how the value is read from it."""

    turns: Sequence[Turn]
    schema: Mapping[str, object]
    read: Callable[[str], V]
    name: str
    max_tokens: int | None = None

    def messages(self, tier: Tier) -> list[Turn]:
        """The conversation, with the schema told where the endpoint does not enforce it."""
        if tier is Tier.SCHEMA:
            return list(self.turns)
        first, *rest = self.turns
        return [{**first, "content": f"{first['content']}\n\n{_form(self.schema)}"}, *rest]

    def format(self, tier: Tier) -> dict[str, object] | None:
        """The request's `response_format`, if it has one."""
        match tier:
            case Tier.SCHEMA:
                schema = {"name": self.name, "strict": True, "schema": self.schema}
                return {"type": "json_schema", "json_schema": schema}
            case Tier.OBJECT:
                return {"type": "json_object"}
            case Tier.PROMPT:
                return None

    def repair(self, answer: str, reason: str) -> list[Turn]:
        """What is added to the conversation after an answer that cannot be used."""
        again = f"That answer cannot be used: {reason}. Give the whole answer once more. {_form(self.schema)}"
        return [
            {"role": "assistant", "content": answer[:QUOTED_CHARACTERS] or "(nothing)"},
            {"role": "user", "content": again},
        ]


def _form(schema: Mapping[str, object]) -> str:
    text = msgspec.json.encode(schema).decode()
    return f"Answer with one JSON object and nothing else. It must follow this JSON schema:\n{text}"
