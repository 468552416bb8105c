"""Settings: one Struct per concern, read once from the environment by `load`.

Nothing here touches the environment at import. `load` is given a mapping (the process environment by default), so tests
and the local engine build settings without changing their own environment.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

if TYPE_CHECKING:
    from graph.driver import Database

NEO4J_SCHEMES = frozenset({"bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"})
REDIS_SCHEMES = frozenset({"redis", "rediss", "unix"})


class SettingsFault(Exception):
    """A setting is missing or breaks its rule; the message names the variable and the rule."""


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    """Where Neo4j is."""

    uri: str = "bolt://127.0.0.1:7687"
    """`NEO4J_URI`: `bolt://`, `neo4j://` or their `+s`/`+ssc` forms."""
    user: str = "neo4j"
    """`NEO4J_USERNAME` (or `NEO4J_USER`)."""
    password: str = ""
    """`NEO4J_PASSWORD`, or the content of the file that `NEO4J_PASSWORD_FILE` names; empty means no authentication."""
    database: str | None = None
    """`NEO4J_DATABASE`: database name; the server's default when unset."""
    pool_size: int = 64
    """`DOXA_NEO4J_POOL_SIZE`: connections per process."""
    acquire_seconds: float = 30.0
    """`DOXA_NEO4J_ACQUIRE_SECONDS`: longest wait for a free connection."""
    retry_seconds: float = 20.0
    """`DOXA_NEO4J_RETRY_SECONDS`: how long a transaction is retried on transient errors."""

    def connect(self) -> "Database":
        """Make the pool of connections that these settings describe; none is opened until the first query."""
        from graph.driver import connect  # noqa: PLC0415 -- the driver costs half a second where only settings are read

        return connect(
            self.uri,
            self.user,
            self.password,
            database=self.database,
            pool_size=self.pool_size,
            acquire_seconds=self.acquire_seconds,
            retry_seconds=self.retry_seconds,
        )


class RedisSettings(Struct, frozen=True, kw_only=True):
    """Where Redis (or Valkey) is. It only carries wake-ups."""

    url: str = "redis://127.0.0.1:6379/0"
    """`REDIS_URL`."""
    namespace: str = "doxa"
    """`DOXA_REDIS_NAMESPACE`: prefix of every key, so that several services can share a server."""


class ModelSettings(Struct, frozen=True, kw_only=True):
    """The language model that reasons. Off unless a key or a base URL is given."""

    api_key: str | None = None
    """`OPENAI_API_KEY`."""
    base_url: str | None = None
    """`OPENAI_BASE_URL`: any endpoint that speaks the OpenAI API; a local one may need no key."""
    model: str | None = None
    """`DOXA_LLM_MODEL`: name of the model; required as soon as a key or base URL is given."""
    timeout_seconds: float = 60.0
    """`DOXA_LLM_TIMEOUT_SECONDS`: longest wait for one call."""
    max_output_tokens: int = 4096
    """`DOXA_LLM_MAX_OUTPUT_TOKENS`: cap on one answer."""
    concurrency: int = 4
    """`DOXA_LLM_CONCURRENCY`: calls under way at once per process."""

    @property
    def enabled(self) -> bool:
        """Whether a remote model reasons; otherwise the built-in rules do."""
        return self.model is not None


class EmbeddingSettings(Struct, frozen=True, kw_only=True):
    """The embedder. Model, dimension and vector index belong together."""

    base_url: str | None = None
    """`DOXA_EMBEDDING_BASE_URL`: an OpenAI-compatible endpoint; it switches the remote embedder on."""
    api_key: str | None = None
    """`DOXA_EMBEDDING_API_KEY`, else `OPENAI_API_KEY`."""
    model: str = "minilm"
    """`DOXA_EMBEDDING_MODEL`: `minilm` or `e5` (built in; `e5` needs the extra `multilingual`), or a remote name."""
    dimensions: int | None = None
    """`DOXA_EMBEDDING_DIMENSIONS`: size of a remote model's vectors; required for a remote model."""
    threads: int = 1
    """`DOXA_EMBEDDING_THREADS`: threads of a built-in embedder."""

    @property
    def remote(self) -> bool:
        """Whether vectors come from an endpoint instead of a built-in model."""
        return self.base_url is not None or self.model not in BUILT_IN_EMBEDDERS


BUILT_IN_EMBEDDERS = frozenset({"minilm", "e5"})

#: As many as HS256's hash has: a shorter secret could be found by trying.
LEAST_SECRET_BYTES = 32


class ReasoningSettings(Struct, frozen=True, kw_only=True):
    """How pending messages become batches of reasoning work."""

    enabled: bool = True
    """`DOXA_REASONING_ENABLED`: the deployment default of `reasoning.enabled`."""
    wait_seconds: float = 1.0
    """`DOXA_REASONING_WAIT_SECONDS`: how long the first pending message of a unit waits for company."""
    batch_tokens: int = 1024
    """`DOXA_REASONING_BATCH_TOKENS`: a unit with this many pending tokens is due at once; also the cap of one call."""
    batch_messages: int = 100
    """`DOXA_REASONING_BATCH_MESSAGES`: a call takes no more messages than this."""
    lease_seconds: float = 30.0
    """`DOXA_LEASE_SECONDS`: a worker that has not renewed its lease for this long has lost it."""
    sweep_seconds: float = 2.0
    """`DOXA_SWEEP_SECONDS`: how often due work without a worker is woken again."""
    max_attempts: int = 12
    """`DOXA_WORK_MAX_ATTEMPTS`: unusable answers in a row after which a unit goes to the dead letters."""
    threads: int = 8
    """`DOXA_WORKER_THREADS`: units one worker process handles at once."""


