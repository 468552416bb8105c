"""Settings: one Struct per concern, read once from the environment by `load`.

Nothing here touches the environment at import. `load` is given a mapping (the process environment by default), so tests
and the local engine build settings without changing their own environment.
"""

from app.settings.loading import load
from app.settings.models import CircuitSettings, ModelSettings, Price, Step
from app.settings.parts import (
    BUILT_IN_EMBEDDERS,
    ApiSettings,
    DatabaseSettings,
    DreamSettings,
    EmbeddingSettings,
    PressureSettings,
    RateSettings,
    ReasoningSettings,
    RedisSettings,
    Settings,
    TelemetrySettings,
    WebhookSettings,
)
from app.settings.reading import SettingsFault

__all__ = [
    "BUILT_IN_EMBEDDERS",
    "ApiSettings",
    "CircuitSettings",
    "DatabaseSettings",
    "DreamSettings",
    "EmbeddingSettings",
    "ModelSettings",
    "PressureSettings",
    "Price",
    "RateSettings",
    "ReasoningSettings",
    "RedisSettings",
    "Settings",
    "SettingsFault",
    "Step",
    "TelemetrySettings",
    "WebhookSettings",
    "load",
]
