"""Whether the service works, and its description for people and programs."""

from litestar import Controller, Response, get
from msgspec import Struct

from app.api.errors import RETRY_SECONDS
from app.api.service import ServiceDependency


class Health(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the service works; `detail` says what it waits for when it does not yet."""

    status: str
    detail: str | None = None


class HealthController(Controller):
    """Liveness and readiness in one."""

    tags = ["health"]  # noqa: RUF012 -- Litestar declares it as an instance attribute

    @get("/health")
    async def health(self, service: ServiceDependency) -> Response[Health]:
        """Say `ok` once the service can work; until then 503 and what it waits for."""
        if service.waiting_for is None:
            return Response(Health(status="ok"))
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return Response(Health(status="starting", detail=service.waiting_for), status_code=503, headers=headers)
