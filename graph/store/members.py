"""Who is in a session: join, leave, and what observing is configured for whom.

Every change holds the session's lock, so the limit on observers holds however many clients change at once.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from graph.driver import Database, Transaction
from graph.errors import NotFound, TooManyObservers
from graph.ids import new_id
from graph.names import check_known_name, refuse_scope_peer
from graph.queries import members as queries
from graph.queries import sessions as session_queries
from graph.store import catching_up
from graph.store.paging import read_page
from graph.store.peers import as_peer, check_names
from graph.store.session_lock import as_session, ensuring, lock
from graph.types import MemberConfiguration, Page, PageRequest, Peer, Session, Wake

MAX_OBSERVERS = 10


async def add(
    database: Database,
    workspace_id: str,
    session_id: str,
    joining: Mapping[str, MemberConfiguration],
    *,
    late: Collection[str] = (),
) -> tuple[Session, Sequence[Wake]]:
    """Join peers to a session; the workspace, the session and the peers are created where they are missing.

    A peer that is in keeps its configuration; one that had left comes back with the one given. Those that are `late`
    catch up with what was concluded before.

    Returns:
        the session, and the units of work to wake workers for.

    Raises:
        Invalid: a name that would be created breaks the rules, or one that is late does not observe others.
        NotFound: the session is being deleted.
        TooManyObservers: it would have more observers than it may.
    """
    wanted = ensuring(workspace_id, session_id)

    async def work(tx: Transaction) -> tuple[Session, Sequence[Wake]]:
        await tx.one(session_queries.ENSURE, wanted)
        locked = await lock(tx, workspace_id, session_id, wanted.now)
        await join(tx, locked, joining, wanted.now)
        return as_session(locked), await catching_up.request(tx, workspace_id, session_id, late)

    return await database.write(work)


async def replace(
    database: Database,
    workspace_id: str,
    session_id: str,
    staying: Mapping[str, MemberConfiguration],
    *,
    late: Collection[str] = (),
) -> tuple[Session, Sequence[Wake]]:
    """Make these peers the members of a session, with these configurations; all others leave.

    A peer that was in already keeps the time it joined. Those that are `late` catch up with what was concluded before.

    Returns:
        the session, and the units of work to wake workers for.

    Raises:
        Invalid: a name that would be created breaks the rules, or one that is late does not observe others.
        NotFound: there is no such session, or it is being deleted.
        TooManyObservers: it would have more observers than it may.
    """
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> tuple[Session, Sequence[Wake]]:
        locked = await lock(tx, workspace_id, session_id, now)
        _check_observers(session_id, {peer_id for peer_id, said in staying.items() if said.observe_others})
        leaving = [member.id for member in locked.members if member.id not in staying]
        await _leave(tx, locked, leaving, now)
        await _join(tx, locked, staying, now, replace=True)
        return as_session(locked), await catching_up.request(tx, workspace_id, session_id, late)

    return await database.write(work)


async def remove(database: Database, workspace_id: str, session_id: str, leaving: Collection[str]) -> Session:
    """Let peers leave a session; names that are not in it are ignored. Their configuration stays readable.

    Raises:
        Invalid: a name is reserved for scopes, which leave by a route of their own.
        NotFound: there is no such session, or it is being deleted.
    """
    for peer_id in leaving:
        refuse_scope_peer(peer_id)
    now = datetime.now(UTC)

    async def work(tx: Transaction) -> Session:
        locked = await lock(tx, workspace_id, session_id, now)
        await _leave(tx, locked, [member.id for member in locked.members if member.id in set(leaving)], now)
        return as_session(locked)

    return await database.write(work)


async def page(database: Database, workspace_id: str, session_id: str, request: PageRequest) -> Page[Peer]:
    """One page of the peers that are in a session, in the order they joined; an unknown session has none."""
    return await read_page(
        database,
        request,
        None,
        total=(queries.TOTAL, queries.InSession(workspace_id=workspace_id, session_id=session_id)),
        items=(
            queries.PAGE,
            queries.PageOf(workspace_id=workspace_id, session_id=session_id, skip=request.skip, limit=request.size),
        ),
        make=as_peer,
    )


async def active_in(
    database: Database, workspace_id: str, peer_id: str, session_ids: Collection[str]
) -> frozenset[str]:
    """Those of some sessions that a peer is in now."""
    wanted = queries.ActiveIn(workspace_id=workspace_id, peer_id=peer_id, session_ids=sorted(session_ids))
    return frozenset(row.id for row in await database.many(queries.ACTIVE, wanted))


async def configuration(database: Database, workspace_id: str, session_id: str, peer_id: str) -> MemberConfiguration:
    """What observing is configured for a peer that is or was in a session.

    Raises:
        Invalid: the name is reserved for scopes.
        NotFound: it never was in that session.
    """
    refuse_scope_peer(peer_id)
    wanted = queries.OneOf(workspace_id=workspace_id, session_id=session_id, peer_id=peer_id)
    row = await database.maybe(queries.CONFIGURATION, wanted)
    if row is None:
        raise NotFound(f"Peer {peer_id} not found in session {session_id}")
    return MemberConfiguration(observe_me=row.observe_me, observe_others=row.observe_others)


async def configure(
    database: Database, workspace_id: str, session_id: str, peer_id: str, said: MemberConfiguration
) -> None:
    """Set what is given of a member's configuration; a peer that was never in the session joins it.

    Raises:
        Invalid: the name is reserved for scopes.
        NotFound: there is no such session or peer, or the session is being deleted.
        TooManyObservers: the session would have more observers than it may.
    """
    refuse_scope_peer(peer_id)
    now = datetime.now(UTC)
    wanted = queries.Configure(
        workspace_id=workspace_id,
        session_id=session_id,
        peer_id=peer_id,
        observe_me=said.observe_me,
        observe_others=said.observe_others,
        now=now,
    )

    async def work(tx: Transaction) -> None:
        locked = await lock(tx, workspace_id, session_id, now)
        if said.observe_others:
            _check_observers(session_id, _observers(locked) | {peer_id})
        if await tx.maybe(queries.CONFIGURE, wanted) is None:
            raise NotFound(f"Peer {peer_id} not found")

    await database.write(work)


async def join(
    tx: Transaction, locked: session_queries.LockedRow, joining: Mapping[str, MemberConfiguration], now: datetime
) -> None:
    """Join peers to a locked session, creating those that are missing.

    Raises:
        Invalid: a name that would be created breaks the rules.
        TooManyObservers: the session would have more observers than it may.
    """
    asked = {peer_id for peer_id, said in joining.items() if said.observe_others}
    _check_observers(locked.id, _observers(locked) | asked if asked else asked)
    await _join(tx, locked, joining, now, replace=False)


async def _join(
    tx: Transaction,
    locked: session_queries.LockedRow,
    joining: Mapping[str, MemberConfiguration],
    now: datetime,
    *,
    replace: bool,
) -> None:
    for peer_id in joining:
        check_known_name("peer", peer_id)
        refuse_scope_peer(peer_id)
    await check_names(tx, locked.workspace_id, joining)
    # In the order of names, so that two clients that create the same peers do not wait for each other in a circle.
    rows: list[dict[str, object]] = [
        {"id": peer_id, "uid": new_id(), "observe_me": said.observe_me, "observe_others": said.observe_others}
        for peer_id, said in sorted(joining.items())
    ]
    if rows:
        wanted = queries.Add(
            workspace_id=locked.workspace_id, session_id=locked.id, members=rows, replace=replace, now=now
        )
        await tx.run(queries.ADD, wanted)


async def _leave(tx: Transaction, locked: session_queries.LockedRow, leaving: Collection[str], now: datetime) -> None:
    if leaving:
        wanted = queries.Remove(workspace_id=locked.workspace_id, session_id=locked.id, peer_ids=list(leaving), now=now)
        await tx.run(queries.REMOVE, wanted)


def _observers(locked: session_queries.LockedRow) -> set[str]:
    return {member.id for member in locked.members if member.observe_others}


def _check_observers(session_id: str, observers: Collection[str]) -> None:
    if len(observers) > MAX_OBSERVERS:
        raise TooManyObservers(
            f"Session {session_id} would have {len(observers)} observers; at most {MAX_OBSERVERS} are allowed"
        )
