"""Completions whose calls are counted and traced: model, tokens, tier, outcome; never a word of them."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from app.models import tokens
from app.models.completions import Reply, Turn
from app.models.faults import ModelFault, ModelGarbage, ModelRefused, ModelTransient
from app.models.speaker import Speaker
from app.telemetry.process import at_hand

#: How a call ended, by the class of its fault, the narrowest first.
_OUTCOMES: Mapping[type[ModelFault], str] = {
    ModelGarbage: "garbage",
    ModelTransient: "transient",
    ModelRefused: "refused",
    ModelFault: "permanent",
}


class ObservedCompletions:
    """Passes everything on to other completions, and notes what came of it."""

    def __init__(self, inner: Speaker) -> None:
        self._inner = inner
        self.model = inner.model
        self.max_tokens = inner.max_tokens

    async def ask(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> Reply:
        """Get a whole answer; as `Completions.ask`."""
        noting = _Noting(self.model, messages, more)
        try:
            reply = await self._inner.ask(messages, call=call, max_tokens=max_tokens, more=more, excused=excused)
            await noting.count(reply)
        except ModelFault as fault:
            noting.outcome = _outcome(fault)
            raise
        finally:
            noting.done()
        return reply

    async def stream(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> AsyncGenerator[str | Reply]:
        """Get an answer as it is written; as `Completions.stream`."""
        noting = _Noting(self.model, messages, more)
        try:
            async with aclosing(
                self._inner.stream(messages, call=call, max_tokens=max_tokens, more=more, excused=excused)
            ) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Reply):
                        await noting.count(piece)
                    yield piece
        except ModelFault as fault:
            noting.outcome = _outcome(fault)
            raise
        finally:
            noting.done()

    async def close(self) -> None:
        """Close the connections."""
        await self._inner.close()


class _Noting:
    """One call that is under way."""

    def __init__(self, model: str, messages: Sequence[Turn], more: Mapping[str, object] | None) -> None:
        self.outcome = "interrupted"
        self._model = model
        self._messages = messages
        self._tier = _tier(more or {})
        self._began, self._clock = time.time_ns(), time.perf_counter()
        self._prompt = self._completion = 0

    async def count(self, reply: Reply) -> None:
        """Take in the answer; what the endpoint does not count is counted here."""
        prompt, completion = reply.prompt_tokens, reply.completion_tokens
        if prompt is None:
            words = [str(one.get("content") or "") for one in self._messages]
            prompt = await asyncio.to_thread(lambda: sum(map(tokens.count, words)))
        if completion is None:
            completion = await asyncio.to_thread(tokens.count, reply.text)
        self._prompt, self._completion, self.outcome = prompt, completion, "answered"

    def done(self) -> None:
        """The call is over."""
        telemetry, purpose = at_hand()
        if telemetry is None:
            return
        seconds = time.perf_counter() - self._clock
        telemetry.metrics.model_called(self._model, purpose, self.outcome, seconds)
        telemetry.metrics.model_tokens(self._model, purpose, self._prompt, self._completion)
        said = {
            "gen_ai.request.model": self._model,
            "gen_ai.usage.input_tokens": self._prompt,
            "gen_ai.usage.output_tokens": self._completion,
            "doxa.model.tier": self._tier,
            "doxa.model.purpose": purpose,
        }
        failure = None if self.outcome == "answered" else self.outcome
        telemetry.tracing.record("model call", self._began, seconds, said, failure)


def _tier(more: Mapping[str, object]) -> str:
    if "tools" in more:
        return "tools"
    wanted = more.get("response_format")
    return str(wanted["type"]) if isinstance(wanted, dict) else "prompt"  # pyright: ignore[reportUnknownArgumentType]


def _outcome(fault: ModelFault) -> str:
    return next(name for kind, name in _OUTCOMES.items() if isinstance(fault, kind))
