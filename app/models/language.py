"""The language model: structured answers by the best means that the endpoint offers, and conversations with tools.

Endpoints differ in what they can do. Three tiers are tried from the top: a JSON schema that the endpoint enforces
(`json_schema`), any JSON object with the schema in the prompt (`json_object`), and the prompt alone (`prompt`). The
first tier that yields a valid answer is kept for the client's life. From then on an invalid answer is sent back once
for repair.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from enum import StrEnum
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from app.models import tokens
from app.models.completions import Completions, Reply, Turn
from app.models.faults import ModelFault, ModelGarbage
from app.models.structured import NotStructured, parse, schema_of
from app.settings import ModelSettings

T = TypeVar("T", bound=Struct)
V = TypeVar("V")

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


class Answer(Struct, Generic[V], frozen=True):
    """A valid answer and what it took."""

    value: V
    model: str
    """The model that answered, as the endpoint calls it."""
    tier: Tier
    prompt_tokens: int
    """Of all calls that were made for this answer; counted here when the endpoint does not say."""
    completion_tokens: int
    calls: int
    seconds: float


class Tool(Struct, frozen=True, kw_only=True):
    """Something a model may have done for it.

    Attributes:
        name: `[a-z_]`.
        description: what it does and when to use it, for the model to read.
        parameters: JSON schema of its arguments, an object at its root.
    """

    name: str
    description: str
    parameters: Mapping[str, object]


class _Ready(Struct):
    ready: bool


class _Question(Struct, Generic[V], frozen=True):
    turns: Sequence[Turn]
    schema: Mapping[str, object]
    read: Callable[[str], V]
    name: str
    max_tokens: int | None = None

    def messages(self, tier: Tier) -> list[Turn]:
        if tier is Tier.SCHEMA:
            return list(self.turns)
        first, *rest = self.turns
        return [{**first, "content": f"{first['content']}\n\n{_form(self.schema)}"}, *rest]

    def format(self, tier: Tier) -> dict[str, object] | None:
        match tier:
            case Tier.SCHEMA:
                schema = {"name": self.name, "strict": True, "schema": self.schema}
                return {"type": "json_schema", "json_schema": schema}
            case Tier.OBJECT:
                return {"type": "json_object"}
            case Tier.PROMPT:
                return None

    def repair(self, answer: str, reason: str) -> list[Turn]:
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

    def add(self, messages: Sequence[Turn], reply: Reply) -> None:
        prompt, answer = reply.prompt_tokens, reply.completion_tokens
        self.calls += 1
        self.prompt_tokens += sum(tokens.count(str(one["content"])) for one in messages) if prompt is None else prompt
        self.completion_tokens += tokens.count(reply.text) if answer is None else answer


class LanguageModel:
    """A client for one model behind one endpoint. It never repeats a failed call: the work that asked does."""

    def __init__(self, settings: ModelSettings) -> None:
        """Prepare the client; nothing is sent.

        Raises:
            ModelPermanent: no model is named, or the base URL is not an http(s) URL.
        """
        self._completions = Completions(settings)
        self.model = self._completions.model
        self.tier: Tier = TIERS[0]
        self.tools = True
        """Whether the endpoint may be offered tools; False once it has refused them."""
        self._proven = False
        self._slots = asyncio.Semaphore(settings.concurrency)

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
        turns = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        return await self.shaped(turns, schema_of(schema), lambda text: parse(text, schema), name=name)

    async def shaped(
        self,
        turns: Sequence[Turn],
        schema: Mapping[str, object],
        read: Callable[[str], V],
        *,
        name: str,
        max_tokens: int | None = None,
    ) -> Answer[V]:
        """Ask once, with a conversation, and get a value of any JSON schema.

        Args:
            turns: the conversation; it opens with the system's words.
            schema: what the answer must follow, an object at its root.
            read: finds the value in what the model wrote, or raises `NotStructured`.
            name: as for `structured`.
            max_tokens: cap on the answer, below the deployment's own.

        Raises:
            app.models.faults.ModelFault: as for `structured`.
        """
        question = _Question(turns, schema, read, name, max_tokens)
        async with self._slots:
            tally = _Tally()
            for tier in TIERS[TIERS.index(self.tier) :]:
                answer = await self._at_tier(question, tier, tally)
                if answer is not None:
                    self.tier, self._proven = tier, True
                    return answer
        raise AssertionError("the last tier answers or raises")

    async def say(
        self, turns: Sequence[Turn], tools: Sequence[Tool] = (), *, name: str, max_tokens: int | None = None
    ) -> Reply:
        """Carry a conversation on: with words, or with calls of tools.

        An endpoint that refuses tools is asked again without them, and none are offered to it from then on.

        Args:
            turns: the conversation.
            tools: what may be called; leave out for words alone.
            name: a short identifier of the question, used in messages of faults.
            max_tokens: cap on the answer, below the deployment's own.

        Raises:
            app.models.faults.ModelFault: no answer came.
        """
        async with self._slots:
            call = f"model {self.model}, {name}"
            offered = _offer(tools) if self.tools else {}
            try:
                return await self._completions.ask(turns, call=call, max_tokens=max_tokens, more=offered)
            except ModelFault as fault:
                if not offered or not _refuses_tools(fault):
                    raise
            reply = await self._completions.ask(turns, call=call, max_tokens=max_tokens)
            self.tools = False
            return reply

    async def stream(
        self, turns: Sequence[Turn], tools: Sequence[Tool] = (), *, name: str, max_tokens: int | None = None
    ) -> AsyncGenerator[str | Reply]:
        """The same as it is written: pieces of the words, thoughts left out, and at last the whole reply.

        Args and Raises: as `say`; a fault can also come after some pieces.
        """
        async with self._slots:
            call = f"model {self.model}, {name}"
            offered = _offer(tools) if self.tools else {}
            begun = False
            try:
                async with aclosing(
                    self._completions.stream(turns, call=call, max_tokens=max_tokens, more=offered)
                ) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelFault as fault:
                if begun or not offered or not _refuses_tools(fault):
                    raise
            async with aclosing(self._completions.stream(turns, call=call, max_tokens=max_tokens)) as pieces:
                async for piece in pieces:
                    self.tools = False
                    yield piece

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
        await self._completions.close()

    async def _at_tier(self, question: _Question[V], tier: Tier, tally: _Tally) -> Answer[V] | None:
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

    def _answer(self, question: _Question[V], reply: Reply, tier: Tier, tally: _Tally) -> Answer[V]:
        value = question.read(reply.text)
        seconds = time.monotonic() - tally.started
        return Answer(value, reply.model, tier, tally.prompt_tokens, tally.completion_tokens, tally.calls, seconds)

    def _garbage(self, question: _Question[V], fault: NotStructured, truncated: bool) -> ModelGarbage:
        reason = f"the answer was cut at {self._completions.max_tokens} tokens" if truncated else str(fault)
        return ModelGarbage(f"model {self.model}, {question.name}: no valid answer: {reason}", truncated)

    async def _ask(self, question: _Question[V], messages: Sequence[Turn], tier: Tier, tally: _Tally) -> Reply:
        wanted = question.format(tier)
        reply = await self._completions.ask(
            messages,
            call=f"model {self.model}, {question.name}",
            max_tokens=question.max_tokens,
            more={} if wanted is None else {"response_format": wanted},
        )
        tally.add(messages, reply)
        return reply


def _offer(tools: Sequence[Tool]) -> dict[str, object]:
    if not tools:
        return {}
    functions = [{"name": tool.name, "description": tool.description, "parameters": tool.parameters} for tool in tools]
    return {"tools": [{"type": "function", "function": one} for one in functions], "tool_choice": "auto"}


def _refuses_tools(fault: ModelFault) -> bool:
    # A conversation with results of tools in it shows that they have worked, so the complaint must name them.
    return fault.status in REFUSES_FORMAT and "tool" in str(fault)
