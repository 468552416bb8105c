"""The HTTP service: `create_app` wires everything, and nothing happens before it is called."""

from importlib.metadata import PackageNotFoundError, version
from typing import cast

from litestar import Litestar, Router
from litestar.config.cors import CORSConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.di import Provide
from litestar.types import LifeSpanReceive, LifeSpanScope, LifeSpanSend, Message, Receive, Scope, Send

from app.api.access import authorise, provide_caller
from app.api.controllers import CONTROLLERS
from app.api.description import PAGES, DescriptionController, configuration, page
from app.api.errors import HANDLERS
from app.api.health import HealthController
from app.api.metrics import MetricsController
from app.api.observing import observed
from app.api.pressure import Pressure
from app.api.protecting import Protection, page_policy
from app.api.service import Service, running
from app.api.wire.bodies import JsonBody
from app.api.wire.paths import Paths, Unmarked
from app.settings import Settings, load
from app.telemetry import logs
from app.telemetry.process import Telemetry


class Doxa(Litestar):
    """Litestar, with any name allowed to be a word of the routes."""

    __slots__ = ("paths", "protection", "telemetry")

    paths: Paths
    protection: Protection
    telemetry: Telemetry

    async def __call__(
        self, scope: Scope | LifeSpanScope, receive: Receive | LifeSpanReceive, send: Send | LifeSpanSend
    ) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            send = self.protection.sending(scope["path"], cast("Send", send))
            if scope["method"] == "OPTIONS":
                send = self._allowing(scope["path"], send)
            scope["path"] = self.paths.marked(scope["path"], scope["method"])
            await observed(self.telemetry, scope, cast("Receive", receive), cast("Send", send), super().__call__)
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
        middleware=[
            Unmarked(),
            Pressure(settings.pressure, settings.api.max_body_bytes, slow_chats=settings.llm.enabled),
        ],
        # Who serves decides how to log: the library must not reconfigure the process.
        logging_config=None,
        cors_config=CORSConfig(
            allow_origins=list(settings.api.cors_origins),
            # Every page of the world with the user's credentials is nobody's wish.
            allow_credentials="*" not in settings.api.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["Idempotent-Replay", "Retry-After", "X-Request-Id"],
        ),
    )
    app.paths = Paths(app.routes)
    app.protection = Protection(settings.api, dict.fromkeys(PAGES, page_policy(page())))
    app.telemetry = service.telemetry
    return app


def create_app_from_environment() -> Litestar:
    """Make the service from the process's environment: the factory that the server is given.

    Raises:
        SettingsFault: a setting is missing or breaks its rule.
    """
    settings = load()
    logs.configure(settings.telemetry.log_level, settings.telemetry.log_format, logs.secrets_of(settings))
    return create_app(settings)


def _version() -> str:
    try:
        return version("doxa")
    except PackageNotFoundError:
        # Run from a checkout that is not installed.
        return "0"
