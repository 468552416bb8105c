"""Conclusions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, cast

from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from app.api.access import Access
from app.api.embedding import MAX_TOKENS, embed_passages, embed_query, too_long
from app.api.recalling import Distance, Few, refuse_reserved
from app.api.service import ServiceDependency
from app.api.wire.fields import FreeForm, Text, without_nul
from app.api.wire.pages import ListQuery, Page, paged, requested
from app.api.wire.problems import Refused, RequestInvalid, broken_rule
from app.api.wire.queries import HttpRequest, read_query, with_query
from app.api.wire.repeating import read_once, replay_headers, with_key
from graph import types
from graph.filters import Resource, compile_filter
from graph.names import check_known_name
from graph.recall.search import search
from graph.store import conclusions
from graph.store.conclusions import Stated
from graph.store.retirement import retire

MAX_CONTENT = 65_535
MAX_BATCH = 100


def not_only_nul(value: object) -> object:
    """The text without NUL, which no database keeps; refused where nothing is left."""
    text = without_nul(cast("str", value))
    if not text:
        raise Refused("string_too_short", "String should have at least 1 character", {"min_length": 1})
    return text


class Conclusion(Struct, frozen=True, kw_only=True):
    """A conclusion as it goes out; `source_ids` are the conclusions it was derived from, null when there are none.

    Additive: `source_message_ids`, the messages it rests on; `observed_at`, when the latest of them was said (imported
    history keeps its dates there); `about_at`, the start of the time its words speak of, null when they name none.
    """

    id: str
    content: str
    observer_id: str
    observed_id: str
    session_id: str | None
    level: types.Level = "explicit"
    created_at: datetime
    times_derived: int = 1
    source_ids: list[str] | None = None
    source_message_ids: list[str] = []
    observed_at: datetime
    about_at: datetime | None = None


class ConclusionCreate(Struct, frozen=True, kw_only=True):
    """A conclusion that a client states."""

    content: Annotated[str, Meta(min_length=1, max_length=MAX_CONTENT, extra={"rule": not_only_nul})]
    observer_id: str
    observed_id: str
    session_id: str | None = None


class ConclusionBatchCreate(Struct, frozen=True, kw_only=True):
    """Conclusions to store, all or none."""

    conclusions: Annotated[
        list[ConclusionCreate], Meta(min_length=1, max_length=MAX_BATCH, extra={"aliases": ("observations",)})
    ]


class ConclusionGet(Struct, frozen=True, kw_only=True):
    """Which conclusions to list; additive: `as_of`, to list what was held then."""

    filters: FreeForm | None = None
    as_of: datetime | None = None


class ConclusionQuery(Struct, frozen=True, kw_only=True):
    """What to search for, how many of the nearest, and how far they may be; `filters` name a perspective, or more.

    Additive: `as_of`, to search what was held then.
    """

    query: Text
    top_k: Few = 10
    distance: Distance | None = None
    filters: FreeForm | None = None
    as_of: datetime | None = None


class ConclusionController(Controller):
    """Conclusions: what peers hold about peers."""

    path = "/workspaces/{workspace_id:str}/conclusions"
    tags = ["conclusions"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=201, operation_class=with_key(), access=Access.WORKSPACE, answers=(404,))
    async def create(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        data: JSONBody[ConclusionBatchCreate],
    ) -> Response[list[Conclusion]]:
        """Store conclusions as they are stated, all or none."""
        stated = data.conclusions
        once = read_once(request, "conclusions", service.settings.api.idempotency_keep, data)
        _check_names(stated)
        await _check_lengths(stated)
        vectors = await embed_passages(service.embedder, [each.content for each in stated])
        created = await conclusions.create(
            service.database,
            workspace_id,
            [
                Stated(
                    content=each.content,
                    observer_id=each.observer_id,
                    observed_id=each.observed_id,
                    session_id=each.session_id,
                    embedding=vector,
                )
                for each, vector in zip(stated, vectors, strict=True)
            ],
            once,
        )
        shown = [show(conclusion) for conclusion in created.conclusions]
        return Response(shown, headers=replay_headers(created.replayed))

    @post("/list", status_code=200, operation_class=with_query(ListQuery), access=Access.WORKSPACE)
    async def list_conclusions(
        self,
        request: HttpRequest,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        data: JSONBody[ConclusionGet | None] = None,
    ) -> Page[Conclusion]:
        """List a workspace's conclusions, newest first."""
        query = read_query(request, ListQuery)
        where = compile_filter(Resource.CONCLUSION, data.filters if data else None)
        as_of = data.as_of if data else None
        found = await conclusions.page(service.database, workspace_id, where, requested(query), as_of=as_of)
        return paged(found, query, show)

    @post("/query", status_code=200, access=Access.WORKSPACE)
    async def query_conclusions(
        self, service: ServiceDependency, workspace_id: FromPath[str], data: JSONBody[ConclusionQuery]
    ) -> list[Conclusion]:
        """Find the conclusions nearest in meaning to a text, nearest first."""
        # A filter that breaks a rule is refused whether or not the embedder works.
        compile_filter(Resource.CONCLUSION, data.filters)
        vector = await embed_query(service.embedder, data.query)
        near = await search(
            service.database,
            workspace_id,
            data.filters,
            vector,
            top_k=data.top_k,
            max_distance=data.distance,
            as_of=data.as_of,
        )
        return [show(hit.conclusion) for hit in near]

    @get("/{conclusion_id:str}", access=Access.WORKSPACE, answers=(404,))
    async def get_conclusion(
        self, service: ServiceDependency, workspace_id: FromPath[str], conclusion_id: FromPath[str]
    ) -> Conclusion:
        """Get one conclusion."""
        return show(await conclusions.get(service.database, workspace_id, conclusion_id))

    @delete("/{conclusion_id:str}", status_code=204, access=Access.WORKSPACE, answers=(404,))
    async def retire_conclusion(
        self, service: ServiceDependency, workspace_id: FromPath[str], conclusion_id: FromPath[str]
    ) -> None:
        """Take one conclusion out of recall, with what was derived from it and has no other support."""
        settled = await retire(service.database, workspace_id, conclusion_id)
        service.waker.wake(settled.wakes)


def show(conclusion: types.Conclusion) -> Conclusion:
    """A conclusion as it goes out."""
    return Conclusion(
        id=conclusion.id,
        content=conclusion.content,
        observer_id=conclusion.observer_id,
        observed_id=conclusion.observed_id,
        session_id=conclusion.session_id,
        level=conclusion.level,
        created_at=conclusion.created_at,
        times_derived=conclusion.times_derived,
        source_ids=list(conclusion.source_ids) or None,
        source_message_ids=list(conclusion.source_message_ids),
        observed_at=conclusion.observed_at,
        about_at=conclusion.about_at,
    )


def _check_names(stated: Sequence[ConclusionCreate]) -> None:
    for each in stated:
        check_known_name("peer", each.observer_id)
        check_known_name("peer", each.observed_id)
        refuse_reserved(each.observed_id)
        if each.session_id is not None:
            check_known_name("session", each.session_id)


async def _check_lengths(stated: Sequence[ConclusionCreate]) -> None:
    rule = broken_rule(f"content must have at most {MAX_TOKENS} tokens")
    places = await too_long([each.content for each in stated])
    if places:
        raise RequestInvalid(
            [rule.at(("body", "conclusions", place, "content"), stated[place].content) for place in places]
        )
