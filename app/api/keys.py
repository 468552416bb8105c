"""Keys for clients, made by an admin."""

from datetime import datetime

from litestar import Controller, post
from msgspec import Struct

from app import keys
from app.api.access import Access
from app.api.errors import NotOffered
from app.api.service import ServiceDependency
from app.api.wire.queries import HttpRequest, read_query, with_query


class KeyQuery(Struct, frozen=True, kw_only=True):
    """What the key is to reach (at least a workspace), and until when it is valid; for ever when nothing is said."""

    workspace_id: str | None = None
    peer_id: str | None = None
    session_id: str | None = None
    expires_at: datetime | None = None


class KeyResponse(Struct, frozen=True):
    """A key; it is stored nowhere."""

    key: str


class KeyController(Controller):
    """Keys."""

    path = "/keys"
    tags = ["keys"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @post("/", status_code=200, operation_class=with_query(KeyQuery), access=Access.ADMIN, answers=(405,))
    async def create(self, request: HttpRequest, service: ServiceDependency) -> KeyResponse:
        """Make a key. What it names need not exist; it cannot be listed or taken back."""
        settings = service.settings.auth
        if not settings.enabled or settings.secret is None:
            raise NotOffered("Keys are switched off: set AUTH_USE_AUTH and AUTH_JWT_SECRET")
        query = read_query(request, KeyQuery)
        caller = keys.reach(query.workspace_id, query.peer_id, query.session_id)
        return KeyResponse(keys.mint(settings.secret, caller, query.expires_at))
