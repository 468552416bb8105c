"""Anthropic's messages in place of chat completions: the same questions and replies, told in its API's words.

A form is asked for as a tool that must be called: what the model hands to it is the answer.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import cast

import msgspec
from msgspec import Struct

from app.models.anthropic_endpoint import AnthropicEndpoint
from app.models.completions import Reply, ToolCall, Turn
from app.models.faults import ModelFault, ModelGarbage, ModelPermanent, ModelRefused
from app.models.spoken import Spoken
from app.settings.models import ModelSettings

_PATH = "/v1/messages"
_JSON = msgspec.json.Encoder()


class _Block(Struct, frozen=True):
    type: str = ""
    text: str = ""
    id: str = ""
    name: str = ""
    input: msgspec.Raw = msgspec.Raw(b"{}")


class _Usage(Struct, frozen=True):
    input_tokens: int | None = None
    output_tokens: int | None = None


class _Message(Struct, frozen=True):
    content: list[_Block] = []
    model: str | None = None
    stop_reason: str | None = None
    usage: _Usage = _Usage()


class _Delta(Struct, frozen=True):
    text: str = ""
    partial_json: str = ""
    stop_reason: str | None = None


class _Started(Struct, frozen=True):
    type: str = ""
    id: str = ""
    name: str = ""


class _Head(Struct, frozen=True):
    model: str | None = None
    usage: _Usage = _Usage()


class _Event(Struct, frozen=True):
    type: str = ""
    index: int = 0
    message: _Head | None = None
    content_block: _Started | None = None
    delta: _Delta | None = None
    usage: _Usage | None = None


class Messages:
    """A client for one of Anthropic's models. It never repeats a failed call: whoever asked does."""

    def __init__(self, settings: ModelSettings) -> None:
        """Prepare the client; nothing is sent.

        Raises:
            ModelPermanent: no model is named, or the base URL is not an http(s) URL.
        """
        if settings.model is None:
            raise ModelPermanent("language model: DOXA_LLM_MODEL is not set")
        self.model = settings.model
        self.max_tokens = settings.max_output_tokens
        self._temperature: float | None = settings.temperature
        self._endpoint = AnthropicEndpoint(
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
        """Get a whole answer; as `app.models.completions.Completions.ask`."""
        while True:
            body, formed = self._body(messages, max_tokens, more or {})
            try:
                found = await self._endpoint.post(_PATH, body, _Message, call, excused)
            except ModelPermanent as fault:
                if not self._adapt(fault, body):
                    raise
                continue
            called = [block for block in found.content if block.type == "tool_use"]
            text = "".join(block.text for block in found.content if block.type == "text")
            calls = tuple(ToolCall(block.id, block.name, bytes(block.input).decode()) for block in called)
            if formed and called:
                text, calls = bytes(called[0].input).decode(), ()
            if not found.content and found.stop_reason is None:
                raise ModelGarbage(f"{call}: the endpoint sent no answer")
            reply = Reply(
                text=text,
                model=found.model or self.model,
                truncated=found.stop_reason == "max_tokens",
                calls=calls,
                prompt_tokens=found.usage.input_tokens,
                completion_tokens=found.usage.output_tokens,
            )
            return _checked(reply, found.stop_reason, call)

    async def stream(
        self,
        messages: Sequence[Turn],
        *,
        call: str,
        max_tokens: int | None = None,
        more: Mapping[str, object] | None = None,
        excused: Callable[[ModelFault], bool] | None = None,
    ) -> AsyncGenerator[str | Reply]:
        """Get an answer as it is written; as `app.models.completions.Completions.stream`."""
        while True:
            body, _ = self._body(messages, max_tokens, more or {})
            gathered = _Gathered(self.model)
            try:
                async with aclosing(
                    self._endpoint.stream(_PATH, {**body, "stream": True}, _Event, call, excused)
                ) as events:
                    async for event in events:
                        piece = gathered.add(event)
                        if piece:
                            yield piece
            except ModelPermanent as fault:
                if gathered.begun or not self._adapt(fault, body):
                    raise
                continue
            if not gathered.begun:
                raise ModelGarbage(f"{call}: the endpoint sent no answer")
            yield _checked(gathered.reply(), gathered.stop, call)
            return

    async def close(self) -> None:
        """Close the connections."""
        await self._endpoint.close()

    def _body(
        self, messages: Sequence[Turn], max_tokens: int | None, more: Mapping[str, object]
    ) -> tuple[dict[str, object], bool]:
        """The request, and whether the answer comes as the call of a tool."""
        tools, choice = _tools(more)
        body: dict[str, object] = {
            "model": self.model,
            "max_tokens": min(max_tokens or self.max_tokens, self.max_tokens),
            "system": "\n\n".join(str(turn["content"]) for turn in messages if turn["role"] == "system"),
            "messages": _told([turn for turn in messages if turn["role"] != "system"], with_tools="tools" in more),
        }
        if self._temperature is not None:
            body["temperature"] = min(self._temperature, 1.0)
        if tools:
            body["tools"], body["tool_choice"] = tools, choice
        return body, choice.get("type") == "tool"

    def _adapt(self, fault: ModelPermanent, body: Mapping[str, object]) -> bool:
        """Leave the temperature out where a model complains of it; True when the call may now go through."""
        if fault.status == 400 and "temperature" in body and "temperature" in fault.said:
            self._temperature = None
            return True
        return False


def _checked(reply: Reply, stop: str | None, call: str) -> Reply:
    if stop == "refusal":
        raise ModelRefused(f"{call}: the model declined")
    return reply


def _tools(more: Mapping[str, object]) -> tuple[list[dict[str, object]], dict[str, str]]:
    """The tools that a request offers, in Anthropic's words, and which must be called."""
    if "tools" in more:
        offered = cast("Sequence[Mapping[str, object]]", more["tools"])
        functions = [cast("Mapping[str, object]", one["function"]) for one in offered]
        return [
            {"name": one["name"], "description": one["description"], "input_schema": one["parameters"]}
            for one in functions
        ], {"type": "auto"}
    form = cast("Mapping[str, object]", more.get("response_format") or {})
    if form.get("type") != "json_schema":
        return [], {}
    asked = cast("Mapping[str, object]", form["json_schema"])
    name = str(asked["name"])
    tool = {"name": name, "description": "Takes the answer.", "input_schema": asked["schema"]}
    return [tool], {"type": "tool", "name": name}


def _told(turns: Sequence[Turn], *, with_tools: bool) -> list[dict[str, object]]:
    """A conversation in Anthropic's words: speakers take turns, and results of tools come from the user.

    Where no tools are offered, earlier calls and results are told as text: the API refuses them otherwise.
    """
    told: list[tuple[str, list[dict[str, object]]]] = []
    for turn in turns:
        role = "assistant" if turn["role"] == "assistant" else "user"
        blocks = _blocks(turn, with_tools=with_tools)
        if told and told[-1][0] == role:
            told[-1][1].extend(blocks)
        elif blocks:
            told.append((role, blocks))
    return [{"role": role, "content": blocks} for role, blocks in told]


def _blocks(turn: Turn, *, with_tools: bool) -> list[dict[str, object]]:
    content = str(turn.get("content") or "")
    if turn["role"] == "tool":
        if not with_tools:
            return [{"type": "text", "text": f"Result: {content}"}]
        return [{"type": "tool_result", "tool_use_id": turn["tool_call_id"], "content": content}]
    blocks: list[dict[str, object]] = [{"type": "text", "text": content}] if content.strip() else []
    for call in cast("Sequence[Mapping[str, object]]", turn.get("tool_calls") or ()):
        function = cast("Mapping[str, str]", call["function"])
        if with_tools:
            given = msgspec.json.decode(function["arguments"], type=dict[str, object])
            blocks.append({"type": "tool_use", "id": call["id"], "name": function["name"], "input": given})
        else:
            blocks.append({"type": "text", "text": f"Looked up: {function['name']} {function['arguments']}"})
    return blocks


class _Gathered:
    """A reply that comes in events."""

    def __init__(self, model: str) -> None:
        self.begun = False
        self.stop: str | None = None
        self._model = model
        self._text: list[str] = []
        self._calls: dict[int, tuple[_Started, list[str]]] = {}
        self._prompt_tokens: int | None = None
        self._completion_tokens: int | None = None
        self._spoken = Spoken()

    def add(self, event: _Event) -> str:
        """Take one event in; the piece of visible text that it brings."""
        self.begun = True
        if event.message is not None:
            self._model = event.message.model or self._model
            self._prompt_tokens = event.message.usage.input_tokens
        if event.content_block is not None and event.content_block.type == "tool_use":
            self._calls[event.index] = (event.content_block, [])
        if event.usage is not None and event.usage.output_tokens is not None:
            self._completion_tokens = event.usage.output_tokens
        delta = event.delta
        if delta is None:
            return self._spoken.rest() if event.type == "message_stop" else ""
        self.stop = delta.stop_reason or self.stop
        if event.index in self._calls:
            self._calls[event.index][1].append(delta.partial_json)
        self._text.append(delta.text)
        return self._spoken.add(delta.text) if delta.text else ""

    def reply(self) -> Reply:
        """All of it."""
        return Reply(
            text="".join(self._text),
            model=self._model,
            truncated=self.stop == "max_tokens",
            calls=tuple(
                ToolCall(head.id, head.name, "".join(parts) or "{}") for _, (head, parts) in sorted(self._calls.items())
            ),
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
        )
