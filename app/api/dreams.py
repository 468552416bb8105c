"""Dreams: asking that what one peer holds about another be consolidated."""

from typing import Literal

from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from app.api.access import Access
from app.api.errors import DreamsOff
from app.api.service import ServiceDependency
from graph.store import dreams


class DreamSchedule(Struct, frozen=True, kw_only=True):
    """Which dream: who holds, about whom (itself by default), and of which kind.

    The configuration of the session named counts too. `rebuild` lets a `card_refresh` replace a card that was set by
    hand.
    """

    observer: str
    observed: str | None = None
    dream_type: Literal["omni", "card_refresh"]
    session_id: str | None = None
    rebuild: bool = False


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
        asked = dreams.Asked(kind=data.dream_type, session_id=data.session_id, rebuild=data.rebuild)
        observed = data.observer if data.observed is None else data.observed
        service.waker.wake(await dreams.schedule(service.database, workspace_id, data.observer, observed, asked))
