"""The language model: structured answers by the best means that the endpoint offers, and conversations with tools.

Endpoints differ in what they can do. Three tiers are tried from the top: a JSON schema that the endpoint enforces
(`json_schema`), any JSON object with the schema in the prompt (`json_object`), and the prompt alone (`prompt`). The
first tier that yields a valid answer is kept for the client's life. From then on an invalid answer is sent back once
for repair.
"""

from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from datetime import UTC, datetime
from typing import Generic, TypeVar

from msgspec import Struct

from app.models import tokens
from app.models.completions import Completions, Reply, Turn
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent
from app.models.observed import ObservedCompletions
from app.models.questions import TIERS, Question, Tier
from app.models.speaker import Speaker
from app.models.spending import Ledger, Spent, cost
from app.models.structured import NotStructured, parse, schema_of, shown
from app.settings.models import ModelSettings

T = TypeVar("T", bound=Struct)
V = TypeVar("V")

REFUSES_FORMAT = frozenset({400, 404, 415, 422, 500, 501})
"""Statuses with which endpoints refuse a `response_format` they do not know; 500 is llama-cpp-python's."""


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


def _speaker(settings: ModelSettings) -> Speaker:
    if settings.provider != "anthropic":
        return Completions(settings)
    try:
        from app.models.anthropic_messages import Messages  # noqa: PLC0415 -- an extra that may not be installed
    except ModuleNotFoundError as fault:
        raise ModelPermanent("DOXA_LLM_PROVIDER=anthropic needs `pip install 'doxa[anthropic]'`") from fault
    return Messages(settings)


