"""Durable units of pending reasoning, and the record of each execution."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

WorkKind = Literal["reasoning", "embedding", "deletion", "scope", "dream", "webhook"]


class Unit(Struct, frozen=True, kw_only=True):
    """Something to be done by a worker, as it is asked for.

    What is asked of one key is serial; a unit that is asked for again while it waits or runs is done once more.

    Attributes:
        key: starts with the kind and the workspace: `deletion/workspace/session/name`. Names hold no slash.
        session_id: the session it is about, or empty.
        peer_id: the peer it is about, or empty.
        observer_id: the peer that holds what comes of it, or empty.
        detail: whatever else the step needs, as JSON text; of repeated requests the last one counts.
        wait_seconds: how long it should wait.
        once: ask for nothing while the unit waits or runs already.
    """

    key: str
    kind: WorkKind
    session_id: str = ""
    peer_id: str = ""
    observer_id: str = ""
    detail: str = "{}"
    wait_seconds: float = 0.0
    once: bool = False


class Wake(Struct, frozen=True):
    """A unit of work that wants a worker, and when."""

    key: str
    due_at: datetime


class Lease(Struct, frozen=True, kw_only=True):
    """A worker's temporary, exclusive hold of one unit of work.

    Attributes:
        key: the unit's key, such as `reasoning/workspace/session/author`.
        token: proves the hold; a commit with another token fails.
        session_id: the session it is about, or empty.
        peer_id: the peer it is about, or empty.
        observer_id: the peer that holds what comes of it, or empty.
        detail: whatever else the step needs, as JSON text.
        cursor: `seq` of the last message that took effect; for other kinds, how many requests have been met.
        last_seq: `seq` of the newest pending message; for other kinds, how often it was asked for.
        attempts: failed attempts since the last success.
    """

    key: str
    kind: WorkKind
    token: str
    workspace_id: str
    session_id: str
    peer_id: str
    observer_id: str
    detail: str
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
