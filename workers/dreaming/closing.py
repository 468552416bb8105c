"""How a dream ends: with what the rules tell, the card, and what it says of itself. A dry run takes all of it back."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct, structs

from graph.driver import Transaction
from graph.ids import new_id
from graph.store import cards, deriving, dream_reports, dreams, runs
from graph.store.deriving import Part
from graph.store.dream_reports import Change, Report
from graph.store.dreams import Allowed, Asked
from graph.types import Lease, NewDerived, Run
from workers.dreaming.progress import Draft, Progress, ended
from workers.dreaming.thinking import put
from workers.service import Service

#: How the run of a dream tells of areas that its budget did not reach.
LEFT = "areas left for the next dream"


class Closing(Struct, frozen=True, kw_only=True):
    """What is left to write when a dream has looked everywhere it could.

    Attributes:
        rests: whether the perspective counts as dreamt over afterwards.
        run: the record of what was derived from the whole, with the areas that were left.
        parts: that, ready to be stored.
        drafts: of a dry run, what it has thought of, with the same ready to be stored.
        same: the cosine from which two texts may be one.
    """

    held: Lease
    asked: Asked
    allowed: Allowed
    progress: Progress
    rests: bool
    run: Run
    parts: Sequence[Part]
    drafts: Sequence[tuple[Draft, Sequence[NewDerived]]]
    same: float


class _TakenBack(Exception):
    """Ends a transaction that must not be committed; it carries what it would have brought about."""

    def __init__(self, report: Report) -> None:
        super().__init__("taken back")
        self.report = report


async def close(tx: Transaction, end: Closing) -> Report:
    """Write the end of a dream, and note on its unit what came of it."""
    report = await _write(tx, end)
    if end.rests:
        pair = (end.held.workspace_id, end.held.observer_id, end.held.peer_id)
        await dreams.dreamed(tx, *pair, report.started_at, end.progress.left_ids)
    await dream_reports.note(tx, end.held, report=report)
    return report


async def rehearse(service: Service, end: Closing) -> Report:
    """What a dream would bring about: it is written in a transaction that is taken back.

    So it is found by the same code, against the same graph, as when the dream is dreamt.
    """

    async def work(tx: Transaction) -> None:
        raise _TakenBack(await _write(tx, end))

    try:
        await service.database.write(work)
    except _TakenBack as undone:
        return _as_told(undone.report)
    raise AssertionError("a rehearsal was committed")


async def _write(tx: Transaction, end: Closing) -> Report:
    held, report = end.held, end.progress.report
    changes, shared = list(report.changes), report.shared
    for draft, new in end.drafts:
        more, others = await put(tx, held, draft, new, end.same)
        changes += more
        shared += others
    more, others = await _derive(tx, end)
    changes += more
    shared += others
    pair = (held.workspace_id, held.observer_id, held.peer_id)
    await cards.refresh(tx, *pair, rebuild=end.asked.rebuild and end.allowed.cards)
    return structs.replace(
        report,
        finished_at=datetime.now(UTC),
        areas=ended(end.progress),
        changes=changes,
        shared=shared,
        card=await dream_reports.card(tx, held),
    )


async def _derive(tx: Transaction, end: Closing) -> tuple[list[Change], int]:
    """Write what follows from the whole, and record how many areas were left for the next dream; as `put`."""
    left = sum(looked.state == "left" for looked in ended(end.progress))
    run = structs.replace(end.run, dropped={**end.run.dropped, LEFT: left}) if left else end.run
    now = datetime.now(UTC)
    written: list[str] = []
    if end.parts or run.calls:
        written = await deriving.derive_all(tx, end.held.workspace_id, run, end.parts, now, merge_similarity=end.same)
    if left and not written and not run.calls:
        # Of a run that wrote nothing no record is kept, but this one has something to say.
        await runs.put(tx, end.held.workspace_id, structs.replace(run, id=new_id(), outcome="empty"))
    changes = await dream_reports.changed(tx, end.held, [run.id], now)
    own = {change.id for change in changes}
    return changes, sum(each not in own for each in written)


def _as_told(report: Report) -> Report:
    born = frozenset(
        change.id for change in report.changes if change.id is not None and change.kind in {"concluded", "contradicted"}
    )
    return structs.replace(report, changes=[dream_reports.unborn(change, born) for change in report.changes])
