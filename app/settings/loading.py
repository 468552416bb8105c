"""Builds the settings from an environment."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from app.settings import model_loading as models
from app.settings.models import STEPS
from app.settings.parts import (
    BUILT_IN_EMBEDDERS,
    LEAST_SECRET_BYTES,
    ApiSettings,
    AuthSettings,
    DatabaseSettings,
    DerivationSettings,
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
from app.settings.reading import Reader, SettingsFault

NEO4J_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Build the settings from an environment (the process's own by default).

    Raises:
        SettingsFault: a variable is missing or breaks its rule.
    """
    read = Reader(os.environ if environment is None else environment)
    llm = models.llm(read)
    return Settings(
        home=Path(read.text("DOXA_HOME") or "~/.doxa").expanduser(),
        database=_database(read),
        redis=RedisSettings(
            url=read.url(RedisSettings().url, REDIS_SCHEMES, "REDIS_URL"),
            namespace=read.text("DOXA_REDIS_NAMESPACE") or RedisSettings().namespace,
        ),
        llm=llm,
        steps={step: own for step in STEPS if (own := models.of_step(read, step, llm)) != llm},
        prompts=read.folder("DOXA_PROMPTS_DIR"),
        embedding=_embedding(read),
        reasoning=_reasoning(read),
        derivation=DerivationSettings(
            enabled=read.flag(DerivationSettings().enabled, "DOXA_DERIVATION_ENABLED"),
            tokens=read.integer(DerivationSettings().tokens, "DOXA_DERIVATION_TOKENS", 100, 10**6),
        ),
        dream=_dream(read),
        api=_api(read),
        pressure=_pressure(read),
        rates=RateSettings(
            per_minute=read.integer(RateSettings().per_minute, "DOXA_RATE_LIMIT_PER_MINUTE", 0, 10**6),
            burst=read.integer(RateSettings().burst, "DOXA_RATE_LIMIT_BURST", 1, 10**6),
        ),
        auth=_auth(read),
        webhooks=_webhooks(read),
        telemetry=_telemetry(read),
    )


def _database(read: Reader) -> DatabaseSettings:
    default = DatabaseSettings()
    return DatabaseSettings(
        uri=read.url(default.uri, NEO4J_SCHEMES, "NEO4J_URI"),
        user=read.text("NEO4J_USERNAME", "NEO4J_USER") or default.user,
        password=read.secret("NEO4J_PASSWORD") or "",
        database=read.text("NEO4J_DATABASE"),
        pool_size=read.integer(default.pool_size, "DOXA_NEO4J_POOL_SIZE"),
        acquire_seconds=read.seconds(default.acquire_seconds, "DOXA_NEO4J_ACQUIRE_SECONDS", 0.1),
        retry_seconds=read.seconds(default.retry_seconds, "DOXA_NEO4J_RETRY_SECONDS"),
    )


def _embedding(read: Reader) -> EmbeddingSettings:
    model = read.text("DOXA_EMBEDDING_MODEL") or EmbeddingSettings().model
    settings = EmbeddingSettings(
        base_url=read.text("DOXA_EMBEDDING_BASE_URL"),
        api_key=read.text("DOXA_EMBEDDING_API_KEY", "OPENAI_API_KEY"),
        model=model,
        dimensions=read.integer(0, "DOXA_EMBEDDING_DIMENSIONS", 1, 4096) or None,
        threads=read.integer(EmbeddingSettings().threads, "DOXA_EMBEDDING_THREADS", 1, 64),
        circuit=models.circuit(read),
    )
    if settings.base_url is not None and model in BUILT_IN_EMBEDDERS:
        raise SettingsFault("DOXA_EMBEDDING_BASE_URL needs DOXA_EMBEDDING_MODEL: the name of the endpoint's model")
    if settings.remote and settings.dimensions is None:
        raise SettingsFault("DOXA_EMBEDDING_DIMENSIONS is required for a remote embedding model")
    if settings.remote and settings.base_url is None and settings.api_key is None:
        raise SettingsFault("DOXA_EMBEDDING_MODEL names a remote model: give DOXA_EMBEDDING_BASE_URL or OPENAI_API_KEY")
    return settings


def _reasoning(read: Reader) -> ReasoningSettings:
    default = ReasoningSettings()
    return ReasoningSettings(
        enabled=read.flag(default.enabled, "DOXA_REASONING_ENABLED"),
        wait_seconds=read.seconds(default.wait_seconds, "DOXA_REASONING_WAIT_SECONDS"),
        batch_tokens=read.integer(default.batch_tokens, "DOXA_REASONING_BATCH_TOKENS"),
        batch_messages=read.integer(default.batch_messages, "DOXA_REASONING_BATCH_MESSAGES", 1, 1000),
        lease_seconds=read.seconds(default.lease_seconds, "DOXA_LEASE_SECONDS", 1.0),
        sweep_seconds=read.seconds(default.sweep_seconds, "DOXA_SWEEP_SECONDS", 0.1),
        max_attempts=read.integer(default.max_attempts, "DOXA_WORK_MAX_ATTEMPTS"),
        threads=read.integer(default.threads, "DOXA_WORKER_THREADS", 1, 256),
        step_seconds=read.seconds(default.step_seconds, "DOXA_STEP_SECONDS", 0.1),
        drain_seconds=read.seconds(default.drain_seconds, "DOXA_DRAIN_SECONDS", 0.0, 3600.0),
    )


