"""The HTTP service: `create_app` wires everything, and nothing happens before it is called."""

import logging
from importlib.metadata import PackageNotFoundError, version
from typing import cast

from litestar import Litestar, Router
from litestar.config.cors import CORSConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.di import Provide
from litestar.types import LifeSpanReceive, LifeSpanScope, LifeSpanSend, Message, Receive, Scope, Send

from app.api.access import authorise, provide_caller
from app.api.controllers import CONTROLLERS
from app.api.description import DescriptionController, configuration
from app.api.errors import HANDLERS
from app.api.health import HealthController
from app.api.metrics import MetricsController, measured
from app.api.service import Service, running
from app.api.wire.bodies import JsonBody
from app.api.wire.limits import LargeBodies
from app.api.wire.paths import Paths, Unmarked
from app.metrics import Metrics
from app.settings import Settings, load


class Doxa(Litestar):
    """Litestar, with any name allowed to be a word of the routes."""

    __slots__ = ("metrics", "paths")

    metrics: Metrics | None
    paths: Paths

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            if scope["method"] == "OPTIONS":
                send = self._allowing(scope["path"], send)
            scope["path"] = self.paths.marked(scope["path"], scope["method"])
            if self.metrics is not None:
                await measured(self.metrics, scope, cast("Receive", receive), cast("Send", send), super().__call__)
                return
        await super().__call__(scope, receive, send)

    def _allowing(self, path: str, send: Send) -> Send:
        # Litestar's own answer forgets the verbs that other handlers of the same path serve.
        async def allowing(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                if "allow" in headers:
                    headers["allow"] = ", ".join(sorted(self.paths.verbs(path)))
            await send(message)

        return allowing


def create_app(settings: Settings) -> Litestar:
    """Make the service. It connects when it starts; until database and models are ready it answers 503.

    Args:
        settings: what to connect to and how to behave.
    """
    service = Service(settings)

    def provide_service() -> Service:
        return service

    app = Doxa(
        route_handlers=[
            Router("/v3", route_handlers=CONTROLLERS, guards=[authorise]),
            HealthController,
            DescriptionController,
            MetricsController,
        ],
        dependencies={
            "service": Provide(provide_service, sync_to_thread=False),
            "caller": Provide(provide_caller, sync_to_thread=False),
        },
        state=State({"service": service}),
        dto=JsonBody,
        return_dto=None,
        exception_handlers={**HANDLERS},
        lifespan=[lambda app: running(service)],
        openapi_config=configuration(_version()),
        request_max_body_size=settings.api.max_body_bytes,
        middleware=[Unmarked(), LargeBodies(settings.api.max_body_bytes)],
        # Who serves decides how to log: the library must not reconfigure the process.
        logging_config=None,
        cors_config=CORSConfig(
            allow_origins=list(settings.api.cors_origins),
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["*"],
        ),
    )
    app.paths = Paths(app.routes)
    app.metrics = service.metrics if settings.api.metrics else None
    return app


def create_app_from_environment() -> Litestar:
    """Make the service from the process's environment: the factory that the server is given.

    Raises:
        SettingsFault: a setting is missing or breaks its rule.
    """
    settings = load()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    return create_app(settings)


def _version() -> str:
    try:
        return version("doxa")
    except PackageNotFoundError:
        # Run from a checkout that is not installed.
        return "0"
