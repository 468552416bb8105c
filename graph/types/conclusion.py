"""What is held, by whom, about whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

Level = Literal["explicit", "deductive", "inductive", "contradiction"]
#: How long what is stated holds: an occasion that passes, a while, or until something changes it.
Lasting = Literal["occasion", "while", "lasting"]


class Filled(Struct, frozen=True, kw_only=True):
    """The attribute of a peer that a statement fills, and with what (`graph.slots`).

    Attributes:
        slot: name of the attribute, in snake case.
        value: what fills it, as it was said.
        exclusive: the statement leaves no room for another value; counts only where the slot is exclusive as well.
        negated: the value does not, or no longer, fill the slot.
    """

    slot: str
    value: str
    exclusive: bool = False
    negated: bool = False


class Conclusion(Struct, frozen=True, kw_only=True):
    """One proposition about a peer, in one perspective.

    Attributes:
        observer_id: the peer that holds it.
        observed_id: the peer it is about.
        session_id: the session it was drawn from, if one.
        source_ids: conclusions it was derived from (empty at level `explicit`).
        source_message_ids: messages it was derived from.
        observed_at: when its latest source message was said; its own creation when there is none.
        about_at: start of the time it speaks of, where the words say one.
        times_derived: how often it was concluded.
    """

    id: str
    workspace_id: str
    observer_id: str
    observed_id: str
    session_id: str | None
    level: Level
    content: str
    created_at: datetime
    observed_at: datetime
    about_at: datetime | None
    times_derived: int
    source_ids: Sequence[str]
    source_message_ids: Sequence[str]


class NewConclusion(Struct, frozen=True, kw_only=True):
    """A conclusion before it is stored.

    Attributes:
        message_ids: the messages it rests on, at least one.
        quotes: for each of them the words it rests on, or None.
        observed_at: when the latest of them was said.
        embedding: in the store's dimension, of unit length.
        filled: the slot that it fills, or None where it fills none: then it never replaces another.
        lasting: how long what it states holds; what passes with its occasion replaces nothing.
    """

    content: str
    observer_id: str
    observed_id: str
    session_id: str | None
    message_ids: Sequence[str]
    quotes: Sequence[str | None]
    observed_at: datetime
    embedding: Sequence[float]
    about_at: datetime | None = None
    filled: Filled | None = None
    lasting: Lasting = "lasting"


class NewDerived(Struct, frozen=True, kw_only=True):
    """A conclusion drawn from others, before it is stored.

    Attributes:
        premise_ids: what it rests on, together: living conclusions of one observer, in any of its perspectives.
        embedding: in the store's dimension, of unit length.
        about_id: the peer it is about where that is not whom the premises are about, or None.
        filled: the slot that it fills, or None.
    """

    level: Literal["deductive", "inductive"]
    content: str
    premise_ids: Sequence[str]
    embedding: Sequence[float]
    about_id: str | None = None
    filled: Filled | None = None
    lasting: Lasting = "lasting"
