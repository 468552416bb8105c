"""Scopes: get or create, list, and which sessions each holds.

A scope is a hidden peer, `scope.` before its name, that carries the label Scope and is in its sessions as an observer
of the others: so whatever is concluded there from now on is held by it too.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from graph.driver import Database, Transaction
from graph.errors import Conflict, Invalid, NotFound
from graph.ids import new_id
from graph.metadata_terms import terms
from graph.names import RESERVED_PEER_PREFIX, check_new_name, check_scope_name, scope_peer
from graph.queries import scopes as queries
from graph.recall.allowlist import MOST_SESSIONS
from graph.store.json_text import decode, encode
from graph.store.paging import read_page
from graph.store.session_lock import as_session
from graph.types import Backfill, Page, PageRequest, Scope, Session

_CONFIGURATION = encode({"observe_me": False})


async def get_or_create(
    database: Database, workspace_id: str, name: str, metadata: Mapping[str, object] | None
) -> tuple[Scope, bool]:
    """Get a scope, or create it and its workspace; metadata replaces, None leaves alone.

    Returns:
        the scope, and whether it is new.

    Raises:
        Invalid: a name breaks the rules.
        Conflict: an ordinary peer occupies the reserved name.
        StoreFault: the database did not do its part.
    """
    check_new_name("workspace", workspace_id)
    check_scope_name(name)
    wanted = queries.Upsert(
        workspace_id=workspace_id,
        workspace_uid=new_id(),
        peer_id=scope_peer(name),
        uid=new_id(),
        metadata=None if metadata is None else encode(metadata),
        metadata_terms=None if metadata is None else terms(metadata),
        configuration=_CONFIGURATION,
        now=datetime.now(UTC),
    )
    row = await database.one(queries.UPSERT, wanted)
    if not row.is_scope:
        raise Conflict(f"Peer {row.id} exists and is not a scope")
    return _scope(workspace_id, row), row.created


async def get(database: Database, workspace_id: str, name: str) -> Scope:
    """One scope.

    Raises:
        Invalid: no scope can have that name, or an ordinary peer occupies it.
        NotFound: there is no such scope.
    """
    return await database.read(lambda tx: read(tx, workspace_id, name))


async def read(tx: Transaction, workspace_id: str, name: str) -> Scope:
    """As `get`, inside a transaction.

    Raises:
        Invalid: no scope can have that name, or an ordinary peer occupies it.
        NotFound: there is no such scope.
    """
    check_scope_name(name)
    row = await tx.maybe(queries.GET, queries.OneOf(workspace_id=workspace_id, peer_id=scope_peer(name)))
    if row is None:
        raise _missing([name])
    if not row.is_scope:
        raise _occupied(row.id)
    return _scope(workspace_id, row)


async def page(database: Database, workspace_id: str, request: PageRequest) -> Page[Scope]:
    """One page of a workspace's scopes, oldest first unless reversed; an unknown workspace has none."""
    return await read_page(
        database,
        request,
        None,
        total=(queries.TOTAL, queries.InWorkspace(workspace_id=workspace_id)),
        items=(
            queries.PAGE_NEWEST if request.reverse else queries.PAGE,
            queries.PageOf(workspace_id=workspace_id, skip=request.skip, limit=request.size),
        ),
        make=lambda row: _scope(workspace_id, row),
    )


async def sessions(database: Database, workspace_id: str, name: str, request: PageRequest) -> Page[Session]:
    """One page of the active sessions of a scope, in the order they were added unless reversed.

    Raises:
        Invalid: no scope can have that name.
        NotFound: there is no such scope.
    """
    await get(database, workspace_id, name)
    peer_id = scope_peer(name)
    return await read_page(
        database,
        request,
        None,
        total=(queries.SESSIONS_TOTAL, queries.OneOf(workspace_id=workspace_id, peer_id=peer_id)),
        items=(
            queries.SESSIONS_NEWEST if request.reverse else queries.SESSIONS,
            queries.SessionsOf(workspace_id=workspace_id, peer_id=peer_id, skip=request.skip, limit=request.size),
        ),
        make=as_session,
    )


async def union(database: Database, workspace_id: str, names: Sequence[str]) -> list[str]:
    """The active sessions of several scopes, each once, in the order of their names.

    Raises:
        Invalid: no scope can have one of the names, an ordinary peer occupies one, or there are too many sessions.
        NotFound: one of the scopes does not exist.
    """
    for name in names:
        check_scope_name(name)
    wanted = queries.Union(
        workspace_id=workspace_id, peer_ids=[scope_peer(name) for name in names], limit=MOST_SESSIONS + 1
    )
    rows = await database.many(queries.UNION, wanted)
    known = {row.id for row in rows}
    missing = [name for name in dict.fromkeys(names) if scope_peer(name) not in known]
    if missing:
        raise _missing(missing)
    for row in rows:
        if not row.is_scope:
            raise _occupied(row.id)
    found = sorted({session_id for row in rows for session_id in row.session_ids})
    if len(found) > MOST_SESSIONS:
        raise Invalid(f"the scopes must hold at most {MOST_SESSIONS} sessions together")
    return found


async def status(database: Database, workspace_id: str, name: str) -> dict[str, Backfill]:
    """How far a scope has caught up, by session; only sessions that held messages when they were added.

    Raises:
        Invalid: no scope can have that name.
        NotFound: there is no such scope.
    """
    await get(database, workspace_id, name)
    wanted = queries.StatusOf(
        workspace_id=workspace_id, peer_id=scope_peer(name), key_prefix=work_key(workspace_id, name, "")
    )
    rows = await database.many(queries.STATUS, wanted)
    return {
        row.session_id: Backfill(state=row.state, updated_at=row.updated_at, docs_copied=row.docs_copied)
        for row in rows
    }


def work_key(workspace_id: str, name: str, session_id: str) -> str:
    """The key of the unit of work that reconciles a scope with a session."""
    return f"scope/{workspace_id}/{name}/{session_id}"


def _scope(workspace_id: str, row: queries.ScopeRow) -> Scope:
    return Scope(
        id=row.id.removeprefix(RESERVED_PEER_PREFIX),
        workspace_id=workspace_id,
        metadata=decode(row.metadata),
        created_at=row.created_at,
    )


def _missing(names: Sequence[str]) -> NotFound:
    return NotFound(f"Scope {', '.join(names)} not found")


def _occupied(peer_id: str) -> Invalid:
    return Invalid(f"peer {peer_id} is not a scope, although its name starts with '{RESERVED_PEER_PREFIX}'")
