"""The service's own processes, the API and the workers: how they are started and what they are told."""

import sys
from collections.abc import Mapping
from pathlib import Path

import app
from app.engine.child import Process
from app.engine.home import Home
from app.engine.ports import HOST
from app.engine.probe import Http, Logged
from app.settings import ReasoningSettings

API_TARGET = "app.asgi:create_app_from_environment"
WORKERS_TARGET = "workers.main:set_up"

#: The worker's own words in its log, once it can do work (`workers.broker.READY`; a test holds them equal).
WORKERS_READY = "ready to reason"

#: How long the workers may take to stop beyond the time for draining: a little more than they give themselves
#: (`workers.broker.STOP_SECONDS`; a test holds them apart).
WORKERS_STOP_SECONDS = 20.0

#: How long requests under way may go on after the API was asked to stop; an endless stream must not hold it for ever.
API_DRAIN_SECONDS = 15

#: Where the packages of this installation are found: beside `app`, installed or not.
_PACKAGES = Path(app.__file__ or ".").resolve().parent.parent


def service_environment(source: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """The environment of the service's processes: the engine's own, plus what it is told here.

    A folder of the current directory never shadows a package (`PYTHONSAFEPATH`).
    """
    return {
        **source,
        **told,
        "PYTHONPATH": str(_PACKAGES),
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        # Threads of numeric libraries that fight for two cores make single texts several times slower.
        "OMP_NUM_THREADS": source.get("OMP_NUM_THREADS", "1"),
    }


def api_process(home: Home, port: int, environment: Mapping[str, str], after: tuple[str, ...]) -> Process:
    """The HTTP service on the loopback address."""
    options = ("--interface", "asgi", "--factory", "--host", HOST, "--port", str(port), "--no-ws")
    drain = ("--workers-kill-timeout", str(API_DRAIN_SECONDS))
    return Process(
        name="api",
        argv=(sys.executable, "-P", "-m", "granian", *options, *drain, API_TARGET),
        environment=environment,
        directory=home.path,
        log=home.logs / "api.log",
        ready=Http(f"{api_url(port)}/ready"),
        after=after,
        stop_seconds=API_DRAIN_SECONDS + 5.0,
    )


def api_url(port: int) -> str:
    """Base address of the API."""
    return f"http://{HOST}:{port}"


def workers_process(
    home: Home, reasoning: ReasoningSettings, environment: Mapping[str, str], after: tuple[str, ...]
) -> Process:
    """One worker process, under Dramatiq's master."""
    options = ("--processes", "1", "--threads", str(reasoning.threads))
    return Process(
        name="workers",
        argv=(sys.executable, "-P", "-m", "dramatiq", *options, WORKERS_TARGET),
        environment=environment,
        directory=home.path,
        log=home.logs / "workers.log",
        ready=Logged(WORKERS_READY),
        after=after,
        stop_seconds=reasoning.drain_seconds + WORKERS_STOP_SECONDS,
    )
