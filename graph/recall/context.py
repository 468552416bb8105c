"""Prompt-ready context: the newest messages of a session within a token budget, and what is held about a peer."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from graph.driver import Database, Transaction
from graph.queries import recall as queries
from graph.recall.budget import divide, fitting
from graph.recall.moments import moment
from graph.recall.representation import Asked, represent
from graph.store import cards, summaries
from graph.types import Message, Summary, SummaryKind

#: The budget of a context whose caller names none, and the largest one.
MOST_TOKENS = 100_000

_FIRST_SLICE = 64
_LARGEST_SLICE = 1000
#: Read beyond the estimate, so that one more round trip is rare.
_SPARE = 8
_PAST_ALL = 2**62
_METADATA = msgspec.json.Decoder(dict[str, object])


class SessionContext(Struct, frozen=True, kw_only=True):
    """The context of a session; no more tokens than were allowed.

    Attributes:
        messages: the newest, without a gap, oldest first; with a summary, none before the last that it covers.
        summary: the one that fits, if any.
        representation: what is held about a peer, if one was named; empty when nothing is.
        card: what the observer's card about that peer says, or said then; None without one, and where recall is
            restricted to sessions.
    """

    messages: Sequence[Message]
    summary: Summary | None
    representation: str | None
    card: list[str] | None


class PeerContext(Struct, frozen=True, kw_only=True):
    """What a peer holds about another, or about itself.

    Attributes:
        representation: as text; empty when nothing is held.
        card: the lines of its card; None when there is none.
    """

    representation: str
    card: list[str] | None


async def session_context(
    database: Database,
    workspace_id: str,
    session_id: str,
    *,
    tokens: int,
    about: Asked | None,
    count: Callable[[str], int],
    summary: bool = True,
    as_of: datetime | None = None,
) -> SessionContext:
    """The newest messages of a session that fit, next to what is held about a peer. An unknown session has none.

    The representation and the card are never cut; their tokens are taken from the messages' budget.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        session_id: name of the session.
        tokens: the budget, in tokens; 0 or less leaves no message.
        about: what to recall about a peer, or None.
        count: counts the tokens of a text as messages' tokens were counted.
        summary: whether a summary is wanted, if one fits.
        as_of: only messages that were said, and a summary that was written, by then; None for all.

    Raises:
        NotFound: the observer named in `about` does not exist, and its recall is not restricted to sessions.
        StoreFault: the database did not do its part.
    """

    async def work(tx: Transaction) -> SessionContext:
        held = card = None
        if about is not None:
            if about.session_ids is None:
                card = await cards.read(tx, workspace_id, about.observer_id, about.observed_id, as_of=about.as_of)
            held = (await represent(tx, workspace_id, about)).text
        taken = sum(count(text) for text in (held, "\n".join(card or ())) if text)
        found: dict[SummaryKind, Summary] = await summaries.read(tx, workspace_id, session_id) if summary else {}
        known = {kind: one for kind, one in found.items() if as_of is None or one.created_at <= as_of}
        shares = divide(tokens - taken, short=known.get("short"), long=known.get("long"))
        start = shares.summary.message_seq if shares.summary else 0
        newest = await _newest(tx, workspace_id, session_id, shares.messages, start, as_of)
        return SessionContext(messages=newest[::-1], summary=shares.summary, representation=held, card=card)

    return await database.read(work)


async def peer_context(database: Database, workspace_id: str, asked: Asked) -> PeerContext:
    """What a peer holds about another, or about itself.

    Raises:
        NotFound: the observer does not exist.
        StoreFault: the database did not do its part.
    """

    async def work(tx: Transaction) -> PeerContext:
        card = await cards.read(tx, workspace_id, asked.observer_id, asked.observed_id, as_of=asked.as_of)
        text = (await represent(tx, workspace_id, asked)).text
        return PeerContext(representation=text, card=card)

    return await database.read(work)


async def _newest(
    tx: Transaction, workspace_id: str, session_id: str, tokens: int, start: int, as_of: datetime | None
) -> list[Message]:
    """The newest messages that fit, newest first, read in slices whose size follows the messages' mean length."""
    said: list[queries.SaidMessage] = []
    fit, before, size = 0, _PAST_ALL, _FIRST_SLICE
    while tokens > 0:
        wanted = queries.Latest(
            workspace_id=workspace_id,
            session_id=session_id,
            from_seq=start,
            before_seq=before,
            limit=size,
            as_of=as_of,
        )
        part = (await tx.one(queries.LATEST, wanted)).messages
        said += part
        fit = fitting(said, tokens)
        if fit < len(said) or len(part) < size:
            break
        before = said[-1].seq
        used = sum(each.token_count for each in said)
        size = min(_LARGEST_SLICE, math.ceil((tokens - used) * len(said) / max(1, used)) + _SPARE)
    return [_message(each) for each in said[:fit]]


def _message(said: queries.SaidMessage) -> Message:
    return Message(
        id=said.id,
        workspace_id=said.workspace_id,
        session_id=said.session_id,
        peer_id=said.peer_id,
        seq=said.seq,
        content=said.content,
        token_count=said.token_count,
        metadata=_METADATA.decode(said.metadata),
        created_at=moment(said.created_us),
    )
