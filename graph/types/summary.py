"""Summaries of sessions."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

SummaryKind = Literal["short", "long"]


class Summary(Struct, frozen=True, kw_only=True):
    """What a session's messages say, in short.

    Attributes:
        token_count: o200k_base tokens of the content.
        message_id: the last message that it covers.
        message_seq: that message's `seq`.
    """

    id: str
    kind: SummaryKind
    content: str
    token_count: int
    message_id: str
    message_seq: int
    created_at: datetime
