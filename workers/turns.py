"""What goes into a reasoner and what comes out: the words of peers, and propositions that rest on them."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from graph.slots import value_key
from graph.types import Filled, Lasting


class Turn(Struct, frozen=True):
    """One message as a reasoner sees it.

    `created_at` is aware; relative dates in `content` are read against it, in its own time zone.
    """

    message_id: str
    peer_id: str
    content: str
    created_at: datetime

    @property
    def said_at(self) -> str:
        """When it was said, for a model to read: relative dates need the day of the week."""
        return f"{self.created_at:%A} {self.created_at.isoformat(' ', 'minutes')}"


class Statement(Struct, frozen=True, kw_only=True):
    """What a statement about a peer fills, whatever it was drawn from.

    `slot` is the attribute of the subject that the statement fills, in snake case such as `lives_in`, and `value` what
    fills it, as it was said; both are None where no slot fits. Of an `exclusive` slot a subject has one value at a
    time, so a newer statement replaces an older one. `negated` statements say that the value does not, or no longer,
    fill the slot.
    """

    slot: str | None = None
    value: str | None = None
    exclusive: bool = False
    negated: bool = False
    lasting: Lasting = "lasting"

    @property
    def filled(self) -> Filled | None:
        """The slot and its value, ready to be stored; None where there is none, or the value has no words."""
        if self.slot is None or self.value is None or not value_key(self.value):
            return None
        return Filled(slot=self.slot, value=self.value, exclusive=self.exclusive, negated=self.negated)


class Proposition(Statement, frozen=True):
    """One statement about a peer, in the third person, that stands without its conversation.

    `content` names its subject. `message_ids` holds at least one message it rests on, and `quote`, where given, is
    literally a substring of the first of them. `about_at` is the start of the time the words speak of, None when they
    name none.
    """

    content: str
    message_ids: tuple[str, ...]
    quote: str | None = None
    about_at: datetime | None = None


def any_words(turns: Iterable[Turn]) -> bool:
    """Whether anybody wrote a letter or digit."""
    return any(letter.isalnum() for turn in turns for letter in turn.content)
