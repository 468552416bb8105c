"""Settings of the language models: which one for which step, within which limits, and what it costs."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

#: What a model may be used for; each may have one of its own.
Step = Literal["reasoning", "derivation", "chat", "summary", "dream"]
STEPS: tuple[Step, ...] = ("reasoning", "derivation", "chat", "summary", "dream")
#: What an endpoint speaks.
Provider = Literal["openai", "anthropic"]
PROVIDERS: tuple[Provider, ...] = ("openai", "anthropic")


class CircuitSettings(Struct, frozen=True, kw_only=True):
    """When a model's endpoint is left alone, because it fails call after call."""

    failures: int = 5
    """`DOXA_MODEL_CIRCUIT_FAILURES`: passing faults in a row after which no further call is sent for a while."""
    seconds: float = 10.0
    """`DOXA_MODEL_CIRCUIT_SECONDS`: the first such while; it doubles each time the one call that tests it fails."""
    longest_seconds: float = 120.0
    """`DOXA_MODEL_CIRCUIT_LONGEST_SECONDS`: where the doubling ends."""


class Price(Struct, frozen=True, kw_only=True):
    """What a million tokens cost, in whichever currency the prices are set in."""

    prompt: float
    completion: float


class ModelSettings(Struct, frozen=True, kw_only=True):
    """A language model. Off unless it is named.

    Each of these can be set for one step alone, with the step's name after `DOXA_LLM_`: `DOXA_LLM_CHAT_MODEL`.
    """

    provider: Provider = "openai"
    """`DOXA_LLM_PROVIDER`: what the endpoint speaks: `openai`, or `anthropic` (needs the extra `anthropic`)."""
    api_key: str | None = None
    """`OPENAI_API_KEY`, or `ANTHROPIC_API_KEY` for that provider; for a step alone `DOXA_LLM_<STEP>_API_KEY`."""
    base_url: str | None = None
    """`OPENAI_BASE_URL` (any endpoint that speaks the OpenAI API; a local one may need no key), or
    `ANTHROPIC_BASE_URL`; for a step alone `DOXA_LLM_<STEP>_BASE_URL`."""
    model: str | None = None
    """`DOXA_LLM_MODEL`: name of the model; switches it on."""
    temperature: float = 0.0
    """`DOXA_LLM_TEMPERATURE`: how freely it chooses its words; left out where an endpoint refuses it."""
    timeout_seconds: float = 60.0
    """`DOXA_LLM_TIMEOUT_SECONDS`: longest wait for one call."""
    max_output_tokens: int = 4096
    """`DOXA_LLM_MAX_OUTPUT_TOKENS`: cap on one answer."""
    concurrency: int = 4
    """`DOXA_LLM_CONCURRENCY`: calls of one model under way at once per process, whoever makes them."""
    circuit: CircuitSettings = CircuitSettings()
    """When its endpoint is left alone."""
    prices: Mapping[str, Price] = {}
    """`DOXA_LLM_PRICES`: `model=prompt/completion` for each, separated by commas: what a million tokens cost."""

    @property
    def enabled(self) -> bool:
        """Whether there is a model; otherwise the built-in rules do the step."""
        return self.model is not None
