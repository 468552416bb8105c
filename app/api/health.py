"""Whether the service is alive, and whether it can work."""

from litestar import Controller, Response, get
from msgspec import Struct

from app.api.errors import RETRY_SECONDS
from app.api.service import ServiceDependency


class Health(Struct, frozen=True, kw_only=True):
    """The process serves."""

    status: str


class Ready(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the service can work: `ready`, `degraded` or `waiting`; `detail` says what it lacks or waits for."""

    status: str
    detail: str | None = None


class HealthController(Controller):
    """Liveness and readiness."""

    tags = ["health"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/health", unbounded=True)
    async def health(self) -> Health:
        """Say `ok` as soon as the process serves, whatever it waits for."""
        return Health(status="ok")

    @get("/ready", unbounded=True)
    async def ready(self, service: ServiceDependency) -> Response[Ready]:
        """Say whether the service can work now; if not, 503 and what it waits for.

        Without Redis it works, and says that it is `degraded`.
        """
        obstacle, lack = service.waiting_for, None
        if obstacle is None:
            standing = await service.readiness.look()
            obstacle, lack = standing.obstacle, standing.lack
        if obstacle is not None:
            headers = {"Retry-After": str(RETRY_SECONDS)}
            return Response(Ready(status="waiting", detail=obstacle), status_code=503, headers=headers)
        return Response(Ready(status="degraded" if lack else "ready", detail=lack))
