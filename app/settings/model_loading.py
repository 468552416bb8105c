"""Reads the settings of the language models."""

from msgspec.structs import replace

from app.settings.models import PROVIDERS, CircuitSettings, ModelSettings, Price, Provider, Step
from app.settings.reading import Reader, SettingsFault


def llm(read: Reader) -> ModelSettings:
    """The language model of all steps that have none of their own."""
    default = ModelSettings()
    provider = _provider(read, "DOXA_LLM_PROVIDER") or default.provider
    key, base = _access(read, provider)
    settings = ModelSettings(
        provider=provider,
        api_key=key,
        base_url=base,
        model=read.text("DOXA_LLM_MODEL"),
        temperature=read.seconds(default.temperature, "DOXA_LLM_TEMPERATURE", 0, 2, "a number"),
        timeout_seconds=read.seconds(default.timeout_seconds, "DOXA_LLM_TIMEOUT_SECONDS", 0.1),
        max_output_tokens=read.integer(default.max_output_tokens, "DOXA_LLM_MAX_OUTPUT_TOKENS"),
        concurrency=read.integer(default.concurrency, "DOXA_LLM_CONCURRENCY"),
        circuit=circuit(read),
        prices=_prices(read.text("DOXA_LLM_PRICES") or ""),
    )
    return _reachable(settings, "DOXA_LLM_MODEL")


def of_step(read: Reader, step: Step, llm: ModelSettings) -> ModelSettings:
    """The model of one step: what is not set for it alone is as for all."""
    name = f"DOXA_LLM_{step.upper()}"
    provider = _provider(read, f"{name}_PROVIDER") or llm.provider
    key, base = (llm.api_key, llm.base_url) if provider == llm.provider else _access(read, provider)
    own_base = read.text(f"{name}_BASE_URL")
    own_key = read.text(f"{name}_API_KEY")
    settings = replace(
        llm,
        provider=provider,
        # The key of one endpoint is not another's business.
        api_key=own_key or (key if own_base is None else None),
        base_url=own_base or base,
        model=read.text(f"{name}_MODEL") or llm.model,
        temperature=read.seconds(llm.temperature, f"{name}_TEMPERATURE", 0, 2, "a number"),
        timeout_seconds=read.seconds(llm.timeout_seconds, f"{name}_TIMEOUT_SECONDS", 0.1),
        max_output_tokens=read.integer(llm.max_output_tokens, f"{name}_MAX_OUTPUT_TOKENS"),
    )
    return settings if settings == llm else _reachable(settings, f"{name}_MODEL")


def _reachable(settings: ModelSettings, name: str) -> ModelSettings:
    if settings.enabled and settings.api_key is None and settings.base_url is None:
        family = settings.provider.upper()
        raise SettingsFault(f"{name} needs {family}_API_KEY or {family}_BASE_URL beside it")
    return settings


def _provider(read: Reader, name: str) -> Provider | None:
    value = read.text(name)
    for known in PROVIDERS:
        if value == known:
            return known
    if value is not None:
        raise SettingsFault(f"{name} must be {' or '.join(PROVIDERS)}")
    return None


def _access(read: Reader, provider: Provider) -> tuple[str | None, str | None]:
    if provider == "anthropic":
        return read.text("ANTHROPIC_API_KEY"), read.text("ANTHROPIC_BASE_URL")
    return read.text("OPENAI_API_KEY"), read.text("OPENAI_BASE_URL")


def _prices(text: str) -> dict[str, Price]:
    prices: dict[str, Price] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        # Names of models may hold both signs.
        model, _, price = entry.rpartition("=")
        try:
            prompt, completion = (float(part) for part in price.split("/"))
        except ValueError:
            prompt = completion = -1.0
        if not model or not (0 <= prompt < 1e9 and 0 <= completion < 1e9):
            raise SettingsFault("DOXA_LLM_PRICES must be model=prompt/completion, separated by commas")
        prices[model.strip()] = Price(prompt=prompt, completion=completion)
    return prices


def circuit(read: Reader) -> CircuitSettings:
    """When an endpoint is left alone."""
    default = CircuitSettings()
    seconds = read.seconds(default.seconds, "DOXA_MODEL_CIRCUIT_SECONDS", 0.1)
    longest = read.seconds(max(default.longest_seconds, seconds), "DOXA_MODEL_CIRCUIT_LONGEST_SECONDS", 0.1)
    if longest < seconds:
        raise SettingsFault("DOXA_MODEL_CIRCUIT_LONGEST_SECONDS must be at least DOXA_MODEL_CIRCUIT_SECONDS")
    return CircuitSettings(
        failures=read.integer(default.failures, "DOXA_MODEL_CIRCUIT_FAILURES"), seconds=seconds, longest_seconds=longest
    )
