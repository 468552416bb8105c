"""Finding messages on behalf of a request: which part of a workspace is searched, and by which filter."""

from collections.abc import Sequence

from app.api.embedding import MAX_TOKENS, embed_if_possible, too_long
from app.api.service import Service
from graph import types
from graph.errors import Invalid
from graph.filters import Resource, compile_filter, plain_string
from graph.filters.stays import while_present
from graph.metadata_terms import is_object
from graph.query import Predicate
from graph.recall.branches import Sought
from graph.recall.message_search import search_messages

PERSPECTIVE = "peer_perspective"
_INDEXED = {"session_id", "peer_id"}


async def find_messages(
    service: Service,
    workspace_id: str,
    query: str,
    *,
    filters: object = None,
    limit: int = 10,
    session_id: str | None = None,
    peer_id: str | None = None,
    session_ids: Sequence[str] | None = None,
) -> list[types.Message]:
    """The messages of a workspace that fit a text best, best first.

    Args:
        service: the running service.
        workspace_id: name of the workspace; an unknown one has no messages.
        query: what is looked for, at most 8192 tokens; the empty text finds the newest messages.
        filters: a message filter as decoded JSON, with `peer_perspective` besides; what it says of the workspace, and
            of the session or the peer given here, does not count.
        limit: how many at most.
        session_id: search this session alone.
        peer_id: search what this peer said alone.
        session_ids: search these sessions alone; empty for nothing.

    Raises:
        Invalid: the filter breaks a rule, or the query is too long.
        NotReady: the service is starting.
        StoreFault: the database did not do its part.
    """
    asked = _without_imposed(filters, session_id=session_id, peer_id=peer_id)
    named_session, named_peer = plain_string(asked, "session_id"), plain_string(asked, "peer_id")
    where = _condition(asked)
    if await too_long([query]):
        raise Invalid(f"query must have at most {MAX_TOKENS} tokens")
    sought = Sought(
        text=query,
        limit=limit,
        vector=None if session_ids == [] else await embed_if_possible(service.embedder, query),
        session_id=session_id or named_session,
        peer_id=peer_id or named_peer,
        session_ids=session_ids,
        where=where,
    )
    return await search_messages(service.database, workspace_id, sought)


def _without_imposed(filters: object, **imposed: str | None) -> object:
    # What the route says stands in the place of what the filter says at its root.
    if not is_object(filters):
        return filters
    gone = {"workspace_id", *(key for key, value in imposed.items() if value is not None)}
    return {key: value for key, value in filters.items() if key not in gone}


def _condition(asked: object) -> Predicate:
    where = compile_filter(Resource.MESSAGE, asked, extra_keys=frozenset({PERSPECTIVE}))
    present = where.extras.get(PERSPECTIVE)
    if is_object(asked) and asked.keys() <= _INDEXED and all(plain_string(asked, key) for key in asked):
        # The search itself keeps to one session and one peer, so no test is left for each message.
        return Predicate()
    if present is None:
        return where
    stays = while_present(present)
    return Predicate(f"{where.text} AND {stays.text}", {**where.parameters, **stays.parameters})
