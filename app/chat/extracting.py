"""Answering without a language model: the memories that come closest to the question, as they stand.

The same question to the same memory gets the same answer. Nothing is put into other words, so nothing is made up.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from app.chat.evidence import ToolUse
from app.chat.memory import DERIVED, EXPLICIT, Memory
from app.chat.question import Question
from app.chat.words import content_words, share, without
from graph.store.conclusions import Near
from graph.types import Conclusion, Message

MOST_CONCLUSIONS = 5
MOST_MESSAGES = 3
MOST_CARD_LINES = 5
SEARCHED_MESSAGES = 10
#: A text that has this part of the question's words counts as near.
SHARED = 0.5
#: What all of the question's words are worth beside the cosine.
WORDS_WORTH = 0.25
#: What scores less than the best by more than this is left out.
BEHIND_BEST = 0.25
LONGEST_QUOTE = 300

HEADING = "What is remembered that comes closest:"
NOTHING = "Nothing that is remembered answers this."


class _Found(Struct, frozen=True):
    conclusion: Conclusion
    score: float


class ExtractiveAnswerer:
    """Answers with what is held and was said, word for word."""

    gives_forms = False

    async def answer(self, question: Question, memory: Memory) -> AsyncGenerator[str]:
        """The closest conclusions, card lines and messages, a line each; or that there is nothing.

        Raises:
            StoreFault: the database did not do its part.
        """
        names = [name for name in (question.observer, question.observed) if name]
        wanted = content_words(question.text, names)
        conclusions = await self._conclusions(question, memory, wanted, names)
        said = await self._messages(question, memory, wanted, conclusions)
        lines = [f"- {_line(one.content)} ({_day(one.observed_at)})" for one in conclusions]
        lines += [f"- {_line(line)} (card)" for line in _card(question, wanted)]
        lines += [f'- {one.peer_id} said on {_day(one.created_at)}: "{_quote(one.content)}"' for one in said]
        for one in conclusions:
            memory.evidence.note_conclusion(one)
        for message in said:
            memory.evidence.note_message(message)
        if not lines:
            yield NOTHING
            return
        yield HEADING
        for line in lines:
            yield f"\n{line}"

    async def close(self) -> None:
        """Nothing is open."""

    async def _conclusions(
        self, question: Question, memory: Memory, wanted: frozenset[str], names: Sequence[str]
    ) -> list[Conclusion]:
        sizes = ((EXPLICIT, question.effort.explicit), (DERIVED, question.effort.derived))
        found = [near for part in await memory.recall(question.text, *sizes) for near in part]
        _note(memory, "search_memory", query=question.text, top_k=sum(size for _, size in sizes))
        # A name draws everything about its bearer near, so how near a thing is shows without it.
        nameless = without(question.text, names)
        bare = found
        if wanted and nameless != question.text:
            bare = [near for part in await memory.recall(nameless, *sizes) for near in part]
        similarity = {near.conclusion.id: 1 - near.distance for near in bare}
        scored = [
            _Found(near.conclusion, 1 - near.distance + WORDS_WORTH * share(wanted, near.conclusion.content))
            for near in found
            if not wanted or _near(near, similarity, memory.answer_similarity, wanted)
        ]
        scored.sort(key=lambda one: (-one.score, one.conclusion.id))
        best = scored[0].score if scored else 0.0
        return [one.conclusion for one in scored[:MOST_CONCLUSIONS] if one.score >= best - BEHIND_BEST]

    async def _messages(
        self, question: Question, memory: Memory, wanted: frozenset[str], conclusions: Sequence[Conclusion]
    ) -> list[Message]:
        found = await memory.search_messages(question.text, SEARCHED_MESSAGES)
        _note(memory, "search_messages", query=question.text, limit=SEARCHED_MESSAGES)
        told = {source for one in conclusions for source in one.source_message_ids}
        asked = question.text.casefold().strip()
        fitting = [
            one
            for one in found
            # What was asked may itself have been written down as a message; it answers nothing.
            if one.id not in told and one.content.casefold().strip() != asked and share(wanted, one.content) >= SHARED
        ]
        return fitting[:MOST_MESSAGES]


def _near(near: Near, similarity: Mapping[str, float], least: float, wanted: frozenset[str]) -> bool:
    return similarity.get(near.conclusion.id, 0.0) >= least or share(wanted, near.conclusion.content) >= SHARED


def _card(question: Question, wanted: frozenset[str]) -> list[str]:
    return [line for line in question.card if not wanted or share(wanted, line) >= SHARED][:MOST_CARD_LINES]


def _note(memory: Memory, name: str, **given: object) -> None:
    memory.evidence.tool_uses.append(ToolUse(name, given))


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _line(text: str) -> str:
    return " ".join(text.split())


def _quote(text: str) -> str:
    line = _line(text)
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE].rstrip()}…"
