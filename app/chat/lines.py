"""What a model is shown of conclusions and messages: one short object each, as many as fit. What is shown is noted."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from app.chat.memory import Memory
from app.models import tokens
from graph.types import Conclusion, Message

#: What the fields around a text cost, roughly, in tokens.
_AROUND = 40

T = TypeVar("T")


class ConclusionLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A conclusion; `about` and `held_by` where it could be anybody's."""

    id: str
    at: str
    text: str
    level: str = "explicit"
    about: str | None = None
    held_by: str | None = None
    session: str | None = None


class MessageLine(Struct, frozen=True, kw_only=True, omit_defaults=True, rename={"author": "from"}):
    """A message; `match` tells those that were looked for from those around them."""

    id: str
    at: str
    author: str
    text: str
    session: str | None = None
    match: bool | None = None


def fitting(items: Sequence[T], text: Callable[[T], str], budget: int) -> list[T]:
    """Those of some things whose texts fit into a budget of tokens, first come first; what is too long is skipped."""
    kept: list[T] = []
    for item in items:
        size = tokens.count(text(item)) + _AROUND
        if size <= budget:
            budget -= size
            kept.append(item)
    return kept


def conclusion_lines(memory: Memory, found: Sequence[Conclusion], budget: int) -> list[ConclusionLine]:
    """Conclusions as they are shown, those that fit."""
    reach = memory.reach
    return [
        ConclusionLine(
            id=memory.evidence.note_conclusion(one),
            at=_minute(one.observed_at),
            text=one.content,
            level=one.level,
            about=None if reach.observed_id is not None else one.observed_id,
            held_by=None if reach.observer_id is not None else one.observer_id,
            session=one.session_id,
        )
        for one in fitting(found, lambda one: one.content, budget)
    ]


def message_lines(
    memory: Memory, found: Sequence[Message], budget: int, hits: frozenset[str] | None = None
) -> list[MessageLine]:
    """Messages as they are shown, those that fit; `hits`: ids of those looked for, if others are among them."""
    chosen = fitting(found if hits is None else sorted(found, key=lambda one: one.id not in hits), _content, budget)
    kept = {one.id for one in chosen}
    return [
        MessageLine(
            id=memory.evidence.note_message(one),
            at=_minute(one.created_at),
            author=one.peer_id,
            text=one.content,
            session=one.session_id,
            match=True if hits is not None and one.id in hits else None,
        )
        for one in found
        if one.id in kept
    ]


def _content(one: Message) -> str:
    return one.content


def _minute(moment: datetime) -> str:
    return moment.isoformat(" ", "minutes")[:16]