class DreamSettings(Struct, frozen=True, kw_only=True):
    """Consolidating what is held."""

    enabled: bool = True
    """`DOXA_DREAM_ENABLED`: whether dreams are taken and dreamt at all."""


class ApiSettings(Struct, frozen=True, kw_only=True):
    """The HTTP service."""

    host: str = "127.0.0.1"
    """`DOXA_API_HOST`."""
    port: int = 8000
    """`DOXA_API_PORT`."""
    cors_origins: tuple[str, ...] = ("http://localhost", "http://127.0.0.1:8000")
    """`CORS_ORIGINS`: comma-separated."""
    max_body_bytes: int = 16 * 1024 * 1024
    """`DOXA_MAX_BODY_BYTES`: a larger request body is refused with 413."""
    metrics: bool = False
    """`METRICS_ENABLED`: whether `/metrics` is served."""


class AuthSettings(Struct, frozen=True, kw_only=True):
    """Who may call. Off by default: then every caller may do everything."""

    enabled: bool = False
    """`AUTH_USE_AUTH`: whether every request needs a key."""
    secret: str | None = None
    """`AUTH_JWT_SECRET`, or the content of the file that `AUTH_JWT_SECRET_FILE` names: signs and checks keys; at least
    32 bytes."""


class WebhookSettings(Struct, frozen=True, kw_only=True):
    """Events that are sent to addresses of the clients' choice."""

    secret: str | None = None
    """`WEBHOOK_SECRET`, or the content of the file that `WEBHOOK_SECRET_FILE` names: signs what is sent; without it
    nothing is."""
    timeout_seconds: float = 30.0
    """`DOXA_WEBHOOK_TIMEOUT_SECONDS`: longest wait for one delivery."""
    max_attempts: int = 10
    """`DOXA_WEBHOOK_MAX_ATTEMPTS`: failures after which a delivery goes to the dead letters."""
    allow_private: bool = False
    """`DOXA_WEBHOOK_ALLOW_PRIVATE`: also send to private and loopback addresses; for development only."""


class Settings(Struct, frozen=True, kw_only=True):
    """Everything the service reads from its environment."""

    home: Path
    """`DOXA_HOME`: where the local engine keeps its data (default `~/.doxa`)."""
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    llm: ModelSettings = ModelSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    reasoning: ReasoningSettings = ReasoningSettings()
    dream: DreamSettings = DreamSettings()
    api: ApiSettings = ApiSettings()
    auth: AuthSettings = AuthSettings()
    webhooks: WebhookSettings = WebhookSettings()
    log_level: str = "INFO"
    """`DOXA_LOG_LEVEL`: DEBUG, INFO, WARNING or ERROR."""


