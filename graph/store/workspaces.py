"""Workspaces: get or create, change, list."""

from collections.abc import Mapping
from datetime import UTC, datetime

from graph.driver import Database, Transaction
from graph.ids import new_id
from graph.metadata_terms import terms
from graph.names import check_new_name
from graph.queries import workspaces as queries
from graph.query import NoParameters, Predicate
from graph.store.json_text import decode, encode, merged
from graph.store.paging import read_page
from graph.types import Page, PageRequest, Workspace


async def get_or_create(
    database: Database, workspace_id: str, *, metadata: Mapping[str, object], configuration: Mapping[str, object]
) -> tuple[Workspace, bool]:
    """Get a workspace as it is, or create it with what is given.

    Returns:
        the workspace, and whether it is new.

    Raises:
        Invalid: the name breaks the rules.
        StoreFault: the database did not do its part.
    """
    row = await database.one(queries.ENSURE, _ensure(workspace_id, metadata, configuration))
    return _workspace(row), row.created


async def upsert(
    database: Database,
    workspace_id: str,
    *,
    metadata: Mapping[str, object] | None,
    configuration: Mapping[str, object] | None,
) -> Workspace:
    """Change a workspace, or create it: metadata replaces, configuration merges by top-level key, None leaves alone.

    Raises:
        Invalid: the name breaks the rules.
        StoreFault: the database did not do its part.
    """
    wanted = _ensure(workspace_id, metadata or {}, configuration or {})

    async def work(tx: Transaction) -> Workspace:
        ensured = await tx.one(queries.ENSURE, wanted)
        if ensured.created or (metadata is None and not configuration):
            return _workspace(ensured)
        locked = await tx.one(queries.LOCK, queries.Lock(workspace_id=workspace_id, now=wanted.now))
        change = queries.Write(
            workspace_id=workspace_id,
            metadata=None if metadata is None else wanted.metadata,
            metadata_terms=None if metadata is None else wanted.metadata_terms,
            configuration=merged(locked.configuration, configuration),
        )
        return _workspace(await tx.one(queries.WRITE, change))

    return await database.write(work)


async def page(database: Database, where: Predicate, request: PageRequest) -> Page[Workspace]:
    """One page of all workspaces, oldest first unless reversed."""
    return await read_page(
        database,
        request,
        where,
        total=(queries.TOTAL, NoParameters()),
        items=(
            queries.PAGE_NEWEST if request.reverse else queries.PAGE,
            queries.PageOf(skip=request.skip, limit=request.size),
        ),
        make=_workspace,
    )


def _ensure(workspace_id: str, metadata: Mapping[str, object], configuration: Mapping[str, object]) -> queries.Ensure:
    check_new_name("workspace", workspace_id)
    return queries.Ensure(
        workspace_id=workspace_id,
        uid=new_id(),
        metadata=encode(metadata),
        metadata_terms=terms(metadata),
        configuration=encode(configuration),
        now=datetime.now(UTC),
    )


def _workspace(row: queries.WorkspaceRow) -> Workspace:
    return Workspace(
        id=row.id,
        uid=row.uid,
        metadata=decode(row.metadata),
        configuration=decode(row.configuration),
        created_at=row.created_at,
    )
