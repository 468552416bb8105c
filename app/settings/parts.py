"""One Struct per concern; the docstring under a field names its variable."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from app.settings.models import CircuitSettings, ModelSettings, Step

if TYPE_CHECKING:
    from graph.driver import Database, Observer


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

    def connect(self, observer: "Observer | None" = None) -> "Database":
        """Make the pool of connections that these settings describe; none is opened until the first query.

        Args:
            observer: is told of every query that ran.
        """
        from graph.driver import connect  # noqa: PLC0415 -- the driver costs half a second where only settings are read

        return connect(
            self.uri,
            self.user,
            self.password,
            database=self.database,
            pool_size=self.pool_size,
            acquire_seconds=self.acquire_seconds,
            retry_seconds=self.retry_seconds,
            observer=observer,
        )


class RedisSettings(Struct, frozen=True, kw_only=True):
    """Where Redis (or Valkey) is. It only carries wake-ups."""

    url: str = "redis://127.0.0.1:6379/0"
    """`REDIS_URL`."""
    namespace: str = "doxa"
    """`DOXA_REDIS_NAMESPACE`: prefix of every key, so that several services can share a server."""


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
    circuit: CircuitSettings = CircuitSettings()
    """When the endpoint of a remote embedder is left alone."""

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
    step_seconds: float = 600.0
    """`DOXA_STEP_SECONDS`: longest one batch of a unit may take; one that takes longer is ended and tried again."""
    drain_seconds: float = 15.0
    """`DOXA_DRAIN_SECONDS`: how long a worker that is told to stop may go on with the batches it has begun; what is not
    done by then is given back, and another worker takes it over at once."""


class DerivationSettings(Struct, frozen=True, kw_only=True):
    """Drawing conclusions from conclusions."""

    enabled: bool = True
    """`DOXA_DERIVATION_ENABLED`: whether something is derived from what is new without being asked for."""
    tokens: int = 2000
    """`DOXA_DERIVATION_TOKENS`: tokens of what one call is shown to derive from, at most."""


class DreamSettings(Struct, frozen=True, kw_only=True):
    """Consolidating what is held."""

    enabled: bool = True
    """`DOXA_DREAM_ENABLED`: whether dreams are taken and dreamt at all."""
    conclusions: int = 50
    """`DOXA_DREAM_CONCLUSIONS`: explicit conclusions since the last dream after which one comes of itself."""
    hours: float = 8.0
    """`DOXA_DREAM_HOURS`: a dream comes of itself no sooner than this after the last one."""
    idle_seconds: float = 3600.0
    """`DOXA_DREAM_IDLE_SECONDS`: and when nothing that the peer said was reasoned over for this long."""
    tokens: int = 30_000
    """`DOXA_DREAM_TOKENS`: tokens that the model of one dream may take; what does not fit waits for the next dream."""


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
    security_headers: bool = True
    """`DOXA_SECURITY_HEADERS`: whether answers tell browsers what they must not do with them."""
    hsts_seconds: int = 0
    """`DOXA_HSTS_SECONDS`: how long browsers are to insist on HTTPS; 0 tells them nothing."""
    idempotency_hours: float = 24.0
    """`DOXA_IDEMPOTENCY_HOURS`: how long the key of a repeated request is remembered."""

    @property
    def idempotency_keep(self) -> timedelta:
        """How long the key of a repeated request is remembered."""
        return timedelta(hours=self.idempotency_hours)


class PressureSettings(Struct, frozen=True, kw_only=True):
    """How much one process of the HTTP service takes at once; what is more is answered with 503."""

    requests: int = 256
    """`DOXA_MAX_REQUESTS`: requests under way."""
    held_bytes: int = 128 * 1024 * 1024
    """`DOXA_MAX_HELD_BYTES`: bytes of the bodies of all requests under way."""
    chats: int = 32
    """`DOXA_MAX_CHATS`: chats with a language model under way, so that slow models leave room for all else."""
    body_seconds: float = 60.0
    """`DOXA_BODY_SECONDS`: how long a client may take to send a body; then it is cut off with 408."""


class RateSettings(Struct, frozen=True, kw_only=True):
    """How often one caller may ask: a key, or without keys an address. Off by default."""

    per_minute: int = 0
    """`DOXA_RATE_LIMIT_PER_MINUTE`: requests a minute over time; 0 limits nothing."""
    burst: int = 60
    """`DOXA_RATE_LIMIT_BURST`: requests that may come at once."""


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


class TelemetrySettings(Struct, frozen=True, kw_only=True):
    """What processes say about themselves."""

    log_level: str = "INFO"
    """`DOXA_LOG_LEVEL`: DEBUG, INFO, WARNING or ERROR; DEBUG may show what users wrote."""
    log_format: str = "text"
    """`DOXA_LOG_FORMAT`: `text` for people, or `json`: one object a line."""
    worker_metrics_host: str = "127.0.0.1"
    """`DOXA_WORKER_METRICS_HOST`: address on which workers serve their metrics."""
    worker_metrics_port: int = 0
    """`DOXA_WORKER_METRICS_PORT`: where workers serve their metrics, each process on the first free port from this one
    on; 0 is off."""
    traces: bool = False
    """`OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`): the collector that traces are sent to,
    over HTTP; OpenTelemetry's other variables hold as well. None by default."""


class Settings(Struct, frozen=True, kw_only=True):
    """Everything the service reads from its environment."""

    home: Path
    """`DOXA_HOME`: where the local engine keeps its data (default `~/.doxa`)."""
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    llm: ModelSettings = ModelSettings()
    """The language model of all steps that have none of their own."""
    steps: Mapping[Step, ModelSettings] = {}
    """The models of steps that have something of their own."""
    prompts: Path | None = None
    """`DOXA_PROMPTS_DIR`: a folder whose files replace the built-in prompts of the same name."""
    embedding: EmbeddingSettings = EmbeddingSettings()
    reasoning: ReasoningSettings = ReasoningSettings()
    derivation: DerivationSettings = DerivationSettings()
    dream: DreamSettings = DreamSettings()
    api: ApiSettings = ApiSettings()
    pressure: PressureSettings = PressureSettings()
    rates: RateSettings = RateSettings()
    auth: AuthSettings = AuthSettings()
    webhooks: WebhookSettings = WebhookSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    def model_of(self, step: Step) -> ModelSettings:
        """The language model of a step."""
        return self.steps.get(step, self.llm)