class _Reader:
    """Takes typed values out of an environment; an empty value counts as unset."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment

    def text(self, *names: str) -> str | None:
        for name in names:
            value = self.environment.get(name, "").strip()
            if value:
                return value
        return None

    def secret(self, name: str) -> str | None:
        """The variable `name`, else the content of the file that `name`_FILE names."""
        value, file = self.text(name), self.text(f"{name}_FILE")
        if value is not None or file is None:
            return value
        try:
            return Path(file).read_text(encoding="utf-8").strip() or None
        except (OSError, UnicodeDecodeError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8"
            raise SettingsFault(f"{name}_FILE cannot be read: {reason}") from fault

    def url(self, default: str, schemes: frozenset[str], *names: str) -> str:
        value = self.text(*names) or default
        scheme = urlsplit(value).scheme
        if scheme not in schemes:
            raise SettingsFault(f"{names[0]} must start with one of {', '.join(sorted(schemes))} followed by ://")
        return value

    def integer(self, default: int, name: str, minimum: int = 1, maximum: int = 2**31) -> int:
        value = self.seconds(default, name, minimum, maximum, "a whole number")
        if value != int(value):
            raise SettingsFault(f"{name} must be a whole number")
        return int(value)

    def seconds(
        self, default: float, name: str, minimum: float = 0.0, maximum: float = 1e9, kind: str = "a number of seconds"
    ) -> float:
        value = self.text(name)
        if value is None:
            return default
        try:
            number = float(value)
        except ValueError:
            raise SettingsFault(f"{name} must be {kind}") from None
        if not minimum <= number <= maximum:
            raise SettingsFault(f"{name} must be {kind} from {minimum:g} to {maximum:g}")
        return number

    def flag(self, default: bool, name: str) -> bool:
        value = (self.text(name) or "").lower()
        if not value:
            return default
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise SettingsFault(f"{name} must be true or false")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Build the settings from an environment (the process's own by default).

    Raises:
        SettingsFault: a variable is missing or breaks its rule.
    """
    read = _Reader(os.environ if environment is None else environment)
    level = (read.text("DOXA_LOG_LEVEL") or "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise SettingsFault("DOXA_LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    return Settings(
        home=Path(read.text("DOXA_HOME") or "~/.doxa").expanduser(),
        database=_database(read),
        redis=RedisSettings(
            url=read.url(RedisSettings().url, REDIS_SCHEMES, "REDIS_URL"),
            namespace=read.text("DOXA_REDIS_NAMESPACE") or RedisSettings().namespace,
        ),
        llm=_llm(read),
        embedding=_embedding(read),
        reasoning=_reasoning(read),
        dream=DreamSettings(enabled=read.flag(DreamSettings().enabled, "DOXA_DREAM_ENABLED")),
        api=_api(read),
        auth=_auth(read),
        webhooks=_webhooks(read),
        log_level=level,
    )


def _database(read: _Reader) -> DatabaseSettings:
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


def _llm(read: _Reader) -> ModelSettings:
    default = ModelSettings()
    key, base, model = read.text("OPENAI_API_KEY"), read.text("OPENAI_BASE_URL"), read.text("DOXA_LLM_MODEL")
    if model is not None and key is None and base is None:
        raise SettingsFault("DOXA_LLM_MODEL needs OPENAI_API_KEY or OPENAI_BASE_URL beside it")
    return ModelSettings(
        api_key=key,
        base_url=base,
        model=model,
        timeout_seconds=read.seconds(default.timeout_seconds, "DOXA_LLM_TIMEOUT_SECONDS", 0.1),
        max_output_tokens=read.integer(default.max_output_tokens, "DOXA_LLM_MAX_OUTPUT_TOKENS"),
        concurrency=read.integer(default.concurrency, "DOXA_LLM_CONCURRENCY"),
    )


def _embedding(read: _Reader) -> EmbeddingSettings:
    model = read.text("DOXA_EMBEDDING_MODEL") or EmbeddingSettings().model
    settings = EmbeddingSettings(
        base_url=read.text("DOXA_EMBEDDING_BASE_URL"),
        api_key=read.text("DOXA_EMBEDDING_API_KEY", "OPENAI_API_KEY"),
        model=model,
        dimensions=read.integer(0, "DOXA_EMBEDDING_DIMENSIONS", 1, 4096) or None,
        threads=read.integer(EmbeddingSettings().threads, "DOXA_EMBEDDING_THREADS", 1, 64),
    )
    if settings.base_url is not None and model in BUILT_IN_EMBEDDERS:
        raise SettingsFault("DOXA_EMBEDDING_BASE_URL needs DOXA_EMBEDDING_MODEL: the name of the endpoint's model")
    if settings.remote and settings.dimensions is None:
        raise SettingsFault("DOXA_EMBEDDING_DIMENSIONS is required for a remote embedding model")
    if settings.remote and settings.base_url is None and settings.api_key is None:
        raise SettingsFault("DOXA_EMBEDDING_MODEL names a remote model: give DOXA_EMBEDDING_BASE_URL or OPENAI_API_KEY")
    return settings


def _reasoning(read: _Reader) -> ReasoningSettings:
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
    )


def _api(read: _Reader) -> ApiSettings:
    default = ApiSettings()
    origins = read.text("CORS_ORIGINS")
    return ApiSettings(
        host=read.text("DOXA_API_HOST") or default.host,
        port=read.integer(default.port, "DOXA_API_PORT", 0, 65535),
        cors_origins=tuple(o.strip() for o in origins.split(",") if o.strip()) if origins else default.cors_origins,
        max_body_bytes=read.integer(default.max_body_bytes, "DOXA_MAX_BODY_BYTES", 1024),
        metrics=read.flag(default.metrics, "METRICS_ENABLED"),
    )


def _auth(read: _Reader) -> AuthSettings:
    enabled = read.flag(AuthSettings().enabled, "AUTH_USE_AUTH")
    secret = read.secret("AUTH_JWT_SECRET")
    if enabled and secret is None:
        raise SettingsFault("AUTH_USE_AUTH needs AUTH_JWT_SECRET beside it")
    if secret is not None and len(secret.encode()) < LEAST_SECRET_BYTES:
        raise SettingsFault(f"AUTH_JWT_SECRET must have at least {LEAST_SECRET_BYTES} bytes")
    return AuthSettings(enabled=enabled, secret=secret)


def _webhooks(read: _Reader) -> WebhookSettings:
    default = WebhookSettings()
    return WebhookSettings(
        secret=read.secret("WEBHOOK_SECRET"),
        timeout_seconds=read.seconds(default.timeout_seconds, "DOXA_WEBHOOK_TIMEOUT_SECONDS", 0.1),
        max_attempts=read.integer(default.max_attempts, "DOXA_WEBHOOK_MAX_ATTEMPTS"),
        allow_private=read.flag(default.allow_private, "DOXA_WEBHOOK_ALLOW_PRIVATE"),
    )
