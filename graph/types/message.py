"""What peers say."""

from datetime import datetime

from msgspec import Struct


class NewMessage(Struct, frozen=True, kw_only=True):
    """A message before it is stored.

    Attributes:
        token_count: o200k_base tokens of the content.
        created_at: when it was said; None means now.
        configuration: the message's own level of the configuration cascade, or None.
    """

    peer_id: str
    content: str
    token_count: int
    metadata: dict[str, object]
    created_at: datetime | None = None
    configuration: dict[str, object] | None = None


class Message(Struct, frozen=True, kw_only=True):
    """A text by one peer in one session; `seq` counts from 1 within the session, without gaps."""

    id: str
    workspace_id: str
    session_id: str
    peer_id: str
    seq: int
    content: str
    token_count: int
    metadata: dict[str, object]
    created_at: datetime
