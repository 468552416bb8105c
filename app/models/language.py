"""The language model: one question, one structured answer, by the best means that the endpoint offers.

Endpoints differ in what they can do. Three tiers are tried from the top: a JSON schema that the endpoint enforces
(`json_schema`), any JSON object with the schema in the prompt (`json_object`), and the prompt alone (`prompt`). The
first tier that yields a valid answer is kept for the client's life. From then on an invalid answer is sent back once
for repair.
"""

import asyncio
import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from app.models import tokens
from app.models.endpoint import Endpoint
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused
from app.models.structured import NotStructured, parse, schema_of
from app.settings import ModelSettings

T = TypeVar("T", bound=Struct)

REFUSES_FORMAT = frozenset({400, 404, 415, 422, 500, 501})
"""Statuses with which endpoints refuse a `response_format` they do not know; 500 is llama-cpp-python's."""
QUOTED_CHARACTERS = 8000
"""How much of a bad answer is sent back for repair."""


class Tier(StrEnum):
    """How a structured answer is asked for, best first."""

    SCHEMA = "json_schema"
    OBJECT = "json_object"
    PROMPT = "prompt"


TIERS = tuple(Tier)


class Answer(Struct, Generic[T], frozen=True):
    """A valid answer and what it took."""

    value: T
    model: str
    """The model that answered, as the endpoint calls it."""
    tier: Tier
    prompt_tokens: int
    """Of all calls that were made for this answer; counted here when the endpoint does not say."""
    completion_tokens: int
    calls: int
    seconds: float


