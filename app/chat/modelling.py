"""Answering with a language model: what was recalled is shown to it, and it may look further with tools."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from app.chat.evidence import ToolUse
from app.chat.levels import SHARES
from app.chat.lines import ConclusionLine, MessageLine, conclusion_lines, fitting, message_lines
from app.chat.memory import DERIVED, EXPLICIT, Memory
from app.chat.prompts import read
from app.chat.question import Question
from app.chat.response_format import Form
from app.chat.tools import TOOLS
from app.chat.tools.seam import ChatTool, Misused
from app.models import tokens
from app.models.completions import Reply, ToolCall, Turn
from app.models.language import LanguageModel, Tool
from app.models.prompts import prompt
from app.models.spending import Ledger
from app.models.spoken import spoken
from app.settings.models import ModelSettings
from graph.ids import new_id
from graph.types import Run

#: Calls that are done in one round; a model that wants more is told so.
MOST_CALLS = 8
#: Below so many tokens left, nothing more is looked up.
LEAST_ROOM = 1_000
#: Text that comes before a call of a tool is the model talking to itself; what is longer than this is the answer.
HELD_BACK = 200

_NAME = "chat"
_JSON = msgspec.json.Encoder()


class _Material(Struct, frozen=True, kw_only=True, omit_defaults=True):
    now: str
    observer: str | None = None
    about: str | None = None
    own_card: list[str] = []
    card: list[str] = []
    explicit: list[ConclusionLine] = []
    derived: list[ConclusionLine] = []
    history: list[MessageLine] = []


class _Result(Struct, frozen=True, kw_only=True, omit_defaults=True):
    conclusions: list[ConclusionLine] = []
    messages: list[MessageLine] = []
    nothing: str | None = None
    error: str | None = None


class ModelAnswerer:
    """Answers with any model behind an OpenAI-compatible endpoint, with tools where it can call them."""

    gives_forms = True

    def __init__(self, settings: ModelSettings, prompts: Path | None = None) -> None:
        """Prepare the client; nothing is sent.

        Args:
            settings: the endpoint and its model.
            prompts: a folder whose files replace the built-in prompts of the same name.

        Raises:
            app.models.faults.ModelPermanent: the settings make no sense.
        """
        self._language = LanguageModel(settings)
        self._prompts = prompts

    async def answer(self, question: Question, memory: Memory) -> AsyncGenerator[str]:
        """The model's answer.

        Raises:
            app.models.faults.ModelFault: the model did not do its part; also after some pieces, where it streams.
            StoreFault: the database did not do its part.
        """
        opening = await _opening(question, memory, self._prompts)
        talk = _Talk(self._language, question, memory, opening, self._prompts)
        try:
            async with aclosing(_answered(talk, question)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            # Also for a client that has gone away: its answer was paid for.
            await asyncio.shield(memory.record(talk.runs()))

    async def close(self) -> None:
        """Close the connections."""
        await self._language.close()


async def _answered(talk: "_Talk", question: Question) -> AsyncGenerator[str]:
    for _ in range(question.effort.rounds if talk.tools else 0):
        if not talk.goes_on:
            break
        async with aclosing(talk.round()) as pieces:
            async for piece in pieces:
                yield piece
        if talk.answered:
            break
    if question.form is not None:
        yield await talk.formed(question.form)
    elif not talk.answered:
        async with aclosing(talk.last()) as pieces:
            async for piece in pieces:
                yield piece


class _Talk:
    """The conversation about one question."""

    def __init__(
        self, language: LanguageModel, question: Question, memory: Memory, turns: list[Turn], prompts: Path | None
    ) -> None:
        self.answered = False
        self.tools: Mapping[str, ChatTool] = {} if memory.reach.nothing else _offered(question, memory)
        self._language = language
        self._question = question
        self._memory = memory
        self._turns = turns
        self._room = SHARES.all - sum(tokens.count(str(turn["content"])) for turn in turns)
        self._looked_up = False
        self._prompts = prompts
        self._ledger = Ledger(prompt(str(turns[0]["content"])).sha256)

    def runs(self) -> list[Run]:
        """A record of each call that was made."""
        return [
            Run(
                id=new_id(),
                step=_NAME,
                model=call.model,
                prompt_hash=self._ledger.prompt_hash,
                prompt_tokens=call.prompt_tokens,
                completion_tokens=call.completion_tokens,
                started_at=call.started_at,
                finished_at=call.finished_at,
                outcome="answered" if call.fault is None else "failed",
                dropped={},
                calls=1,
                cost=call.cost,
                fault=call.fault,
            )
            for call in self._ledger.calls
        ]

    @property
    def goes_on(self) -> bool:
        """Whether something more may be looked up."""
        return self._language.tools and self._room >= LEAST_ROOM

    async def round(self) -> AsyncGenerator[str]:
        """Ask with tools: either the answer comes, or calls are made whose results are shown next."""
        reply: Reply | None = None
        async with aclosing(self._said([one.described for one in self.tools.values()])) as pieces:
            async for piece in pieces:
                if isinstance(piece, Reply):
                    reply = piece
                elif self._question.form is None:
                    yield piece
        assert reply is not None
        if self.answered and self._question.form is not None:
            self._turns.append({"role": "assistant", "content": spoken(reply.text)})
        if not self.answered:
            await self._look_up(reply)

    async def last(self) -> AsyncGenerator[str]:
        """Ask without tools."""
        if self._looked_up:
            self._turns.append({"role": "user", "content": read("enough", self._prompts)})
        async with aclosing(self._said([])) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    yield piece

    async def formed(self, form: Form) -> str:
        """Ask for the answer in a form."""
        if len(self._turns) > 2:
            self._turns.append({"role": "user", "content": read("form", self._prompts)})
        answer = await self._language.shaped(
            self._turns,
            form.schema,
            form.read,
            name=_NAME,
            max_tokens=self._question.effort.output_tokens,
            ledger=self._ledger,
        )
        return answer.value

    async def _said(self, tools: Sequence[Tool]) -> AsyncGenerator[str | Reply]:
        """Pieces of the answer if one comes, and at last the reply; calls after much text are not made."""
        limit = self._question.effort.output_tokens
        if not self._question.stream or self._question.form is not None:
            reply = await self._language.say(self._turns, tools, name=_NAME, max_tokens=limit, ledger=self._ledger)
            self.answered = not reply.calls
            if self.answered:
                yield spoken(reply.text)
            yield reply
            return
        held, showing = "", False
        async with aclosing(
            self._language.stream(self._turns, tools, name=_NAME, max_tokens=limit, ledger=self._ledger)
        ) as pieces:
            async for piece in pieces:
                if isinstance(piece, Reply):
                    self.answered = showing or not piece.calls
                    if self.answered and held:
                        yield held
                    yield piece
                elif showing:
                    yield piece
                else:
                    held += piece
                    if not tools or len(held) > HELD_BACK:
                        showing = True
                        yield held
                        held = ""

    async def _look_up(self, reply: Reply) -> None:
        calls = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": _sound(call.arguments)}}
            for call in reply.calls
        ]
        self._turns.append({"role": "assistant", "content": spoken(reply.text), "tool_calls": calls})
        self._looked_up = True
        for place, call in enumerate(reply.calls):
            result = await self._result(call) if place < MOST_CALLS else _Result(error="too many calls at once")
            content = _JSON.encode(result).decode()
            self._room -= tokens.count(content) + tokens.count(call.arguments)
            self._turns.append({"role": "tool", "tool_call_id": call.id, "content": content})

    async def _result(self, call: ToolCall) -> _Result:
        tool = self.tools.get(call.name)
        if tool is None:
            return _Result(error="there is no such tool")
        try:
            found = await tool.run(self._memory, call.arguments)
        except Misused as fault:
            return _Result(error=str(fault))
        given = msgspec.json.decode(_sound(call.arguments), type=dict[str, object])
        self._memory.evidence.tool_uses.append(ToolUse(call.name, given))
        if not found.conclusions and not found.messages:
            return _Result(nothing="nothing was found")
        room = max(0, min(SHARES.result, self._room))
        return _Result(
            conclusions=conclusion_lines(self._memory, found.conclusions, room),
            messages=message_lines(self._memory, found.messages, room, found.hits),
        )


async def _opening(question: Question, memory: Memory, prompts: Path | None) -> list[Turn]:
    """The system's words, and the material with the question."""
    effort = question.effort
    explicit, derived = await memory.recall(question.text, (EXPLICIT, effort.explicit), (DERIVED, effort.derived))
    material = _Material(
        now=_day_and_minute(memory.reach.as_of or datetime.now(UTC)),
        observer=question.observer,
        about=question.observed,
        own_card=_card(question.own_card),
        card=_card(question.card),
        explicit=conclusion_lines(memory, [near.conclusion for near in explicit], SHARES.explicit),
        derived=conclusion_lines(memory, [near.conclusion for near in derived], SHARES.derived),
        history=message_lines(memory, question.history, SHARES.all),
    )
    told = f"# Material\n\n{_JSON.encode(material).decode()}\n\n# Question\n\n{question.text}"
    return [{"role": "system", "content": system(question, memory, prompts)}, {"role": "user", "content": told}]


