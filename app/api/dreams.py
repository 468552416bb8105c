"""Dreams: asking that what one peer holds about another be consolidated, and what came of it."""

from datetime import datetime
from typing import Literal

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.api.access import Access
from app.api.errors import DreamsOff
from app.api.service import ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query
from graph.store import dream_reports, dreams
from graph.types import Level, WorkState

DreamType = Literal["omni", "card_refresh"]


class DreamSchedule(Struct, frozen=True, kw_only=True):
    """Which dream: who holds, about whom (itself by default), and of which kind.

    The configuration of the session named counts too. `rebuild` lets a `card_refresh` replace a card that was set by
    hand. Additive: with `dry_run` nothing changes, and the report says what would.
    """

    observer: str
    observed: str | None = None
    dream_type: DreamType
    session_id: str | None = None
    rebuild: bool = False
    dry_run: bool = False


class DreamQuery(Struct, frozen=True, kw_only=True):
    """Which dream: as it was asked for."""

    observer: str
    observed: str | None = None
    dream_type: DreamType = "omni"
    dry_run: bool = False


class DreamArea(Struct, frozen=True, kw_only=True):
    """A place that was looked at, or left for the next dream.

    Its `reason`: an open `contradiction`, a `bridge` between clusters, `thin` ground under much, or what is `new`.
    `focus_ids` are the conclusions that it is about, `conclusions` how many were looked at there.
    """

    reason: str
    why: str
    focus_ids: list[str]
    conclusions: int
    state: Literal["looked", "left", "waiting"]
    tokens: int


class RelatedConclusion(Struct, frozen=True, kw_only=True):
    """A conclusion; what a dry run would conclude has no id."""

    id: str | None
    content: str


class DreamChange(Struct, frozen=True, kw_only=True):
    """One change of one conclusion; `related` are its premises, or what takes the place of one that is superseded."""

    kind: Literal["concluded", "supported", "contradicted", "superseded", "merged", "retired", "revived"]
    id: str | None
    content: str
    level: Level
    related: list[RelatedConclusion]


class DreamReport(Struct, frozen=True, kw_only=True):
    """What came of a dream, or of a dry run would come.

    `skipped` says why nothing was done; `shared` counts conclusions that were written into the perspectives of others
    as well. A card that is not there is null.
    """

    id: str
    kind: DreamType
    dry_run: bool
    model: str
    started_at: datetime
    finished_at: datetime | None
    skipped: str | None
    budget: int
    tokens: int
    areas: list[DreamArea]
    changes: list[DreamChange]
    shared: int
    card_before: list[str] | None
    card: list[str] | None


class DreamStatus(Struct, frozen=True, kw_only=True):
    """A dream as it was asked for, whether it waits, is dreamt, failed or is over; the report of the last that ended.

    The report goes when something is erased in the workspace, since it repeats what is held.
    """

    state: WorkState
    last_error: str | None
    report: DreamReport | None


class DreamController(Controller):
    """Dreams."""

    path = "/workspaces/{workspace_id:str}"
    tags = ["workspaces"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/schedule_dream", status_code=204, access=Access.WORKSPACE, answers=(400, 404))
    async def schedule(
        self, service: ServiceDependency, workspace_id: FromPath[str], data: JSONBody[DreamSchedule]
    ) -> None:
        """Ask for a dream; nothing happens when the same one waits or runs already."""
        if not service.settings.dream.enabled:
            raise DreamsOff("Dreams are switched off: set DOXA_DREAM_ENABLED")
        asked = dreams.Asked(
            kind=data.dream_type, session_id=data.session_id, rebuild=data.rebuild, dry_run=data.dry_run
        )
        observed = data.observer if data.observed is None else data.observed
        service.waker.wake(await dreams.schedule(service.database, workspace_id, data.observer, observed, asked))

    @get("/dreams/report", operation_class=with_query(DreamQuery), access=Access.WORKSPACE, answers=(404,))
    async def report(
        self, request: HttpRequest, service: ServiceDependency, workspace_id: FromPath[str]
    ) -> DreamStatus:
        """Get what came of the last dream of a kind over a perspective, or of its dry run; additive to the v3 API."""
        query = read_query(request, DreamQuery)
        observed = query.observer if query.observed is None else query.observed
        asked = dreams.Asked(kind=query.dream_type, dry_run=query.dry_run)
        found = await dream_reports.last(service.database, workspace_id, query.observer, observed, asked)
        return msgspec.convert(found, DreamStatus, from_attributes=True)
