"""Entry of the worker processes: `dramatiq workers.main:set_up`."""

import logging

import dramatiq

from app.settings import load
from workers.broker import make_broker


def set_up() -> None:
    """Read the settings and make the broker that this process works for.

    Raises:
        SettingsFault: a setting breaks its rule.
    """
    settings = load()
    logging.getLogger().setLevel(settings.log_level)
    logging.getLogger("neo4j").setLevel(logging.WARNING)
    dramatiq.set_broker(make_broker(settings))
