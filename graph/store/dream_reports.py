"""What came of a dream, or would come of it: kept on its unit of work until the next, or until something is erased."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import Struct, structs

from graph.driver import Database, Transaction
from graph.errors import NotFound
from graph.names import check_known_name
from graph.perspective import perspective
from graph.queries import dreams as queries
from graph.store import cards, dreams
from graph.types import Lease, Level, WorkState

#: `supported` conclusions were held already, and rest on one derivation more.
Kind = Literal["concluded", "supported", "contradicted", "superseded", "merged", "retired", "revived"]
AreaState = Literal["looked", "left", "waiting"]


class Other(Struct, frozen=True):
    """Another conclusion, by id where it has one."""

    id: str | None
    content: str


class Change(Struct, frozen=True, kw_only=True):
    """One change of one conclusion.

    Attributes:
        id: None for what a dry run would conclude.
        related: its premises; for what is superseded, what takes its place.
    """

    kind: Kind
    id: str | None
    content: str
    level: Level
    related: Sequence[Other] = ()


class Looked(Struct, frozen=True, kw_only=True):
    """A place that the dream looked at, or left for the next one.

    Attributes:
        focus_ids: the conclusions that it is about.
        conclusions: how many were looked at there.
        tokens: those that the model took; before it was asked, what its conclusions have.
    """

    reason: str
    why: str
    focus_ids: Sequence[str]
    conclusions: int
    state: AreaState = "waiting"
    tokens: int = 0


class Report(Struct, frozen=True, kw_only=True):
    """What came of a dream.

    Attributes:
        id: unlike any other's.
        skipped: why nothing was done; None where something was.
        tokens: those that the model took in all.
        card: its lines afterwards; None where there is none.
        card_before: its lines before.
        shared: conclusions that were written into other perspectives as well.
    """

    id: str
    kind: dreams.Kind
    dry_run: bool
    model: str
    started_at: datetime
    finished_at: datetime | None = None
    skipped: str | None = None
    budget: int = 0
    tokens: int = 0
    areas: Sequence[Looked] = ()
    changes: Sequence[Change] = ()
    shared: int = 0
    card_before: Sequence[str] | None = None
    card: Sequence[str] | None = None


class Known(Struct, frozen=True, kw_only=True):
    """A dream's unit of work as it is, with the report of the last that ended."""

    state: WorkState
    last_error: str | None
    report: Report | None


async def last(database: Database, workspace_id: str, observer_id: str, observed_id: str, asked: dreams.Asked) -> Known:
    """What came of the last dream of a kind over a perspective.

    Raises:
        Invalid: a name that nothing can have.
        NotFound: none was asked for.
        StoreFault: the database did not do its part.
    """
    check_known_name("peer", observer_id)
    check_known_name("peer", observed_id)
    key = dreams.unit(workspace_id, observer_id, observed_id, asked).key
    row = await database.maybe(
        queries.REPORT, queries.Reported(workspace_id=workspace_id, key=key, now=datetime.now(UTC))
    )
    if row is None:
        raise NotFound("No such dream was asked for")
    report = None if row.report is None else msgspec.json.decode(row.report, type=Report)
    return Known(state=row.state, last_error=row.last_error, report=report)


async def progress(database: Database, held: Lease) -> str | None:
    """What was noted of how far a held dream has come; None at its beginning."""
    row = await database.maybe(queries.PROGRESS, queries.UnitOf(workspace_id=held.workspace_id, key=held.key))
    return None if row is None else row.progress


async def note(tx: Transaction, held: Lease, *, progress: str | None = None, report: Report | None = None) -> None:
    """Note how far a held dream has come, or, when it is over, what came of it."""
    noted = queries.Note(
        workspace_id=held.workspace_id,
        key=held.key,
        progress=progress,
        report=None if report is None else msgspec.json.encode(report).decode(),
        now=datetime.now(UTC),
    )
    await tx.run(queries.NOTE, noted)


async def forget(tx: Transaction, workspace_id: str) -> None:
    """Take away what was noted of a workspace's dreams: it repeats what is being erased."""
    await tx.run(queries.FORGET, queries.InWorkspace(workspace_id=workspace_id))


async def changed(tx: Transaction, held: Lease, run_ids: Sequence[str], since: datetime) -> list[Change]:
    """What a transaction has changed in a held dream's perspective: what its runs wrote, what fell and what came back.

    Args:
        tx: the transaction.
        held: the dream.
        run_ids: the runs that it recorded.
        since: when it began to write.
    """
    place = perspective(held.workspace_id, held.observer_id, held.peer_id)
    changes: list[Change] = []
    for run_id in run_ids:
        wanted = queries.Produced(workspace_id=held.workspace_id, perspective=place, run_id=run_id, since=since)
        for row in await tx.many(queries.PRODUCED, wanted):
            new: Kind = "contradicted" if row.level == "contradiction" else "concluded"
            changes.append(
                Change(
                    kind=new if row.created else "supported",
                    id=row.id,
                    content=row.content,
                    level=row.level,
                    related=_others(row.premises),
                )
            )
    fallen = queries.Since(workspace_id=held.workspace_id, perspective=place, since=since)
    return [
        *changes,
        *(
            Change(kind=row.kind, id=row.id, content=row.content, level=row.level, related=_others(row.others))
            for row in await tx.many(queries.FALLEN, fallen)
        ),
    ]


async def card(tx: Transaction, held: Lease) -> list[str] | None:
    """The card of a held dream's perspective, as the transaction has it; None where there is none."""
    try:
        return await cards.read(tx, held.workspace_id, held.observer_id, held.peer_id)
    except NotFound:
        return None


def unborn(change: Change, born: frozenset[str]) -> Change:
    """A change as a dry run tells it: what was only born in it has no id."""
    related = [Other(None if each.id in born else each.id, each.content) for each in change.related]
    return structs.replace(change, id=None if change.id in born else change.id, related=related)


def _others(rows: Sequence[queries.OtherRow]) -> list[Other]:
    return [Other(row.id, row.content) for row in rows]
