"""Entry of the worker processes: `dramatiq workers.main:set_up`."""

import dramatiq

from app.settings import load
from app.telemetry import logs
from workers.broker import make_broker


def set_up() -> None:
    """Read the settings and make the broker that this process works for.

    Raises:
        SettingsFault: a setting breaks its rule.
    """
    settings = load()
    logs.configure(settings.telemetry.log_level, settings.telemetry.log_format, logs.secrets_of(settings))
    dramatiq.set_broker(make_broker(settings))
