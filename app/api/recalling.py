"""What the routes that recall have in common: their options, and turning them into what is asked of a perspective."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.api.embedding import embed_if_possible
from app.api.service import Service
from app.api.wire.fields import Text
from graph.errors import Invalid
from graph.names import RESERVED_PEER_PREFIX, check_known_name, refuse_scope_peer
from graph.recall.recipes import MOST_CONCLUSIONS, Recipe
from graph.recall.representation import Asked

#: A number of conclusions.
Few = Annotated[int, Meta(ge=1, le=MOST_CONCLUSIONS)]

#: A cosine distance.
Distance = Annotated[float, Meta(ge=0.0, le=1.0)]


class RecallOptions(Struct, frozen=True, kw_only=True):
    """How to choose from a perspective, as it is or, additive, as it was at the time `as_of`."""

    search_query: Text | None = None
    search_top_k: Few | None = None
    search_max_distance: Distance | None = None
    max_conclusions: Few | None = None
    as_of: datetime | None = None


async def ask(
    service: Service,
    recipe: Recipe,
    options: RecallOptions,
    *,
    observer_id: str,
    observed_id: str,
    include_most_frequent: bool,
    session_ids: Sequence[str] | None = None,
    scoped: bool = False,
) -> Asked:
    """What a request asks of a perspective; what it searches for is embedded, if the embedder works.

    Only where the request names a scope (`scoped`) does the peer that stands for it observe.

    Raises:
        Invalid: a name that no peer can have, or one that nobody may hold anything about.
    """
    check_known_name("peer", observer_id)
    check_known_name("peer", observed_id)
    refuse_reserved(observed_id)
    if not scoped:
        refuse_scope_peer(observer_id)
    searching = session_ids is None or len(session_ids) > 0
    return Asked(
        observer_id=observer_id,
        observed_id=observed_id,
        recipe=recipe,
        max_conclusions=options.max_conclusions or MOST_CONCLUSIONS,
        include_most_frequent=include_most_frequent,
        vector=await embed_if_possible(service.embedder, options.search_query) if searching else None,
        top_k=options.search_top_k,
        max_distance=options.search_max_distance,
        session_ids=session_ids,
        as_of=options.as_of,
    )


def refuse_reserved(observed_id: str) -> None:
    """Refuse a name under which no peer is ever observed.

    Raises:
        Invalid: it starts with the reserved prefix.
    """
    if observed_id.startswith(RESERVED_PEER_PREFIX):
        raise Invalid(f"a peer whose name starts with '{RESERVED_PEER_PREFIX}' cannot be observed")