class LanguageModel:
    """A client for one model behind one endpoint. It never repeats a failed call: the work that asked does."""

    def __init__(self, settings: ModelSettings) -> None:
        """Prepare the client; nothing is sent.

        Raises:
            ModelPermanent: no model is named, or the base URL is not an http(s) URL.
        """
        self._completions = ObservedCompletions(_speaker(settings))
        self._prices = settings.prices
        self.model = self._completions.model
        self.tier: Tier = TIERS[0]
        self.tools = True
        """Whether the endpoint may be offered tools; False once it has refused them."""
        self._proven = False

    async def structured(
        self, *, system: str, user: str, schema: type[T], name: str, ledger: Ledger | None = None
    ) -> Answer[T]:
        """Ask once and get a value of `schema`.

        Args:
            system: what to do; the form of the answer is added where the endpoint does not enforce it.
            user: what to do it with.
            schema: a Struct that can be written as JSON Schema.
            name: a short identifier of the question, `[a-z_]`, sent with the schema and used in messages.
            ledger: where each call is noted, those that fail too.

        Raises:
            ModelTransient: the endpoint could not be used now.
            ModelGarbage: no valid answer came, also after repair; nothing may be concluded from it.
            ModelPermanent: the endpoint will not answer this.
        """
        turns = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        return await self.shaped(turns, schema_of(schema), lambda text: parse(text, schema), name=name, ledger=ledger)

    async def shaped(
        self,
        turns: Sequence[Turn],
        schema: Mapping[str, object],
        read: Callable[[str], V],
        *,
        name: str,
        max_tokens: int | None = None,
        ledger: Ledger | None = None,
    ) -> Answer[V]:
        """Ask once, with a conversation, and get a value of any JSON schema.

        Args:
            turns: the conversation; it opens with the system's words.
            schema: what the answer must follow, an object at its root.
            read: finds the value in what the model wrote, or raises `NotStructured`.
            name: as for `structured`.
            max_tokens: cap on the answer, below the deployment's own.
            ledger: where each call is noted, those that fail too.

        Raises:
            app.models.faults.ModelFault: as for `structured`.
        """
        question = Question(turns, schema, read, name, max_tokens)
        tally = Ledger() if ledger is None else ledger
        for tier in TIERS[TIERS.index(self.tier) :]:
            answer = await self._at_tier(question, tier, tally)
            if answer is not None:
                self.tier, self._proven = tier, True
                return answer
        raise AssertionError("the last tier answers or raises")

    async def say(
        self,
        turns: Sequence[Turn],
        tools: Sequence[Tool] = (),
        *,
        name: str,
        max_tokens: int | None = None,
        ledger: Ledger | None = None,
    ) -> Reply:
        """Carry a conversation on: with words, or with calls of tools.

        An endpoint that refuses tools is asked again without them, and none are offered to it from then on.

        Args:
            turns: the conversation.
            tools: what may be called; leave out for words alone.
            name: a short identifier of the question, used in messages of faults.
            max_tokens: cap on the answer, below the deployment's own.
            ledger: where each call is noted, those that fail too.

        Raises:
            app.models.faults.ModelFault: no answer came.
        """
        call = f"model {self.model}, {name}"
        offered = _offer(tools) if self.tools else {}
        if offered:
            try:
                with self._noting(ledger, turns) as noted:
                    noted.reply = await self._completions.ask(
                        turns, call=call, max_tokens=max_tokens, more=offered, excused=_refuses_tools
                    )
                    return noted.reply
            except ModelFault as fault:
                if not _refuses_tools(fault):
                    raise
        with self._noting(ledger, turns) as noted:
            noted.reply = await self._completions.ask(turns, call=call, max_tokens=max_tokens)
        self.tools = self.tools and not offered
        return noted.reply

    async def stream(
        self,
        turns: Sequence[Turn],
        tools: Sequence[Tool] = (),
        *,
        name: str,
        max_tokens: int | None = None,
        ledger: Ledger | None = None,
    ) -> AsyncGenerator[str | Reply]:
        """The same as it is written: pieces of the words, thoughts left out, and at last the whole reply.

        Args and Raises: as `say`; a fault can also come after some pieces.
        """
        call = f"model {self.model}, {name}"
        offered = _offer(tools) if self.tools else {}
        if offered:
            begun = False
            try:
                async with aclosing(
                    self._streamed(turns, call, max_tokens, ledger, more=offered, excused=_refuses_tools)
                ) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
                return
            except ModelFault as fault:
                if begun or not _refuses_tools(fault):
                    raise
        async with aclosing(self._streamed(turns, call, max_tokens, ledger)) as pieces:
            async for piece in pieces:
                self.tools = self.tools and not offered
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

    async def _at_tier(self, question: Question[V], tier: Tier, tally: Ledger) -> Answer[V] | None:
        """A valid answer, or None when the next tier is worth trying."""
        settled = self._proven or tier is TIERS[-1]
        messages = question.messages(tier)
        excused = None if tier is TIERS[-1] else self._refuses_format
        try:
            reply = await self._ask(question, messages, tier, tally, excused)
        except ModelFault as fault:
            if excused is None or not excused(fault):
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
        said = "response_format" in fault.said or "json_" in fault.said
        return fault.status in REFUSES_FORMAT and (said or not self._proven)

    def _answer(self, question: Question[V], reply: Reply, tier: Tier, tally: Ledger) -> Answer[V]:
        value = question.read(reply.text)
        seconds = (datetime.now(UTC) - tally.started_at).total_seconds()
        return Answer(value, reply.model, tier, tally.prompt_tokens, tally.completion_tokens, len(tally.calls), seconds)

    def _garbage(self, question: Question[V], fault: NotStructured, truncated: bool) -> ModelGarbage:
        reason = f"the answer was cut at {self._completions.max_tokens} tokens" if truncated else shown(fault)
        return ModelGarbage(f"model {self.model}, {question.name}: no valid answer: {reason}", truncated)

    async def _ask(
        self,
        question: Question[V],
        messages: Sequence[Turn],
        tier: Tier,
        tally: Ledger,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> Reply:
        wanted = question.format(tier)
        with self._noting(tally, messages) as noted:
            noted.reply = await self._completions.ask(
                messages,
                call=f"model {self.model}, {question.name}",
                max_tokens=question.max_tokens,
                more={} if wanted is None else {"response_format": wanted},
                excused=excused,
            )
        return noted.reply

    async def _streamed(
        self,
        turns: Sequence[Turn],
        call: str,
        max_tokens: int | None,
        ledger: Ledger | None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> AsyncGenerator[str | Reply]:
        with self._noting(ledger, turns) as noted:
            async with aclosing(
                self._completions.stream(turns, call=call, max_tokens=max_tokens, more=more, excused=excused)
            ) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Reply):
                        noted.reply = piece
                    else:
                        noted.pieces.append(piece)
                    yield piece

    @contextmanager
    def _noting(self, ledger: Ledger | None, messages: Sequence[Turn]) -> Generator["_Noted"]:
        """Write one call into a ledger, however it ends."""
        started_at = datetime.now(UTC)
        noted = _Noted(self.model)
        fault: str | None = None
        try:
            yield noted
        except GeneratorExit:
            # The reader of a stream left: what had come by then was paid for.
            fault = None if noted.answered else "Abandoned"
            raise
        except ModelFault as raised:
            if not raised.sent:
                ledger = None
            fault = type(raised).__name__
            raise
        except BaseException as raised:
            fault = type(raised).__name__
            raise
        finally:
            if ledger is not None:
                ledger.calls.append(self._spent(noted, messages, fault, started_at))

    def _spent(self, noted: "_Noted", messages: Sequence[Turn], fault: str | None, started_at: datetime) -> Spent:
        reply = noted.reply
        prompt, answer = reply.prompt_tokens, reply.completion_tokens
        if fault is not None and not noted.pieces:
            prompt = answer = 0
        if prompt is None:
            prompt = sum(tokens.count(str(one["content"])) for one in messages)
        if answer is None:
            answer = tokens.count(reply.text or "".join(noted.pieces))
        return Spent(
            model=reply.model,
            prompt_tokens=prompt,
            completion_tokens=answer,
            cost=cost(self._prices, (reply.model, self.model), prompt, answer),
            started_at=started_at,
            finished_at=datetime.now(UTC),
            fault=fault,
        )


class _Noted:
    """What came of one call."""

    def __init__(self, model: str) -> None:
        self._nothing = self.reply = Reply(text="", model=model)
        self.pieces: list[str] = []

    @property
    def answered(self) -> bool:
        """Whether the whole reply has come."""
        return self.reply is not self._nothing


def _offer(tools: Sequence[Tool]) -> dict[str, object]:
    if not tools:
        return {}
    functions = [{"name": tool.name, "description": tool.description, "parameters": tool.parameters} for tool in tools]
    return {"tools": [{"type": "function", "function": one} for one in functions], "tool_choice": "auto"}


def _refuses_tools(fault: ModelFault) -> bool:
    # A conversation with results of tools in it shows that they have worked, so the complaint must name them.
    return fault.status in REFUSES_FORMAT and "tool" in fault.said
