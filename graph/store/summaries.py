"""Summaries of sessions: what is due to be summarised, storing one, reading them, and forgetting them.

When a message comes whose `seq` calls for a summary, the session notes up to where, and of how many messages, in the
same transaction. So a unit of work needs no more than its session's name, and one that runs late covers what has come
due since.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from graph.configuration import Summaries
from graph.driver import Database, Transaction
from graph.ids import new_id
from graph.queries import conclusions as conclusion_queries
from graph.queries import summaries as queries
from graph.queries.messages import InSession
from graph.store.requesting import request
from graph.store.run_records import record
from graph.types import Run, Summary, SummaryKind, Unit, Wake

#: Messages that are read for one summary at most.
MOST_MESSAGES = 1000


class Said(Struct, frozen=True, kw_only=True):
    """A message to be summarised."""

    id: str
    seq: int
    peer_id: str
    content: str
    token_count: int
    created_at: datetime


class Due(Struct, frozen=True, kw_only=True):
    """A summary that is to be made.

    Attributes:
        seq: of the last message it is to cover.
        previous: the summary of the same kind that it goes on from; None for the first.
        messages: what it is to be made of, oldest first.
        instructions: the client's own words for it, or None.
    """

    kind: SummaryKind
    seq: int
    previous: queries.StoredSummary | None
    messages: Sequence[Said]
    instructions: str | None

    @property
    def after(self) -> int:
        """The `seq` before its first message."""
        return self.messages[0].seq - 1 if self.messages else self.seq


def unit_key(workspace_id: str, session_id: str) -> str:
    """The key of the unit of work that summarises a session."""
    return f"summary/{workspace_id}/{session_id}"


def coming_due(resolved: Summaries, first_seq: int, last_seq: int) -> tuple[int, Mapping[str, object]]:
    """What a session must note when messages with these numbers come.

    Returns:
        how many of them call for a summary, and the session's properties: empty if none does.
    """
    if not resolved.enabled:
        return 0, {}
    intervals = {"short": resolved.short, "long": resolved.long}
    numbers = {seq for n in intervals.values() for seq in range(-(-first_seq // n) * n, last_seq + 1, n)}
    note: dict[str, object] = {}
    for kind, interval in intervals.items():
        last = last_seq // interval * interval
        if last >= first_seq:
            note |= {f"{kind}_due": last, f"{kind}_span": interval, "summary_instructions": resolved.instructions}
    return len(numbers), note


async def due(database: Database, workspace_id: str, session_id: str, most_tokens: int) -> list[Due]:
    """The summaries of a session that are to be made, the short one first.

    Each is made of the messages since the last of its kind, and at least of as many as its interval has; of more than
    `most_tokens` tokens or `MOST_MESSAGES` the newest.
    """

    async def read(tx: Transaction) -> list[Due]:
        row = await tx.maybe(queries.DUE, InSession(workspace_id=workspace_id, session_id=session_id))
        if row is None:
            return []
        known = {one.kind: one for one in row.summaries}
        wanted: list[tuple[SummaryKind, int, int]] = [
            ("short", row.short_due, row.short_span),
            ("long", row.long_due, row.long_span),
        ]
        found: list[Due] = []
        for kind, seq, span in wanted:
            previous = known.get(kind)
            covered = previous.seq if previous else 0
            if seq <= covered:
                continue
            material = queries.Material(
                workspace_id=workspace_id,
                session_id=session_id,
                after=min(covered, max(0, seq - span)),
                until=seq,
                limit=MOST_MESSAGES,
            )
            newest = [
                msgspec.convert(one, Said, from_attributes=True) for one in await tx.many(queries.MATERIAL, material)
            ]
            found.append(
                Due(
                    kind=kind,
                    seq=seq,
                    previous=previous,
                    messages=_within(newest, most_tokens),
                    instructions=row.instructions,
                )
            )
        return found

    return await database.read(read)


async def put(
    tx: Transaction, workspace_id: str, session_id: str, made: Due, run: Run, content: str, token_count: int
) -> bool | None:
    """Record a run, and store its summary in the place of the one before; one without content is not stored.

    Returns:
        whether what it was made of was still as it had been read; None if the session is gone or being deleted. Only
        where it is True was the summary stored.
    """
    await tx.run(conclusion_queries.RUN, record(workspace_id, run, session_id))
    if not content:
        return True
    row = await tx.maybe(
        queries.PUT,
        queries.Put(
            workspace_id=workspace_id,
            session_id=session_id,
            run_id=run.id,
            id=new_id(),
            kind=made.kind,
            content=content,
            token_count=token_count,
            seq=made.seq,
            after=made.after,
            message_ids=[said.id for said in made.messages],
            message_id=made.messages[-1].id,
            previous_id=made.previous.id if made.previous else "",
            now=datetime.now(UTC),
        ),
    )
    return None if row is None else row.stored


async def of_session(database: Database, workspace_id: str, session_id: str) -> dict[SummaryKind, Summary]:
    """A session's summaries by kind; an unknown session has none."""
    return await database.read(lambda tx: read(tx, workspace_id, session_id))


async def read(tx: Transaction, workspace_id: str, session_id: str) -> dict[SummaryKind, Summary]:
    """As `of_session`, in a transaction."""
    rows = await tx.many(queries.GET, InSession(workspace_id=workspace_id, session_id=session_id))
    found = [msgspec.convert(row, Summary, from_attributes=True) for row in rows]
    return {one.kind: one for one in found}


async def forget(tx: Transaction, workspace_id: str, session_id: str, seq: int) -> list[Wake]:
    """Delete a locked session's summaries if one covers the message with that `seq`, and ask for new ones.

    Returns:
        the units of work to wake workers for.
    """
    covering = queries.Covering(workspace_id=workspace_id, session_id=session_id, seq=seq)
    gone = (await tx.one(queries.FORGET, covering)).total
    return await ask(tx, workspace_id, [session_id]) if gone else []


async def ask(tx: Transaction, workspace_id: str, session_ids: Sequence[str]) -> list[Wake]:
    """Ask for the summaries of sessions to be made anew, up to where they were due."""
    units = [
        Unit(key=unit_key(workspace_id, session_id), kind="summary", session_id=session_id)
        for session_id in session_ids
    ]
    return await request(tx, workspace_id, units)


def _within(newest: Sequence[Said], most_tokens: int) -> list[Said]:
    """The newest messages that fit, oldest first; the newest always."""
    kept: list[Said] = []
    left = most_tokens
    for said in newest:
        left -= said.token_count
        if kept and left < 0:
            break
        kept.append(said)
    return kept[::-1]
