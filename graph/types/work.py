"""Durable units of pending reasoning, and the record of each execution."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

WorkKind = Literal["reasoning"]


class Lease(Struct, frozen=True, kw_only=True):
    """A worker's temporary, exclusive hold of one unit of work.

    Attributes:
        key: the unit's key, such as `reasoning/workspace/session/author`.
        token: proves the hold; a commit with another token fails.
        cursor: `seq` of the last message that took effect.
        last_seq: `seq` of the newest pending message.
        attempts: failed attempts since the last success.
    """

    key: str
    kind: WorkKind
    token: str
    workspace_id: str
    session_id: str
    peer_id: str
    cursor: int
    last_seq: int
    attempts: int


class Run(Struct, frozen=True, kw_only=True):
    """One execution of a reasoning step.

    Attributes:
        model: name of the model; `rules` for the built-in reasoner.
        prompt_hash: SHA-256 of the prompt (or of the rule set's version).
        dropped: how many propositions each check refused, by reason.
    """

    id: str
    step: str
    model: str
    prompt_hash: str
    prompt_tokens: int
    completion_tokens: int
    started_at: datetime
    finished_at: datetime
    outcome: Literal["concluded", "empty"]
    dropped: Mapping[str, int]


class QueueCounts(Struct, frozen=True, kw_only=True):
    """Messages (items) by how far reasoning over them is.

    Attributes:
        pending: those that will be done without a hand laid on.
        failed: those of units among the dead letters, which wait to be replayed.
    """

    total: int
    completed: int
    in_progress: int
    pending: int
    failed: int


class QueueStatus(Struct, frozen=True, kw_only=True):
    """Counts over a workspace and for each of its sessions."""

    overall: QueueCounts
    sessions: Mapping[str, QueueCounts]