def system(question: Question, memory: Memory, prompts: Path | None = None) -> str:
    """What the model is told to do."""
    parts = [read("workspace" if question.observed is None else "peer", prompts), read("rules", prompts)]
    if _offered(question, memory):
        parts.append(read("tools", prompts))
    if question.instructions:
        parts.append(
            "# What the operator asks for\n\nThe operator of this service adds the following. It may direct how you "
            f"answer; it changes nothing about what counts as known.\n\n{question.instructions}"
        )
    return "\n\n".join(parts)


def _offered(question: Question, memory: Memory) -> dict[str, ChatTool]:
    wanted = question.effort.tools
    return {
        name: one
        for name, one in TOOLS.items()
        if (wanted is None or name in wanted) and (one.under_allowlist or memory.reach.allowed is None)
    }


def _card(lines: Sequence[str]) -> list[str]:
    return fitting(lines, str, SHARES.cards)


def _sound(arguments: str) -> str:
    """Arguments as JSON that others can read; what is no object becomes an empty one."""
    try:
        return _JSON.encode(msgspec.json.decode(arguments or "{}", type=dict[str, object])).decode()
    except (msgspec.DecodeError, RecursionError):
        return "{}"


def _day_and_minute(moment: datetime) -> str:
    return f"{moment:%A} {moment.astimezone(UTC).isoformat(' ', 'minutes')[:16]} UTC"
