"""What goes into a reasoner and what comes out: the words of peers, and propositions that rest on them."""

from datetime import datetime

from msgspec import Struct


class Turn(Struct, frozen=True):
    """One message as a reasoner sees it.

    `created_at` is aware; relative dates in `content` are read against it, in its own time zone.
    """

    message_id: str
    peer_id: str
    content: str
    created_at: datetime


class Proposition(Struct, frozen=True):
    """One statement about a peer, in the third person, that stands without its conversation.

    `content` names its subject. `message_ids` holds at least one message it rests on, and `quote`, where given, is
    literally a substring of the first of them. `about_at` is the start of the time the words speak of, None when they
    name none.
    """

    content: str
    message_ids: tuple[str, ...]
    quote: str | None = None
    about_at: datetime | None = None
