"""Durable units of pending reasoning, and the record of each execution."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

WorkKind = Literal[
    "reasoning", "embedding", "deletion", "scope", "catch_up", "dream", "summary", "webhook", "derivation"
]

#: What becomes of a unit: it waits for its time or a worker, is held by one, lies among the dead letters, was given up
#: by hand, or has nothing pending.
WorkState = Literal["waiting", "leased", "dead", "dropped", "idle"]


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
        strikes: those of them that no waiting cures: unusable answers, and workers that died with the unit in
            hand.
        led_by: `traceparent`s of what asked for it since it was last told of them, the newest ones.
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
    strikes: int = 0
    led_by: Sequence[str] = ()


class Run(Struct, frozen=True, kw_only=True):
    """One execution of a reasoning step.

    Attributes:
        model: name of the model; `rules` for the built-in reasoner.
        prompt_hash: SHA-256 of the prompt (or of the rule set's version).
        outcome: `answered` by a model that concludes nothing, such as the chat's.
        dropped: how many propositions each check refused, by reason.
        calls: how often a model was called.
        cost: of these calls, in the currency of the prices; None where it is not known.
        fault: the class of fault that a failed run ended with; never its text.
    """

    id: str
    step: str
    model: str
    prompt_hash: str
    prompt_tokens: int
    completion_tokens: int
    started_at: datetime
    finished_at: datetime
    outcome: Literal["concluded", "empty", "answered", "failed"]
    dropped: Mapping[str, int]
    calls: int = 0
    cost: float | None = None
    fault: str | None = None


class WorkUnit(Struct, frozen=True, kw_only=True):
    """A unit as people who look after it see it: no text that was stored, and no token.

    Attributes:
        pending: messages or requests that wait.
        pending_since: when the oldest of them came.
        due_at: when a worker may take it.
        leased_at: when a worker took it last.
        lease_until: when the worker that holds it has lost it, unless it renews its lease.
        attempts: failed attempts since the last success.
        strikes: those of them that no waiting cures.
        last_error: why the last attempt failed; None after a success.
        dropped: messages or requests that were given up by hand, in all.
        drop_reason: why, the last time.
    """

    key: str
    kind: WorkKind
    state: WorkState
    session_id: str | None
    peer_id: str | None
    observer_id: str | None
    pending: int
    pending_since: datetime | None
    due_at: datetime | None
    leased_at: datetime | None
    lease_until: datetime | None
    attempts: int
    strikes: int
    last_error: str | None
    dead_at: datetime | None
    dropped: int
    dropped_at: datetime | None
    drop_reason: str | None


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
    """Counts over a workspace and for each of its sessions.

    Attributes:
        oldest: when the oldest of what waits or is being done came; None when there is nothing.
    """

    overall: QueueCounts
    sessions: Mapping[str, QueueCounts]
    oldest: datetime | None = None


class Usage(Struct, frozen=True, kw_only=True):
    """What the runs of one step with one model took.

    Attributes:
        runs: executions, those without a call of a model too.
        calls: calls of the model.
        failed: runs that failed.
        cost: in the currency of the prices; None where nothing of it is known.
    """

    step: str
    model: str
    runs: int
    calls: int
    failed: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
