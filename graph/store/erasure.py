"""Erasing for good: messages and conclusions, and with them whatever then rests on nothing.

What is erased leaves no trace of its content: conclusions are deleted together with their history, with vectors, the
lines of cards that told them and summaries. A conclusion stays if one of its derivations loses nothing; whether that
derivation counts today, or rests on a message that was retracted, is another matter, and is settled afterwards.
Sessions, workspaces and peers are deleted by the same code.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct, structs

from graph.driver import Transaction
from graph.queries import erasure as queries
from graph.queries import support as support_queries
from graph.queries.support import StandingRow
from graph.store import cards, dream_reports, summaries, weighing
from graph.store.requesting import request
from graph.store.revising import meet
from graph.store.standing import decide
from graph.store.support import downstream, parts, second_look, settle, underneath
from graph.types import Wake

#: What a conclusion rests on that goes whatever it rests on.
_NOTHING: dict[str, object] = {"living": False, "because": "unsupported", "stated": False, "said": (), "premises": ()}


class Counts(Struct, frozen=True, kw_only=True):
    """How much is erased.

    Attributes:
        pieces: vectors of parts of long messages.
        cards: cards that told what is erased, and say now what is left; their lines, not they, go.
    """

    messages: int = 0
    conclusions: int = 0
    summaries: int = 0
    pieces: int = 0
    runs: int = 0
    cards: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})


class Erased(Struct, frozen=True, kw_only=True):
    """What was erased, and the units of work to wake workers for."""

    counts: Counts
    conclusion_ids: Sequence[str]
    wakes: Sequence[Wake]


async def resting(
    tx: Transaction,
    workspace_id: str,
    message_ids: Sequence[str],
    outright: Collection[str] = (),
    lock: datetime | None = None,
) -> list[str]:
    """The conclusions that go with messages: those given, and all that rest on nothing else in the end.

    Args:
        tx: the transaction.
        workspace_id: name of the workspace.
        message_ids: messages to be erased.
        outright: conclusions to be erased whatever they rest on.
        lock: a time, to lock what is looked at; None only looks.
    """

    async def read(names: Sequence[str]) -> list[StandingRow]:
        if lock is not None:
            held = support_queries.SomeOfNow(workspace_id=workspace_id, conclusion_ids=names, now=lock)
            await tx.run(support_queries.LOCK, held)
        wanted = queries.Read(workspace_id=workspace_id, conclusion_ids=names, message_ids=message_ids)
        rows = await tx.many(queries.READ, wanted)
        return [structs.replace(row, **_NOTHING) if row.id in outright else row for row in rows]

    found = await tx.many(
        support_queries.RESTING, support_queries.MessagesOf(workspace_id=workspace_id, message_ids=message_ids)
    )
    seeds = {*outright, *(row.id for row in found)}
    affected = await downstream(seeds, read, every=False)
    states = decide(affected | await underneath(affected, read), affected.keys())
    return sorted(each for each, state in states.items() if state != "living")


async def erase(
    tx: Transaction,
    workspace_id: str,
    message_ids: Sequence[str],
    now: datetime,
    outright: Collection[str] = (),
) -> Erased:
    """Erase messages and conclusions, with whatever then rests on nothing, and settle what is left.

    The caller holds a lock that keeps others from adding to what is erased.
    """
    gone = await resting(tx, workspace_id, message_ids, outright, now)
    left: set[str] = set()
    for part in parts([*message_ids, *gone]):
        wanted = queries.PartOf(workspace_id=workspace_id, ids=part, conclusion_ids=gone)
        for query in (queries.UNMERGE, queries.BRIDGE, queries.LOOSEN):
            left |= {row.id for row in await tx.many(query, wanted)}
    counts = Counts()
    pairs: set[cards.Pair] = set()
    held: set[cards.Pair] = set()
    again: set[str] = set()
    for part in parts(gone):
        again |= await weighing.anew(tx, workspace_id, part, now, gone)
    for part in parts(gone):
        for row in await tx.many(queries.CONCLUSIONS, queries.PartNow(workspace_id=workspace_id, ids=part, now=now)):
            if row.left:
                pairs.add((row.observer_id, row.observed_id))
            held.add((row.observer_id, row.observed_id))
            counts += Counts(conclusions=row.conclusions, runs=row.runs)
    counts += Counts(cards=await cards.follow(tx, workspace_id, held))
    summed: set[str] = set()
    for part in parts(message_ids):
        row = await tx.one(queries.MESSAGES, queries.Part(workspace_id=workspace_id, ids=part))
        counts += Counts(messages=row.messages, pieces=row.pieces, summaries=row.summaries)
        summed.update(row.session_ids)
    settled = await meet(tx, workspace_id, await settle(tx, workspace_id, left, now), now)
    # Units last, as whoever commits the effect of one locks them.
    await dream_reports.forget(tx, workspace_id)
    looks = await request(tx, workspace_id, [second_look(workspace_id, *pair) for pair in sorted(pairs)])
    further = [*await weighing.ask(tx, workspace_id, again), *await summaries.ask(tx, workspace_id, sorted(summed))]
    return Erased(counts=counts, conclusion_ids=gone, wakes=[*settled.wakes, *looks, *further])
