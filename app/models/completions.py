"""Chat completions of one model behind one endpoint: whole or as they are written, with or without tools.

What an endpoint does not know (the name of a limit, a temperature) is left out after its first complaint.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from msgspec import Struct

from app.models.endpoint import Endpoint
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused
from app.models.spoken import Spoken
from app.settings.models import ModelSettings

#: One message of a conversation, as the API has it: `role`, `content`, and what goes with tools.
Turn = Mapping[str, object]

_PATH = "/chat/completions"


class ToolCall(Struct, frozen=True):
    """What a model wants done; `arguments` is JSON as the model wrote it, which may not be valid."""

    id: str
    name: str
    arguments: str


class Reply(Struct, frozen=True, kw_only=True):
    """What a model answered.

    Attributes:
        text: as it came, thoughts included.
        model: the model that answered, as the endpoint calls it.
        truncated: whether it was cut at the limit of tokens.
        calls: tools it wants called.
        prompt_tokens: as the endpoint counts; None where it does not say.
        completion_tokens: likewise.
    """

    text: str
    model: str
    truncated: bool = False
    calls: tuple[ToolCall, ...] = ()
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Function(Struct, frozen=True):
    name: str | None = None
    arguments: str | None = None


class _Call(Struct, frozen=True):
    function: _Function = _Function()
    id: str | None = None
    index: int | None = None


class _Message(Struct, frozen=True):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None


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


class _Step(Struct):
    delta: _Message = _Message()
    finish_reason: str | None = None


class _Chunk(Struct):
    choices: list[_Step] = []
    model: str | None = None


class Completions:
    """A client for one model. It never repeats a failed call: whoever asked does."""

    def __init__(self, settings: ModelSettings) -> None:
        """Prepare the client; nothing is sent.

        Raises:
            ModelPermanent: no model is named, or the base URL is not an http(s) URL.
        """
        if settings.model is None:
            raise ModelPermanent("language model: DOXA_LLM_MODEL is not set")
        self.model = settings.model
        self.max_tokens = settings.max_output_tokens
        # OpenAI's newer models know only the second name, most other servers only the first.
        self._limits = ["max_tokens", "max_completion_tokens"]
        if settings.base_url is None:
            self._limits.reverse()
        self._temperature: float | None = settings.temperature
        self._endpoint = Endpoint(
            settings.base_url,
            settings.api_key,
            settings.timeout_seconds,
            model=self.model,
            concurrency=settings.concurrency,
            circuit=settings.circuit,
        )

    async def ask(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> Reply:
        """Get a whole answer.

        Args:
            messages: the conversation.
            call: what is being asked, for the message of a fault.
            max_tokens: cap on the answer, below the deployment's own.
            more: further fields of the request, such as `response_format`.
            excused: whether a fault speaks of those fields; it does not count as the endpoint's failure.

        Raises:
            app.models.faults.ModelFault: no answer came; the subclass says whether a later call may get one.
        """
        while True:
            body = self._body(messages, max_tokens, more)
            try:
                completion = await self._endpoint.post(_PATH, body, _Completion, call, excused)
            except ModelPermanent as fault:
                if not self._adapt(fault, body):
                    raise
            else:
                return self._reply(completion, call)

    async def stream(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> AsyncGenerator[str | Reply]:
        """Get an answer as it is written: pieces of its text, thoughts left out, and at last the whole reply.

        Args and Raises: as `ask`; a fault can also come after some pieces.
        """
        while True:
            body = {**self._body(messages, max_tokens, more), "stream": True}
            gathered = _Gathered(self.model)
            try:
                async with aclosing(self._endpoint.stream(_PATH, body, _Chunk, call, excused)) as chunks:
                    async for chunk in chunks:
                        piece = gathered.add(chunk)
                        if piece:
                            yield piece
            except ModelPermanent as fault:
                if gathered.begun or not self._adapt(fault, body):
                    raise
            else:
                yield self._checked(gathered.reply(), gathered.refusal, gathered.finish, call, gathered.begun)
                return

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    def _body(
        self, messages: Sequence[Turn], max_tokens: int | None, more: Mapping[str, object] | None
    ) -> dict[str, object]:
        limit = min(max_tokens or self.max_tokens, self.max_tokens)
        body: dict[str, object] = {"model": self.model, "messages": list(messages), self._limits[0]: limit}
        if self._temperature is not None:
            body["temperature"] = self._temperature
        return {**body, **(more or {})}

    def _reply(self, completion: _Completion, call: str) -> Reply:
        if not completion.choices:
            garbage = ModelGarbage(f"{call}: the endpoint sent no answer")
            garbage.said = str(completion.error)[:200]
            raise garbage
        choice = completion.choices[0]
        usage = completion.usage or _Usage()
        reply = Reply(
            text=choice.message.content or "",
            model=completion.model or self.model,
            truncated=choice.finish_reason == "length",
            calls=_calls(choice.message.tool_calls or []),
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
        )
        return self._checked(reply, choice.message.refusal, choice.finish_reason, call, answered=True)

    def _checked(self, reply: Reply, refusal: str | None, finish: str | None, call: str, answered: bool) -> Reply:
        if not answered:
            raise ModelGarbage(f"{call}: the endpoint sent no answer")
        if refusal or finish == "content_filter":
            raise ModelRefused(f"{call}: the model declined")
        return reply

    def _adapt(self, fault: ModelPermanent, body: Mapping[str, object]) -> bool:
        """Leave out what the endpoint complained of; True when the call may now go through.

        `body` is what the failed call was made with: another task may have adapted in the meantime.
        """
        if fault.status not in {400, 422}:
            return False
        limit = next(name for name in ("max_tokens", "max_completion_tokens") if name in body)
        if limit in fault.said:
            if self._limits[0] == limit and len(self._limits) > 1:
                del self._limits[0]
            return self._limits[0] != limit
        if "temperature" in body and "temperature" in fault.said:
            self._temperature = None
            return True
        return False


class _Gathered:
    """A reply that comes in chunks."""

    def __init__(self, model: str) -> None:
        self.begun = False
        self.refusal = ""
        self.finish: str | None = None
        self._model = model
        self._text: list[str] = []
        self._calls: dict[int, _Call] = {}
        self._spoken = Spoken()

    def add(self, chunk: _Chunk) -> str:
        """Take one chunk in; the piece of visible text that it brings."""
        self.begun = True
        self._model = chunk.model or self._model
        if not chunk.choices:
            return ""
        step = chunk.choices[0]
        self.finish = step.finish_reason or self.finish
        self.refusal += step.delta.refusal or ""
        for place, part in enumerate(step.delta.tool_calls or []):
            index = place if part.index is None else part.index
            self._calls[index] = _joined(self._calls.get(index, _Call()), part)
        content = step.delta.content or ""
        self._text.append(content)
        piece = self._spoken.add(content)
        return piece + self._spoken.rest() if step.finish_reason else piece

    def reply(self) -> Reply:
        """All of it."""
        calls = [call for _, call in sorted(self._calls.items())]
        return Reply(
            text="".join(self._text), model=self._model, truncated=self.finish == "length", calls=_calls(calls)
        )


def _joined(known: _Call, part: _Call) -> _Call:
    return _Call(
        function=_Function(
            (known.function.name or "") + (part.function.name or ""),
            (known.function.arguments or "") + (part.function.arguments or ""),
        ),
        id=known.id or part.id,
    )


def _calls(found: Sequence[_Call]) -> tuple[ToolCall, ...]:
    # Some servers leave the id out; the answer to a call must name one.
    return tuple(
        ToolCall(call.id or f"call_{place}", call.function.name, call.function.arguments or "{}")
        for place, call in enumerate(found)
        if call.function.name
    )
