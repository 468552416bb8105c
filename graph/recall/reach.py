"""What a question may be answered from, and reading it: conclusions in a perspective or in all, and messages.

Every read passes through a `Reach`, so what an asker may not see is never read for it, whichever way it is asked for.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.perspective import perspective
from graph.queries import conclusions as conclusion_queries
from graph.queries import history
from graph.queries import reach as queries
from graph.queries import recall as recall_queries
from graph.query import Predicate
from graph.store import conclusions, messages
from graph.store.conclusions import EXACT_BELOW, Near
from graph.types import Conclusion, Level, Message, PageRequest

#: Copies of a conclusion in other perspectives are dropped after the search, so more are fetched where they can occur.
_COPIES = 3


class Reach(Struct, frozen=True, kw_only=True):
    """What may be read.

    Attributes:
        workspace_id: nothing outside of it.
        observer_id: who holds the conclusions; None for all perspectives of the workspace.
        observed_id: about whom; None for all.
        allowed: only what was said outright in these sessions counts; None for no such limit, empty for nothing.
        session_ids: the sessions whose messages may be read; None for all of the workspace, empty for none.
        as_of: only what was held, and had been said, then; None for now.
    """

    workspace_id: str
    observer_id: str | None
    observed_id: str | None
    allowed: Sequence[str] | None
    session_ids: Sequence[str] | None
    as_of: datetime | None = None

    @property
    def nothing(self) -> bool:
        """Whether an allowlist leaves nothing at all."""
        return self.allowed is not None and not self.allowed

    def covers(self, conclusion: Conclusion) -> bool:
        """Whether a conclusion of the workspace may be read."""
        return (
            self.observer_id in {None, conclusion.observer_id}
            and self.observed_id in {None, conclusion.observed_id}
            and (
                self.allowed is None
                or (conclusion.level == "explicit" and conclusion.session_id in frozenset(self.allowed))
            )
        )


async def setting(
    database: Database, workspace_id: str, observed_id: str | None, session_id: str | None
) -> queries.SettingRow:
    """What a question is asked in: configurations, as JSON, and whether the observed peer exists."""
    wanted = queries.AskedIn(workspace_id=workspace_id, observed_id=observed_id, session_id=session_id)
    return await database.one(queries.SETTING, wanted)


async def sessions_of(
    database: Database, workspace_id: str, peer_id: str, among: Sequence[str] | None = None, *, current: bool = False
) -> list[str]:
    """The sessions that a peer is in now, or was in too, of those named; sessions being deleted are left out."""
    wanted = queries.SessionsOf(workspace_id=workspace_id, peer_id=peer_id, session_ids=among, current=current)
    return (await database.one(queries.SESSIONS, wanted)).ids


async def nearest(
    database: Database, reach: Reach, vector: Sequence[float] | None, levels: Sequence[Level], top_k: int
) -> list[Near]:
    """The conclusions of some levels that are nearest to a vector, nearest first; without a vector the newest.

    Args:
        database: where to read.
        reach: what may be read.
        vector: unit length, in the store's dimension; None when what is asked could not be embedded.
        levels: the levels that count.
        top_k: how many at most.
    """
    wanted: list[Level] = [level for level in levels if reach.allowed is None or level == "explicit"]
    if reach.nothing or not wanted:
        return []
    where = _where(reach, wanted)
    if vector is None:
        page = PageRequest(size=top_k)
        narrowed = _in_perspective(reach, where)
        found = await conclusions.page(database, reach.workspace_id, narrowed, page, as_of=reach.as_of)
        return [Near(one, 1.0) for one in found.items]
    given = vector
    rows = await database.read(lambda tx: _nearest(tx, reach, given, wanted, where, top_k))
    near = [Near(conclusions.conclusion(row), row.distance) for row in rows]
    return _without_copies(near)[:top_k]


async def by_ids(database: Database, reach: Reach, conclusion_ids: Sequence[str]) -> list[Conclusion]:
    """Those of some conclusions that exist and may be read, in the order named."""
    if reach.as_of is None:
        wanted = conclusion_queries.SomeOf(workspace_id=reach.workspace_id, conclusion_ids=list(conclusion_ids))
        rows = await database.many(conclusion_queries.GET, wanted)
    else:
        then = history.SomeThen(workspace_id=reach.workspace_id, conclusion_ids=list(conclusion_ids), as_of=reach.as_of)
        rows = await database.many(history.GET, then)
    found = {row.id: conclusions.conclusion(row) for row in rows}
    return [found[one] for one in conclusion_ids if one in found and reach.covers(found[one])]


async def resting_on(database: Database, reach: Reach, conclusion_ids: Sequence[str], limit: int) -> list[Conclusion]:
    """The conclusions that were derived from others and may be read, newest first."""
    ids = list(conclusion_ids)
    if reach.as_of is None:
        wanted = queries.RestingOn(workspace_id=reach.workspace_id, conclusion_ids=ids, limit=limit)
        rows = await database.many(queries.RESTING_ON, wanted)
    else:
        then = history.RestingThen(workspace_id=reach.workspace_id, conclusion_ids=ids, limit=limit, as_of=reach.as_of)
        rows = await database.many(history.RESTING_ON, then)
    found = [conclusions.conclusion(row) for row in rows]
    return [one for one in found if reach.covers(one)]


async def said(
    database: Database,
    reach: Reach,
    *,
    text: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int,
) -> list[Message]:
    """The newest messages that hold a text, upper and lower case aside, said from `since` on and before `until`."""
    if reach.as_of is not None:
        by_then = reach.as_of + timedelta(microseconds=1)
        until = by_then if until is None else min(until, by_then)
    if reach.session_ids is None:
        wanted = queries.SaidInWorkspace(
            workspace_id=reach.workspace_id, text=text, since=since, until=until, limit=limit
        )
        rows = await database.many(queries.SAID_IN_WORKSPACE, wanted)
    elif reach.session_ids:
        within = queries.Said(
            workspace_id=reach.workspace_id,
            text=text,
            since=since,
            until=until,
            limit=limit,
            session_ids=reach.session_ids,
        )
        rows = await database.many(queries.SAID, within)
    else:
        rows = []
    return [messages.message(row) for row in rows]


async def around(database: Database, reach: Reach, message_ids: Sequence[str], distance: int) -> list[Message]:
    """Messages that may be read, with so many on each side of each, in the order they were said in each session."""
    if not message_ids or (reach.session_ids is not None and not reach.session_ids):
        return []
    wanted = queries.Around(
        workspace_id=reach.workspace_id, message_ids=list(message_ids), session_ids=reach.session_ids, reach=distance
    )
    found = [messages.message(row) for row in await database.many(queries.AROUND, wanted)]
    return [one for one in found if reach.as_of is None or one.created_at <= reach.as_of]


async def _nearest(
    tx: Transaction, reach: Reach, vector: Sequence[float], levels: Sequence[Level], where: Predicate, top_k: int
) -> list[conclusion_queries.NearRow]:
    workspace_id = reach.workspace_id
    if reach.as_of is not None:
        return await _nearest_then(tx, reach, reach.as_of, vector, where, top_k * _COPIES)
    if reach.observer_id is not None and reach.observed_id is not None:
        pair = perspective(workspace_id, reach.observer_id, reach.observed_id)
        exact = conclusion_queries.Nearest(
            workspace_id=workspace_id, perspective=pair, vector=vector, top_k=top_k * _COPIES
        )
        size = conclusion_queries.SizeOf(workspace_id=workspace_id, perspective=pair, limit=EXACT_BELOW)
        if reach.allowed is not None or (await tx.one(conclusion_queries.SIZE, size)).total < EXACT_BELOW:
            return await tx.many(conclusion_queries.NEAREST_EXACT, exact, where)
        rows: list[conclusion_queries.NearRow] = []
        for level in levels:
            wanted = queries.NearestOfLevel(
                workspace_id=workspace_id, perspective=pair, level=level, vector=vector, top_k=top_k
            )
            rows += await tx.many(queries.NEAREST_OF_LEVEL, wanted)
        return sorted(rows, key=lambda row: (row.distance, row.id))
    anywhere = recall_queries.NearestInWorkspace(workspace_id=workspace_id, vector=vector, top_k=top_k * _COPIES)
    known = recall_queries.WorkspaceSize(workspace_id=workspace_id, limit=EXACT_BELOW)
    if reach.allowed is not None or (await tx.one(recall_queries.WORKSPACE_SIZE, known)).total < EXACT_BELOW:
        return await tx.many(recall_queries.NEAREST_IN_WORKSPACE_EXACT, anywhere, where)
    rows = []
    for level in levels:
        within = queries.NearestOfLevelInWorkspace(
            workspace_id=workspace_id, level=level, vector=vector, top_k=top_k * _COPIES
        )
        rows += await tx.many(queries.NEAREST_OF_LEVEL_IN_WORKSPACE, within)
    return sorted(rows, key=lambda row: (row.distance, row.id))


async def _nearest_then(
    tx: Transaction, reach: Reach, as_of: datetime, vector: Sequence[float], where: Predicate, top_k: int
) -> list[conclusion_queries.NearRow]:
    if reach.observer_id is None or reach.observed_id is None:
        anywhere = history.NearestInWorkspaceThen(
            workspace_id=reach.workspace_id, vector=vector, top_k=top_k, as_of=as_of
        )
        return await tx.many(history.NEAREST_IN_WORKSPACE, anywhere, where)
    pair = perspective(reach.workspace_id, reach.observer_id, reach.observed_id)
    wanted = history.NearestThen(
        workspace_id=reach.workspace_id, perspective=pair, vector=vector, top_k=top_k, as_of=as_of
    )
    return await tx.many(history.NEAREST, wanted, where)


def _where(reach: Reach, levels: Sequence[Level]) -> Predicate:
    text, parameters = "n.level IN $levels", {"levels": list[object](levels)}
    if reach.allowed is not None:
        text, parameters = f"{text} AND n.session_id IN $allowed", {**parameters, "allowed": list(reach.allowed)}
    return Predicate(text, parameters)


def _in_perspective(reach: Reach, where: Predicate) -> Predicate:
    if reach.observer_id is None or reach.observed_id is None:
        return where
    pair = perspective(reach.workspace_id, reach.observer_id, reach.observed_id)
    return Predicate(f"n.perspective = $perspective AND {where.text}", {**where.parameters, "perspective": pair})


def _without_copies(near: Sequence[Near]) -> list[Near]:
    """Each proposition once, at its nearest place; of its copies the observed peer's own, where that is among them."""
    kept: dict[tuple[str, str], Near] = {}
    for one in near:
        key = (one.conclusion.observed_id, " ".join(one.conclusion.content.split()).casefold())
        known = kept.get(key)
        if known is None or (_own(one.conclusion) and not _own(known.conclusion)):
            kept[key] = one
    return list(kept.values())


def _own(conclusion: Conclusion) -> bool:
    return conclusion.observer_id == conclusion.observed_id
