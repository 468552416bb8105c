"""Truth maintenance: conclusions stop being recalled when what they rest on falls, and come back with it.

`settle` walks downstream of what changed, and touches nothing else: conclusions are found by their ids and over the
relationships between them, so what it costs does not depend on the rest of the graph. It first reads all that may
change, in bounded parts, then decides by the rules of `standing`, then writes what is different.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime

import msgspec
from msgspec import Struct

from graph.driver import Transaction
from graph.queries import support as queries
from graph.queries.support import StandingRow
from graph.store import cards, weighing
from graph.store.confidence import reckon
from graph.store.requesting import request
from graph.store.standing import State, decide, follows_support, settled_already
from graph.types import Unit, Wake

#: Conclusions of one statement.
PART = 500

#: How the keys of units that look again begin.
SECOND_LOOK = "dream/second_look/"
#: How long a second look waits for company: what falls together is looked at together.
SECOND_LOOK_SECONDS = 2.0


#: Reads conclusions by their ids.
Read = Callable[[Sequence[str]], Awaitable[list[StandingRow]]]


class Settled(Struct, frozen=True):
    """What settling changed.

    Attributes:
        retired: conclusions that were living and are not any more.
        revived: conclusions that are living again.
        wakes: units of work to wake workers for: a second look at each perspective that lost something, and derivation
            about whom something is held again.
    """

    retired: Sequence[str]
    revived: Sequence[str]
    wakes: Sequence[Wake]


async def settle(
    tx: Transaction, workspace_id: str, conclusion_ids: Iterable[str], now: datetime, *, touched: bool = True
) -> Settled:
    """Retire what has lost its support and revive what has it again, among some conclusions and all downstream of them.

    Conclusions that are gone by now, or that belong to another workspace, count for nothing.

    Args:
        tx: the transaction that changed something.
        workspace_id: name of the workspace.
        conclusion_ids: conclusions that changed, or whose premises did.
        now: when the change takes effect.
        touched: whether the caller has retired, revived or superseded some of them itself. If only their premises
            changed, what hangs on one that stands all the same is not walked.
    """

    async def locked(names: Sequence[str]) -> list[StandingRow]:
        await tx.run(queries.LOCK, queries.SomeOfNow(workspace_id=workspace_id, conclusion_ids=names, now=now))
        return await read(names)

    async def read(names: Sequence[str]) -> list[StandingRow]:
        return await tx.many(queries.READ, queries.SomeOf(workspace_id=workspace_id, conclusion_ids=names))

    seeds = set(conclusion_ids)
    affected = await downstream(seeds, locked, every=touched)
    if not affected:
        for part in parts(sorted(seeds)):
            await reckon(tx, workspace_id, part)
        return Settled((), (), ())
    below = await underneath(affected, read)
    states = decide(affected | below, affected.keys())
    changed = [each for each, state in states.items() if state != _state(affected[each])]
    fallen = [each for each in changed if states[each] != "living"]
    await _retire(tx, workspace_id, {each: states[each] for each in fallen}, now)
    revived = await _revive(tx, workspace_id, [affected[each] for each in changed if states[each] == "living"], now)
    retired = [each for each in fallen if affected[each].living]
    for part in parts(sorted(seeds)):
        await reckon(tx, workspace_id, part)
    about = affected.keys() & {*changed, *(seeds if touched else ())}
    await cards.follow(tx, workspace_id, {(affected[each].observer_id, affected[each].observed_id) for each in about})
    unsupported = [each for each in retired if states[each] == "unsupported"]
    wakes = await _look_again(tx, workspace_id, [affected[each] for each in unsupported])
    again = await weighing.anew(tx, workspace_id, unsupported, now)
    wakes += await weighing.ask(tx, workspace_id, again | {affected[each].observed_id for each in revived})
    return Settled(retired, revived, wakes)


async def settle_messages(tx: Transaction, workspace_id: str, message_ids: Sequence[str], now: datetime) -> Settled:
    """As `settle`, for the conclusions that rest on messages whose standing changed."""
    wanted = queries.MessagesOf(workspace_id=workspace_id, message_ids=message_ids)
    resting = [row.id for row in await tx.many(queries.RESTING, wanted)]
    return await settle(tx, workspace_id, resting, now, touched=False)


def second_look(workspace_id: str, observer_id: str, observed_id: str) -> Unit:
    """The unit of work that looks again at a perspective which lost something."""
    return Unit(
        key=f"{SECOND_LOOK}{workspace_id}/{observer_id}/{observed_id}",
        kind="dream",
        peer_id=observed_id,
        observer_id=observer_id,
        detail=msgspec.json.encode({"kind": "omni"}).decode(),
        wait_seconds=SECOND_LOOK_SECONDS,
    )


async def downstream(seeds: Set[str], read: Read, *, every: bool) -> dict[str, StandingRow]:
    """What may change: among some conclusions, or every one of them, and of all that hangs on those."""
    affected: dict[str, StandingRow] = {}
    seen, frontier = set(seeds), sorted(seeds)
    first = True
    while frontier:
        following: set[str] = set()
        for row in await _all(frontier, read):
            changeable = follows_support(row) and not settled_already(row)
            if changeable or (every and first):
                affected[row.id] = row
                following.update(row.downstream, row.supersedes)
        frontier = sorted(following - seen)
        seen |= following
        first = False
    return affected


async def underneath(affected: Mapping[str, StandingRow], read: Read) -> dict[str, StandingRow]:
    """What lies under the inductive ones, down to messages: their distinct sources are counted."""
    below: dict[str, StandingRow] = {}
    open_names = {name for row in affected.values() if row.level == "inductive" for name in _premises(row)}
    seen: set[str] = set()
    while open_names:
        seen |= open_names
        found = [affected[name] for name in open_names & affected.keys()]
        further = await _all(sorted(open_names - affected.keys()), read)
        below |= {row.id: row for row in further}
        open_names = {name for row in (*found, *further) for name in _premises(row)} - seen
    return below


def _premises(row: StandingRow) -> set[str]:
    return {name for premise in row.premises for name in premise.one_of}


async def _all(names: Sequence[str], read: Read) -> list[StandingRow]:
    return [row for part in parts(names) for row in await read(part)]


def parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Names in parts that one statement takes."""
    return (names[start : start + PART] for start in range(0, len(names), PART))


