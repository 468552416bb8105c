"""Sessions: get or create, change, list."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from graph.driver import Database, Transaction
from graph.metadata_terms import terms
from graph.queries import sessions as queries
from graph.query import Predicate
from graph.store import scope_members
from graph.store.json_text import encode, merged
from graph.store.members import join
from graph.store.paging import read_page
from graph.store.session_lock import as_session, ensuring, lock, missing
from graph.types import MemberConfiguration, Page, PageRequest, Session, Wake


class SessionChange(Struct, frozen=True, kw_only=True):
    """What to change of a session; None leaves alone.

    Attributes:
        metadata: replaces.
        configuration: merged by its top-level keys.
        members: peers that join.
        scopes: names of scopes that the session is added to.
    """

    metadata: Mapping[str, object] | None = None
    configuration: Mapping[str, object] | None = None
    members: Mapping[str, MemberConfiguration] | None = None
    scopes: Sequence[str] = ()

    @property
    def empty(self) -> bool:
        """Whether it leaves everything alone."""
        return self.metadata is None and not self.configuration and not self.members and not self.scopes


async def get_or_create(
    database: Database, workspace_id: str, session_id: str, change: SessionChange
) -> tuple[Session, bool, Sequence[Wake]]:
    """Get a session, or create it and its workspace, and apply the change.

    Returns:
        the session, whether it is new, and the units of work to wake workers for.

    Raises:
        Invalid: a name that would be created breaks the rules.
        NotFound: the session is being deleted, or a scope does not exist.
        TooManyObservers: it would have more observers than it may.
        StoreFault: the database did not do its part.
    """
    wanted = ensuring(workspace_id, session_id)

    async def work(tx: Transaction) -> tuple[Session, bool, Sequence[Wake]]:
        ensured = await tx.one(queries.ENSURE, wanted)
        if not ensured.is_active:
            raise missing(session_id)
        if change.empty:
            return as_session(ensured), ensured.created, ()
        session, wakes = await _apply(tx, workspace_id, session_id, change, wanted.now)
        return session, ensured.created, wakes

    return await database.write(work)


async def page(database: Database, workspace_id: str, where: Predicate, request: PageRequest) -> Page[Session]:
    """One page of a workspace's active sessions, oldest first unless reversed; an unknown workspace has none."""
    return await read_page(
        database,
        request,
        where,
        total=(queries.TOTAL, queries.InWorkspace(workspace_id=workspace_id)),
        items=(
            queries.PAGE_NEWEST if request.reverse else queries.PAGE,
            queries.PageOf(workspace_id=workspace_id, skip=request.skip, limit=request.size),
        ),
        make=as_session,
    )


async def page_of_peer(
    database: Database, workspace_id: str, peer_id: str, where: Predicate, request: PageRequest
) -> Page[Session]:
    """One page of the sessions that a peer is or was in, also those being deleted; oldest first unless reversed."""
    return await read_page(
        database,
        request,
        where,
        total=(queries.TOTAL_OF_PEER, queries.OfPeer(workspace_id=workspace_id, peer_id=peer_id)),
        items=(
            queries.PAGE_OF_PEER_NEWEST if request.reverse else queries.PAGE_OF_PEER,
            queries.PageOfPeer(workspace_id=workspace_id, peer_id=peer_id, skip=request.skip, limit=request.size),
        ),
        make=as_session,
    )


async def _apply(
    tx: Transaction, workspace_id: str, session_id: str, change: SessionChange, now: datetime
) -> tuple[Session, Sequence[Wake]]:
    locked = await lock(tx, workspace_id, session_id, now)
    if change.members:
        await join(tx, locked, change.members, now)
    wakes: Sequence[Wake] = ()
    if change.scopes:
        wakes = await scope_members.join(tx, workspace_id, session_id, change.scopes, now)
    if change.metadata is None and not change.configuration:
        return as_session(locked), wakes
    wanted = queries.Write(
        workspace_id=workspace_id,
        session_id=session_id,
        metadata=None if change.metadata is None else encode(change.metadata),
        metadata_terms=None if change.metadata is None else terms(change.metadata),
        configuration=merged(locked.configuration, change.configuration),
    )
    return as_session(await tx.one(queries.WRITE, wanted)), wakes
