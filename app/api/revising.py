"""Conclusions that a client revises: a merge taken back, a statement corrected."""

from typing import Annotated

from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from app.api.access import Access
from app.api.conclusions import MAX_CONTENT, Conclusion, not_only_nul, show
from app.api.embedding import MAX_TOKENS, embed_passages, too_long
from app.api.service import ServiceDependency
from app.api.wire.problems import RequestInvalid, broken_rule
from graph.store.correcting import correct
from graph.store.merging import unmerge


class ConclusionCorrection(Struct, frozen=True, kw_only=True):
    """What takes the place of a conclusion."""

    content: Annotated[str, Meta(min_length=1, max_length=MAX_CONTENT, extra={"rule": not_only_nul})]


class RevisionController(Controller):
    """Revisions of conclusions; additive to the v3 API."""

    path = "/workspaces/{workspace_id:str}/conclusions/{conclusion_id:str}"
    tags = ["conclusions"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/unmerge", status_code=200, access=Access.WORKSPACE, answers=(404, 409))
    async def unmerge_conclusion(
        self, service: ServiceDependency, workspace_id: FromPath[str], conclusion_id: FromPath[str]
    ) -> Conclusion:
        """Let a conclusion that was merged into another hold by itself again."""
        return show(await unmerge(service.database, workspace_id, conclusion_id))

    @post("/correct", status_code=201, access=Access.WORKSPACE, answers=(404,))
    async def correct_conclusion(
        self,
        service: ServiceDependency,
        workspace_id: FromPath[str],
        conclusion_id: FromPath[str],
        data: JSONBody[ConclusionCorrection],
    ) -> Conclusion:
        """Put a text in the place of a conclusion, which is superseded by it."""
        if await too_long([data.content]):
            rule = broken_rule(f"content must have at most {MAX_TOKENS} tokens")
            raise RequestInvalid([rule.at(("body", "content"), data.content)])
        (vector,) = await embed_passages(service.embedder, [data.content])
        return show(await correct(service.database, workspace_id, conclusion_id, data.content, vector))
