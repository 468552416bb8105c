"""Peers: get or create, change, list."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from graph.driver import Database, Transaction
from graph.ids import new_id
from graph.metadata_terms import terms
from graph.names import NAME_PATTERN, check_known_name, check_new_name, refuse_scope_peer
from graph.queries import peers as queries
from graph.query import Predicate
from graph.store.json_text import decode, encode
from graph.store.paging import read_page
from graph.types import Page, PageRequest, Peer

#: Ordinary peers, those that stand for a scope, or both.
Kind = Literal["peer", "scope", "all"]

_ORDINARY = re.compile(NAME_PATTERN, re.ASCII)


async def get_or_create(
    database: Database,
    workspace_id: str,
    peer_id: str,
    *,
    metadata: Mapping[str, object] | None,
    configuration: Mapping[str, object] | None,
) -> tuple[Peer, bool]:
    """Get a peer, or create it and its workspace; metadata and configuration replace, None leaves alone.

    Returns:
        the peer, and whether it is new.

    Raises:
        Invalid: a name that would be created breaks the rules, or it is reserved for scopes.
        StoreFault: the database did not do its part.
    """
    check_new_name("workspace", workspace_id)
    check_known_name("peer", peer_id)
    refuse_scope_peer(peer_id)
    wanted = _upsert(workspace_id, peer_id, metadata, configuration)

    async def work(tx: Transaction) -> tuple[Peer, bool]:
        await check_names(tx, workspace_id, [peer_id])
        row = await tx.one(queries.UPSERT, wanted)
        return as_peer(row), row.created

    return await database.write(work)


async def ensure(tx: Transaction, workspace_id: str, peer_ids: Sequence[str]) -> None:
    """Create peers, and their workspace, where they are missing.

    Raises:
        Invalid: a name that would be created breaks the rules.
    """
    await check_names(tx, workspace_id, peer_ids)
    for peer_id in peer_ids:
        await tx.one(queries.UPSERT, _upsert(workspace_id, peer_id, None, None))


async def page(
    database: Database, workspace_id: str, where: Predicate, request: PageRequest, kind: Kind = "peer"
) -> Page[Peer]:
    """One page of a workspace's peers of a kind, oldest first unless reversed; an unknown workspace has none."""
    return await read_page(
        database,
        request,
        where,
        total=(queries.TOTAL, queries.OfKind(workspace_id=workspace_id, kind=kind)),
        items=(
            queries.PAGE_NEWEST if request.reverse else queries.PAGE,
            queries.PageOfKind(workspace_id=workspace_id, kind=kind, skip=request.skip, limit=request.size),
        ),
        make=as_peer,
    )


async def check_names(tx: Transaction, workspace_id: str, peer_ids: Iterable[str]) -> None:
    """Check the names of peers that are created where they are missing; those that exist may break newer rules.

    Raises:
        Invalid: a name that would be created breaks the rules.
    """
    odd = [peer_id for peer_id in peer_ids if _ORDINARY.fullmatch(peer_id) is None]
    if odd:
        rows = await tx.many(queries.KNOWN, queries.Known(workspace_id=workspace_id, peer_ids=odd))
        known = {row.id for row in rows}
        for peer_id in odd:
            if peer_id not in known:
                check_new_name("peer", peer_id)


def as_peer(row: queries.PeerRow) -> Peer:
    """A row as a peer."""
    return Peer(
        id=row.id,
        uid=row.uid,
        workspace_id=row.workspace_id,
        metadata=decode(row.metadata),
        configuration=decode(row.configuration),
        created_at=row.created_at,
    )


def _upsert(
    workspace_id: str,
    peer_id: str,
    metadata: Mapping[str, object] | None,
    configuration: Mapping[str, object] | None,
) -> queries.Upsert:
    return queries.Upsert(
        workspace_id=workspace_id,
        workspace_uid=new_id(),
        peer_id=peer_id,
        uid=new_id(),
        metadata=None if metadata is None else encode(metadata),
        metadata_terms=None if metadata is None else terms(metadata),
        configuration=None if configuration is None else encode(configuration),
        observe_me=_observe_me(configuration),
        now=datetime.now(UTC),
    )


def _observe_me(configuration: Mapping[str, object] | None) -> bool | None:
    said = (configuration or {}).get("observe_me")
    return said if isinstance(said, bool) else None