class _Message(Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(Struct):
    message: _Message
    finish_reason: str | None = None


class _Usage(Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(Struct):
    choices: list[_Choice] = []
    model: str | None = None
    usage: _Usage | None = None
    error: object = None
    """Some gateways report an error with status 200."""


class _Ready(Struct):
    ready: bool


class _Question(Struct, Generic[T], frozen=True):
    system: str
    user: str
    schema: dict[str, object]
    kind: type[T]
    name: str

    def messages(self, tier: Tier) -> list[dict[str, str]]:
        system = self.system
        if tier is not Tier.SCHEMA:
            system += f"\n\n{_form(self.schema)}"
        return [{"role": "system", "content": system}, {"role": "user", "content": self.user}]

    def format(self, tier: Tier) -> dict[str, object] | None:
        match tier:
            case Tier.SCHEMA:
                schema = {"name": self.name, "strict": True, "schema": self.schema}
                return {"type": "json_schema", "json_schema": schema}
            case Tier.OBJECT:
                return {"type": "json_object"}
            case Tier.PROMPT:
                return None

    def repair(self, answer: str, reason: str) -> list[dict[str, str]]:
        again = f"That answer cannot be used: {reason}. Give the whole answer once more. {_form(self.schema)}"
        return [
            {"role": "assistant", "content": answer[:QUOTED_CHARACTERS] or "(nothing)"},
            {"role": "user", "content": again},
        ]


def _form(schema: Mapping[str, object]) -> str:
    text = msgspec.json.encode(schema).decode()
    return f"Answer with one JSON object and nothing else. It must follow this JSON schema:\n{text}"


class _Tally:
    """What the calls for one answer took."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self.calls = 0

    def add(self, messages: list[dict[str, str]], completion: _Completion, text: str) -> None:
        usage = completion.usage or _Usage()
        prompt, answer = usage.prompt_tokens, usage.completion_tokens
        self.calls += 1
        self.prompt_tokens += sum(tokens.count(one["content"]) for one in messages) if prompt is None else prompt
        self.completion_tokens += tokens.count(text) if answer is None else answer


class _Reply(Struct, frozen=True):
    text: str
    model: str
    truncated: bool


class LanguageModel:
    """A client for one model behind one endpoint. It never repeats a failed call: the work that asked does."""

    def __init__(self, settings: ModelSettings) -> None:
        """Prepare the client; nothing is sent.

        Raises:
            ModelPermanent: no model is named, or the base URL is not an http(s) URL.
        """
        if settings.model is None:
            raise ModelPermanent("language model: DOXA_LLM_MODEL is not set")
        self.model = settings.model
        self.tier: Tier = TIERS[0]
        self._proven = False
        self._max_tokens = settings.max_output_tokens
        # OpenAI's newer models know only the second name, most other servers only the first.
        self._limits = ["max_tokens", "max_completion_tokens"]
        if settings.base_url is None:
            self._limits.reverse()
        self._cold = True
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._endpoint = Endpoint(settings.base_url, settings.api_key, settings.timeout_seconds)

    async def structured(self, *, system: str, user: str, schema: type[T], name: str) -> Answer[T]:
        """Ask once and get a value of `schema`.

        Args:
            system: what to do; the form of the answer is added where the endpoint does not enforce it.
            user: what to do it with.
            schema: a Struct that can be written as JSON Schema.
            name: a short identifier of the question, `[a-z_]`, sent with the schema and used in messages.

        Raises:
            ModelTransient: the endpoint could not be used now.
            ModelGarbage: no valid answer came, also after repair; nothing may be concluded from it.
            ModelPermanent: the endpoint will not answer this.
        """
        question = _Question(system, user, schema_of(schema), schema, name)
        async with self._slots:
            tally = _Tally()
            for tier in TIERS[TIERS.index(self.tier) :]:
                answer = await self._at_tier(question, tier, tally)
                if answer is not None:
                    self.tier, self._proven = tier, True
                    return answer
        raise AssertionError("the last tier answers or raises")

    async def probe(self) -> Answer[_Ready]:
        """Ask the least there is to ask, to see whether and by which tier this model answers.

        Raises:
            app.models.faults.ModelFault: it does not.
        """
        return await self.structured(
            system="You confirm that you can be reached.",
            user="Set ready to true.",
            schema=_Ready,
            name="probe",
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    async def _at_tier(self, question: _Question[T], tier: Tier, tally: _Tally) -> Answer[T] | None:
        """A valid answer, or None when the next tier is worth trying."""
        settled = self._proven or tier is TIERS[-1]
        messages = question.messages(tier)
        try:
            reply = await self._ask(question, messages, tier, tally)
        except ModelFault as fault:
            if tier is TIERS[-1] or not self._refuses_format(fault):
                raise
            return None
        try:
            return self._answer(question, reply, tier, tally)
        except NotStructured as fault:
            if reply.truncated:
                raise self._garbage(question, fault, truncated=True) from fault
            if not settled:
                return None
            messages += question.repair(reply.text, str(fault))
        reply = await self._ask(question, messages, tier, tally)
        try:
            return self._answer(question, reply, tier, tally)
        except NotStructured as fault:
            raise self._garbage(question, fault, reply.truncated) from fault

    def _refuses_format(self, fault: ModelFault) -> bool:
        # Once a tier has worked, only a complaint about the format itself puts it in doubt.
        said = "response_format" in str(fault) or "json_" in str(fault)
        return fault.status in REFUSES_FORMAT and (said or not self._proven)

    def _answer(self, question: _Question[T], reply: _Reply, tier: Tier, tally: _Tally) -> Answer[T]:
        value = parse(reply.text, question.kind)
        seconds = time.monotonic() - tally.started
        return Answer(value, reply.model, tier, tally.prompt_tokens, tally.completion_tokens, tally.calls, seconds)

    def _garbage(self, question: _Question[T], fault: NotStructured, truncated: bool) -> ModelGarbage:
        reason = f"the answer was cut at {self._max_tokens} tokens" if truncated else str(fault)
        return ModelGarbage(f"model {self.model}, {question.name}: no valid answer: {reason}", truncated)

    async def _ask(self, question: _Question[T], messages: list[dict[str, str]], tier: Tier, tally: _Tally) -> _Reply:
        call = f"model {self.model}, {question.name}"
        completion = await self._complete(messages, question.format(tier), call)
        if not completion.choices:
            raise ModelGarbage(f"{call}: the endpoint sent no answer: {str(completion.error)[:200]}")
        choice = completion.choices[0]
        text = choice.message.content or ""
        tally.add(messages, completion, text)
        if choice.message.refusal or choice.finish_reason == "content_filter":
            raise ModelRefused(f"{call}: the model declined: {' '.join((choice.message.refusal or '').split())[:200]}")
        return _Reply(text, completion.model or self.model, choice.finish_reason == "length")

    async def _complete(
        self, messages: list[dict[str, str]], response_format: dict[str, object] | None, call: str
    ) -> _Completion:
        """One call, repeated only when the endpoint does not know one of its parameters."""
        while True:
            limit, cold = self._limits[0], self._cold
            body: dict[str, object] = {"model": self.model, "messages": messages, limit: self._max_tokens}
            if cold:
                body["temperature"] = 0
            if response_format is not None:
                body["response_format"] = response_format
            try:
                return await self._endpoint.post("/chat/completions", body, _Completion, call)
            except ModelPermanent as fault:
                if not self._adapt(fault, limit, cold):
                    raise

    def _adapt(self, fault: ModelPermanent, limit: str, cold: bool) -> bool:
        """Leave out what the endpoint complained of; True when the call may now go through.

        `limit` and `cold` are what the failed call was made with: another task may have adapted in the meantime.
        """
        if fault.status not in {400, 422}:
            return False
        if limit in str(fault):
            if self._limits[0] == limit and len(self._limits) > 1:
                del self._limits[0]
            return self._limits[0] != limit
        if cold and "temperature" in str(fault):
            self._cold = False
            return True
        return False