def _dream(read: Reader) -> DreamSettings:
    default = DreamSettings()
    return DreamSettings(
        enabled=read.flag(default.enabled, "DOXA_DREAM_ENABLED"),
        conclusions=read.integer(default.conclusions, "DOXA_DREAM_CONCLUSIONS"),
        hours=read.seconds(default.hours, "DOXA_DREAM_HOURS", 0.0, 8760.0, "a number of hours"),
        idle_seconds=read.seconds(default.idle_seconds, "DOXA_DREAM_IDLE_SECONDS"),
        tokens=read.integer(default.tokens, "DOXA_DREAM_TOKENS", 0),
    )


def _api(read: Reader) -> ApiSettings:
    default = ApiSettings()
    return ApiSettings(
        host=read.text("DOXA_API_HOST") or default.host,
        port=read.integer(default.port, "DOXA_API_PORT", 0, 65535),
        cors_origins=_origins(read, default.cors_origins),
        max_body_bytes=read.integer(default.max_body_bytes, "DOXA_MAX_BODY_BYTES", 1024),
        metrics=read.flag(default.metrics, "METRICS_ENABLED"),
        security_headers=read.flag(default.security_headers, "DOXA_SECURITY_HEADERS"),
        hsts_seconds=read.integer(default.hsts_seconds, "DOXA_HSTS_SECONDS", 0),
        idempotency_hours=read.seconds(
            default.idempotency_hours, "DOXA_IDEMPOTENCY_HOURS", 0.0001, 8760, "a number of hours"
        ),
    )


def _origins(read: Reader, default: tuple[str, ...]) -> tuple[str, ...]:
    origins = tuple(part.strip() for part in (read.text("CORS_ORIGINS") or "").split(",") if part.strip())
    for origin in origins:
        # A pattern in an origin lets in more than whoever wrote it can see.
        if origins != ("*",) and ("*" in origin or "://" not in origin):
            raise SettingsFault("CORS_ORIGINS must be * alone, or origins such as https://app.example.com")
    return origins or default


def _pressure(read: Reader) -> PressureSettings:
    default = PressureSettings()
    return PressureSettings(
        requests=read.integer(default.requests, "DOXA_MAX_REQUESTS"),
        held_bytes=read.integer(default.held_bytes, "DOXA_MAX_HELD_BYTES", 1024, 2**40),
        chats=read.integer(default.chats, "DOXA_MAX_CHATS"),
        body_seconds=read.seconds(default.body_seconds, "DOXA_BODY_SECONDS", 0.1),
    )


def _auth(read: Reader) -> AuthSettings:
    enabled = read.flag(AuthSettings().enabled, "AUTH_USE_AUTH")
    secret = read.secret("AUTH_JWT_SECRET")
    if enabled and secret is None:
        raise SettingsFault("AUTH_USE_AUTH needs AUTH_JWT_SECRET beside it")
    if secret is not None and len(secret.encode()) < LEAST_SECRET_BYTES:
        raise SettingsFault(f"AUTH_JWT_SECRET must have at least {LEAST_SECRET_BYTES} bytes")
    return AuthSettings(enabled=enabled, secret=secret)


def _webhooks(read: Reader) -> WebhookSettings:
    default = WebhookSettings()
    return WebhookSettings(
        secret=read.secret("WEBHOOK_SECRET"),
        timeout_seconds=read.seconds(default.timeout_seconds, "DOXA_WEBHOOK_TIMEOUT_SECONDS", 0.1),
        max_attempts=read.integer(default.max_attempts, "DOXA_WEBHOOK_MAX_ATTEMPTS"),
        allow_private=read.flag(default.allow_private, "DOXA_WEBHOOK_ALLOW_PRIVATE"),
    )


def _telemetry(read: Reader) -> TelemetrySettings:
    default = TelemetrySettings()
    level = (read.text("DOXA_LOG_LEVEL") or default.log_level).upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsFault("DOXA_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    form = (read.text("DOXA_LOG_FORMAT") or default.log_format).lower()
    if form not in {"text", "json"}:
        raise SettingsFault("DOXA_LOG_FORMAT must be text or json")
    return TelemetrySettings(
        log_level=level,
        log_format=form,
        worker_metrics_host=read.text("DOXA_WORKER_METRICS_HOST") or default.worker_metrics_host,
        worker_metrics_port=read.integer(default.worker_metrics_port, "DOXA_WORKER_METRICS_PORT", 0, 65535),
        traces=_traces(read),
    )


def _traces(read: Reader) -> bool:
    named = read.text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    if named is None or read.flag(False, "OTEL_SDK_DISABLED") or read.text("OTEL_TRACES_EXPORTER") == "none":
        return False
    if urlsplit(named).scheme not in {"http", "https"}:
        raise SettingsFault("OTEL_EXPORTER_OTLP_ENDPOINT must start with http:// or https://")
    protocol = read.text("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") or "http/protobuf"
    if protocol != "http/protobuf":
        raise SettingsFault("OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf")
    return True
