"""Change over time: of conclusions that cannot hold at once the newer supersedes, and equals contradict each other.

Only the slots of `graph.slots` are judged, so nothing is taken out of recall because of how its words sound.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from msgspec import Struct

from graph.driver import Transaction
from graph.ids import new_id
from graph.perspective import content_key
from graph.queries import conclusions as conclusion_queries
from graph.queries import revisions as queries
from graph.slots import DENYING, OPPOSITES, at_odds, dated
from graph.store import cards, support
from graph.store.run_records import record
from graph.types import Run


class Revised(Struct, frozen=True):
    """What a revision brought about.

    Attributes:
        superseded: ids of conclusions that were retired in favour of newer ones.
        contradictions: ids of conclusions that say which two cannot both be so.
        unsupported: ids of conclusions that rested on those and hold no more.
    """

    superseded: Sequence[str] = ()
    contradictions: Sequence[str] = ()
    unsupported: Sequence[str] = ()


class Side(Struct, frozen=True, kw_only=True):
    """A conclusion that fills a slot, as far as it matters here.

    Attributes:
        slot_key: its value, as `graph.slots.value_key` has it.
        place: the session and the place in it of the message that says so; messages of one request share one time.
        speaker_ids: whose messages it rests on; empty for what a client states.
    """

    id: str
    observed_id: str
    slot: str
    slot_value: str
    slot_key: str
    exclusive: bool
    negated: bool
    lasting: str
    observed_at: datetime
    about_at: datetime | None
    place: tuple[str, int] | None
    speaker_ids: Sequence[str]

    @property
    def at(self) -> datetime:
        """The time from which its value holds, as far as is known."""
        return self._then or self.observed_at

    @property
    def spoken(self) -> tuple[str, int] | None:
        """Its place, where nothing but when it was said tells the time from which its value holds."""
        return None if self._then else self.place

    @property
    def _then(self) -> datetime | None:
        return self.about_at if dated(self.slot) else None


async def revise(
    tx: Transaction, workspace_id: str, conclusion_ids: Sequence[str], now: datetime, *, run_id: str | None = None
) -> Revised:
    """Settle what living conclusions are at odds with, in the caller's transaction.

    To be called for whatever begins to hold: concluded, revived, unmerged. Its cost is bounded by what their
    perspectives hold in the same slots.

    Args:
        tx: the transaction.
        workspace_id: name of the workspace.
        conclusion_ids: what begins to hold; what has no slot is left alone.
        now: when what is superseded stops holding.
        run_id: the run that concluded them; without one a run is recorded where a contradiction is found.
    """
    if not conclusion_ids:
        return Revised()
    wanted = queries.Rivals(workspace_id=workspace_id, conclusion_ids=list(conclusion_ids), opposites=OPPOSITES)
    rows = await tx.many(queries.RIVALS, wanted)
    sides = {row.id: _side(row) for row in rows}
    pairs = {frozenset((row.id, rival_id)) for row in rows for rival_id in row.rival_ids}
    superseding, contradicting = judge(sides, pairs)
    superseded = await _supersede(tx, workspace_id, superseding, now)
    contradictions = await _contradict(tx, workspace_id, contradicting, now, run_id) if contradicting else []
    settled = await support.settle(tx, workspace_id, superseded, now)
    if contradictions:
        await cards.follow(tx, workspace_id, {(row.observer_id, row.observed_id) for row in rows})
    return Revised(superseded, contradictions, settled.retired)


async def meet(tx: Transaction, workspace_id: str, settled: support.Settled, now: datetime) -> support.Settled:
    """Let what is living again meet what was learnt while it was away: the newer of the two supersedes the older.

    Args:
        tx: the transaction in which it came back.
        workspace_id: name of the workspace.
        settled: what came back, and what fell.
        now: when what is superseded stops holding.

    Returns:
        what came of it in the end.
    """
    if not settled.revived:
        return settled
    revised = await revise(tx, workspace_id, settled.revived, now)
    fallen = {*revised.superseded, *revised.unsupported}
    revived = [each for each in settled.revived if each not in fallen]
    retired = [*settled.retired, *sorted(fallen.difference(settled.revived, settled.retired))]
    return support.Settled(retired, revived, settled.wakes)


def judge(
    sides: Mapping[str, Side], pairs: set[frozenset[str]]
) -> tuple[list[tuple[Side, Side]], list[tuple[Side, Side]]]:
    """Part pairs of sides into (newer, older) and (one, other) that cannot be ordered.

    What a newer one has superseded supersedes nothing itself: it does not hold.
    """
    superseding: list[tuple[Side, Side]] = []
    contradicting: list[tuple[Side, Side]] = []
    standing: list[Side] = []
    for side in sorted(sides.values(), key=lambda side: (side.at, side.spoken or ("", 0), side.id), reverse=True):
        against = [other for other in standing if frozenset((side.id, other.id)) in pairs and conflicting(side, other)]
        newer = [other for other in against if _ordered(side, other)]
        superseding += [(other, side) for other in newer]
        if not newer:
            contradicting += [(other, side) for other in against]
            standing.append(side)
    return superseding, contradicting


def conflicting(one: Side, other: Side) -> bool:
    """Whether two conclusions about one slot cannot hold at once."""
    if "occasion" in {one.lasting, other.lasting}:
        return False
    if one.negated != other.negated:
        return one.slot_key == other.slot_key
    return not one.negated and one.exclusive and other.exclusive and at_odds(one.slot_key, other.slot_key)


def _ordered(one: Side, other: Side) -> bool:
    """Whether the later of two, given second, is the better for being later."""
    if one.at == other.at and not _later(one.spoken, other.spoken):
        return False
    speakers, others = set(one.speaker_ids), set(other.speaker_ids)
    # What others say of a third, as what they say of themselves tells of it, takes the place of nothing but their own.
    return speakers == others or not others or one.observed_id in others


def _later(one: tuple[str, int] | None, other: tuple[str, int] | None) -> bool:
    """Whether of two messages of one moment the second was said after the first, in the same session."""
    return one is not None and other is not None and one[0] == other[0] and one[1] < other[1]


def _side(row: queries.RivalRow) -> Side:
    return Side(
        id=row.id,
        observed_id=row.observed_id,
        slot=OPPOSITES[row.slot] if row.slot in DENYING else row.slot,
        slot_value=row.slot_value,
        slot_key=row.slot_key,
        exclusive=row.exclusive,
        negated=row.negated != (row.slot in DENYING),
        lasting=row.lasting,
        observed_at=row.observed_at,
        about_at=row.about_at,
        place=None if row.session_id is None or row.seq is None else (row.session_id, row.seq),
        speaker_ids=row.speaker_ids,
    )


async def _supersede(
    tx: Transaction, workspace_id: str, superseding: Sequence[tuple[Side, Side]], now: datetime
) -> list[str]:
    if not superseding:
        return []
    rows: list[dict[str, object]] = [
        {"new_id": newer.id, "old_id": older.id, "slot": older.slot} for newer, older in superseding
    ]
    return [
        row.id
        for row in await tx.many(queries.SUPERSEDE, queries.Supersede(workspace_id=workspace_id, rows=rows, now=now))
    ]


async def _contradict(
    tx: Transaction,
    workspace_id: str,
    contradicting: Sequence[tuple[Side, Side]],
    now: datetime,
    run_id: str | None,
) -> list[str]:
    if run_id is None:
        run_id = await _run(tx, workspace_id, now)
    places = count(1)
    rows: list[dict[str, object]] = [
        {
            "one_id": one.id,
            "other_id": other.id,
            "id": new_id(),
            "content": _sentence(one, other),
            "content_key": content_key("/".join(sorted((one.id, other.id))), "contradiction", None),
            "created_at": now + timedelta(milliseconds=1, microseconds=next(places)),
        }
        for one, other in contradicting
    ]
    found = await tx.many(
        queries.CONTRADICT, queries.Contradict(workspace_id=workspace_id, run_id=run_id, rows=rows, now=now)
    )
    return [row.id for row in found]


def _sentence(one: Side, other: Side) -> str:
    values = " / ".join(
        f"not {side.slot_value}" if side.negated else side.slot_value
        for side in sorted((one, other), key=lambda side: (side.at, side.negated, side.slot_key))
    )
    return f"{one.observed_id} {one.slot.replace('_', ' ')}: {values}"


async def _run(tx: Transaction, workspace_id: str, now: datetime) -> str:
    run = Run(
        id=new_id(),
        step="revision",
        model="slots",
        prompt_hash="",
        prompt_tokens=0,
        completion_tokens=0,
        started_at=now,
        finished_at=datetime.now(UTC),
        outcome="concluded",
        dropped={},
    )
    await tx.run(conclusion_queries.RUN, record(workspace_id, run))
    return run.id
