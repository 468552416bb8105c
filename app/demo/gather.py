"""Collects over the HTTP API what the demonstration shows."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct

from app.importers.service import Conclusion, Context, Message, Service

T = TypeVar("T")
CONTEXT_TOKENS = 2000
QUERY_HITS = 5


class Source(Struct, frozen=True):
    """A message that a belief rests on."""

    session: str
    speaker: str
    said_at: datetime
    text: str


class Belief(Struct, frozen=True):
    """A conclusion and what it rests on.

    Attributes:
        content: What is held.
        level: How it came about.
        times: How often it was concluded.
        sources: The messages under it, oldest first.
        premises: The conclusions under it.
    """

    content: str
    level: str
    times: int
    sources: tuple[Source, ...]
    premises: tuple[str, ...]

    @property
    def first_said(self) -> str:
        """When its oldest source was said, in ISO 8601; empty without one."""
        return self.sources[0].said_at.isoformat() if self.sources else ""

    @property
    def last_said(self) -> str:
        """When its newest source was said, in ISO 8601; empty without one."""
        return self.sources[-1].said_at.isoformat() if self.sources else ""


class Perspective(Struct, frozen=True):
    """What one peer, or several alike, hold about another, oldest first.

    Attributes:
        observers: Who holds it.
        observed: Whom it is about.
        beliefs: The beliefs chosen to be shown.
        hidden: How many more there are.
    """

    observers: tuple[str, ...]
    observed: str
    beliefs: tuple[Belief, ...]
    hidden: int


class Turn(Struct, frozen=True):
    """Who is about to speak to whom, and where.

    Attributes:
        session: The session that goes on.
        target: The peer that spoke last and is answered.
        perspective: The peer that answers; None when nobody else takes part.
        words: The last question the target asked there, or the longest thing it said.
    """

    session: str
    target: str
    perspective: str | None
    words: str


class Timed(Struct, frozen=True):
    """How long a call took, in milliseconds: the first time and once more."""

    first_ms: float
    again_ms: float


def perspectives(
    service: Service, workspace: str, sessions: Sequence[str], limit: int | None
) -> tuple[list[Perspective], dict[str, Belief]]:
    """What each peer holds about each other peer, with sources; and every conclusion as a belief, by its id.

    Where nobody observes anybody else, what the peers hold about themselves is given instead.

    Args:
        service: The running Doxa.
        workspace: The workspace.
        sessions: Where the sources were said.
        limit: Beliefs to choose of each perspective: the most often concluded first, then the newest; None takes all.
    """
    held = {each.id: each for each in service.conclusions(workspace)}
    wanted = {key for each in held.values() for key in each.source_message_ids or ()}
    messages = _messages(service, workspace, sessions, wanted)
    beliefs = {each.id: _belief(each, messages, held) for each in held.values()}
    pairs: dict[tuple[str, str], list[Belief]] = {}
    for each in held.values():
        pairs.setdefault((each.observer_id, each.observed_id), []).append(beliefs[each.id])
    others = {pair: found for pair, found in pairs.items() if pair[0] != pair[1]} or pairs
    return _shared({pair: _united(found) for pair, found in sorted(others.items())}, limit), beliefs


def next_turn(service: Service, workspace: str, session: str) -> Turn:
    """Who would speak next in a session: the one who spoke before the last speaker answers him.

    Args:
        service: The running Doxa.
        workspace: The workspace.
        session: A session with at least one message.
    """
    target, before = "", None
    questions: dict[str, str] = {}
    longest: dict[str, str] = {}
    for message in service.messages(workspace, session):
        speaker, text = message.peer_id, " ".join(message.content.split())
        if speaker != target:
            target, before = speaker, target or None
        if text.endswith("?"):
            questions[speaker] = text
        longest[speaker] = max(longest.get(speaker, ""), text, key=len)
    return Turn(session, target, before, questions.get(target) or longest[target])


def context(service: Service, workspace: str, turn: Turn) -> tuple[Context, Timed]:
    """The context for a turn, within 2,000 tokens."""
    return _timed(
        lambda: service.session_context(workspace, turn.session, CONTEXT_TOKENS, turn.target, turn.perspective)
    )


def query(service: Service, workspace: str, turn: Turn, words: str) -> tuple[list[Conclusion], Timed]:
    """What the answering peer holds about the other, nearest in meaning to the words first; at most 5."""
    observer = turn.perspective or turn.target
    return _timed(lambda: service.query_conclusions(workspace, words, observer, turn.target, QUERY_HITS))


def _timed(call: Callable[[], T]) -> tuple[T, Timed]:
    begun = time.perf_counter()
    found = call()
    first = time.perf_counter()
    call()
    return found, Timed((first - begun) * 1000, (time.perf_counter() - first) * 1000)


def _united(found: Iterable[Belief]) -> tuple[Belief, ...]:
    """One belief for each text: what was concluded anew in another session has one more source."""
    texts: dict[tuple[str, str], Belief] = {}
    for each in found:
        same = texts.get((each.level, each.content))
        if same is not None:
            sources = tuple(sorted({*same.sources, *each.sources}, key=_said_order))
            premises = tuple(sorted({*same.premises, *each.premises}))
            each = Belief(each.content, each.level, same.times + each.times, sources, premises)
        texts[each.level, each.content] = each
    return tuple(sorted(texts.values(), key=lambda each: (each.first_said, each.content)))


def _shared(pairs: Mapping[tuple[str, str], tuple[Belief, ...]], limit: int | None) -> list[Perspective]:
    """Perspectives on the same peer that hold the same, shown once."""
    observers: dict[tuple[str, tuple[Belief, ...]], list[str]] = {}
    for (observer, observed), beliefs in pairs.items():
        observers.setdefault((observed, beliefs), []).append(observer)
    return [
        Perspective(tuple(names), observed, _chosen(beliefs, limit), max(0, len(beliefs) - (limit or len(beliefs))))
        for (observed, beliefs), names in sorted(observers.items(), key=lambda each: (each[0][0], each[1]))
    ]


def _chosen(found: tuple[Belief, ...], limit: int | None) -> tuple[Belief, ...]:
    # Nothing here may depend on when the conclusions were drawn, or a second showing would choose others.
    ranked = sorted(found, key=lambda each: (each.times, each.last_said, each.content), reverse=True)
    return tuple(sorted(ranked[:limit], key=lambda each: (each.first_said, each.content)))


def _said_order(source: Source) -> tuple[datetime, str]:
    return source.said_at, source.text


def _messages(service: Service, workspace: str, sessions: Iterable[str], wanted: set[str]) -> dict[str, Message]:
    found: dict[str, Message] = {}
    for session in sessions:
        if len(found) == len(wanted):
            break
        found.update({each.id: each for each in service.messages(workspace, session) if each.id in wanted})
    return found


def _belief(each: Conclusion, messages: Mapping[str, Message], held: Mapping[str, Conclusion]) -> Belief:
    sources = [
        Source(message.session_id, message.peer_id, message.created_at, message.content)
        for key in each.source_message_ids or ()
        if (message := messages.get(key)) is not None
    ]
    return Belief(
        each.content,
        each.level,
        each.times_derived,
        tuple(sorted(sources, key=_said_order)),
        tuple(sorted(held[key].content for key in each.source_ids or () if key in held)),
    )
