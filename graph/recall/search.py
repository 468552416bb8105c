"""Conclusions by meaning, in one perspective or over a whole workspace."""

from collections.abc import Sequence
from datetime import datetime

from graph.driver import Database, Transaction
from graph.filters import Resource, compile_filter, plain_string
from graph.metadata_terms import is_object
from graph.queries import history
from graph.queries import recall as queries
from graph.queries.conclusions import NearRow
from graph.query import Predicate
from graph.store.conclusions import EXACT_BELOW, Near, conclusion, nearest

_OBSERVER = ("observer_id", "observer")
_OBSERVED = ("observed_id", "observed")


async def search(
    database: Database,
    workspace_id: str,
    filters: object,
    vector: Sequence[float],
    *,
    top_k: int,
    max_distance: float | None = None,
    as_of: datetime | None = None,
) -> list[Near]:
    """The living conclusions that pass a filter and are nearest to a vector, nearest first.

    A filter that names the observer and the observed peer, as plain strings at its root, searches their perspective;
    with these two alone the vector index answers. Any other searches all perspectives of the workspace.

    Args:
        database: where to read.
        workspace_id: name of the workspace.
        filters: the filter as decoded JSON, or None.
        vector: unit length, in the store's dimension.
        top_k: how many at most.
        max_distance: largest cosine distance that counts, or None.
        as_of: search what was held then, the retired included; None for what is held now.

    Raises:
        Invalid: the filter breaks a rule.
        StoreFault: the database did not do its part.
    """
    where = compile_filter(Resource.CONCLUSION, filters)
    observer_id, observed_id = plain_string(filters, *_OBSERVER), plain_string(filters, *_OBSERVED)
    if observer_id is not None and observed_id is not None:
        rest = None if _names_only_the_pair(filters) else where
        return await nearest(
            database,
            workspace_id,
            observer_id,
            observed_id,
            vector,
            top_k=top_k,
            max_distance=max_distance,
            where=rest,
            as_of=as_of,
        )
    rows = await database.read(lambda tx: _in_workspace(tx, workspace_id, where, vector, top_k, as_of))
    near = [Near(conclusion(row), row.distance) for row in rows]
    return [hit for hit in near if max_distance is None or hit.distance <= max_distance]


async def _in_workspace(
    tx: Transaction,
    workspace_id: str,
    where: Predicate,
    vector: Sequence[float],
    top_k: int,
    as_of: datetime | None,
) -> list[NearRow]:
    if as_of is not None:
        then = history.NearestInWorkspaceThen(workspace_id=workspace_id, vector=vector, top_k=top_k, as_of=as_of)
        return await tx.many(history.NEAREST_IN_WORKSPACE, then, where)
    wanted = queries.NearestInWorkspace(workspace_id=workspace_id, vector=vector, top_k=top_k)
    if where.text != "true":
        return await tx.many(queries.NEAREST_IN_WORKSPACE_EXACT, wanted, where)
    size = queries.WorkspaceSize(workspace_id=workspace_id, limit=EXACT_BELOW)
    if (await tx.one(queries.WORKSPACE_SIZE, size)).total < EXACT_BELOW:
        return await tx.many(queries.NEAREST_IN_WORKSPACE_EXACT, wanted, Predicate())
    return await tx.many(queries.NEAREST_IN_WORKSPACE, wanted)


def _names_only_the_pair(filters: object) -> bool:
    # With both spellings of one name the two conditions are joined, and may differ.
    return is_object(filters) and len(filters) == 2