def _state(row: StandingRow) -> State:
    return "living" if row.living else "superseded" if row.because == "superseded" else "unsupported"


async def _retire(tx: Transaction, workspace_id: str, fallen: Mapping[str, State], now: datetime) -> None:
    for part in parts(sorted(fallen)):
        rows: list[dict[str, object]] = [{"id": each, "because": fallen[each]} for each in part]
        await tx.run(queries.RETIRE, queries.Changes(workspace_id=workspace_id, rows=rows, now=now))


async def _revive(tx: Transaction, workspace_id: str, rows: Sequence[StandingRow], now: datetime) -> list[str]:
    """Revive conclusions; one whose text is held again by another meanwhile is merged into that one instead."""
    said: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda row: row.created_at):
        said.setdefault((row.perspective, row.content_key), row.id)
    ids = sorted(row.id for row in rows)
    twins: set[str] = set()
    for part in parts(ids):
        wanted = queries.SomeOf(workspace_id=workspace_id, conclusion_ids=part)
        twins |= {row.id for row in await tx.many(queries.TWINS, wanted)}
    revived = sorted(set(said.values()) - twins)
    for part in parts(revived):
        await tx.run(queries.REVIVE, queries.SomeOfNow(workspace_id=workspace_id, conclusion_ids=part, now=now))
    for part in parts(sorted(set(ids) - set(revived))):
        await tx.run(queries.JOIN_TWINS, queries.SomeOfNow(workspace_id=workspace_id, conclusion_ids=part, now=now))
    return revived


async def _look_again(tx: Transaction, workspace_id: str, rows: Sequence[StandingRow]) -> list[Wake]:
    pairs = sorted({(row.observer_id, row.observed_id) for row in rows})
    return await request(tx, workspace_id, [second_look(workspace_id, *pair) for pair in pairs])
