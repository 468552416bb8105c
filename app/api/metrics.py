"""Serves what is counted: `/metrics`."""

from litestar import Controller, MediaType, Response, get
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from app.api.service import ServiceDependency


class MetricsController(Controller):
    """What Prometheus reads."""

    include_in_schema = False

    @get("/metrics", media_type=MediaType.TEXT, unbounded=True)
    async def metrics(self, service: ServiceDependency) -> Response[bytes]:
        """The counters of this process; needs no key, and is there only where `METRICS_ENABLED` is set."""
        if not service.settings.api.metrics:
            return Response(b"Metrics are off: METRICS_ENABLED switches them on\n", status_code=404)
        return Response(await service.counted(), media_type=CONTENT_TYPE_LATEST)
