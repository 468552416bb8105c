"""The summariser that needs no model: it picks the sentences that say most, as they were said, with who said them.

A sentence says much if its words are those that the conversation is about, each against how common it is in every
sentence. The lines of the summary before compete with the new sentences for the room there is. Deterministic.
"""

import asyncio
import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from app.models import tokens
from workers.summarisers.seam import MOST_TOKENS, Stretch, Summarised

#: The name under which runs of the built-in rules are recorded.
MODEL = "rules"
#: Of the tokens of new messages, the share that a summary may grow by.
_GROWTH = {"short": 1 / 3, "long": 2 / 3}
#: Room that the first sentences have, however little was said.
_LEAST = {"short": 40, "long": 80}
#: Longer sentences are left out: what is not cut by any stop is rarely prose.
_LONGEST = 400
_LEAST_LETTERS = 4
_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|\n+")  # noqa: RUF001 -- stops of other scripts
_WORD = re.compile(r"[^\W_]+")
_QUESTION = ("?", "？", "؟")  # noqa: RUF001 -- question marks of other scripts
_VERSION = hashlib.sha256(b"summary 1: the sentences whose words the conversation is about").hexdigest()


class _Line(Struct, frozen=True):
    """A sentence with who said it, as it stands in a summary, and its place in the conversation."""

    place: int
    text: str
    words: frozenset[str]
    asks: bool


class RulesSummariser:
    """Picks sentences; instructions are not understood and have no effect."""

    model = MODEL

    async def summarise(self, stretch: Stretch) -> Summarised:
        """Summarise by rules; raises nothing for any text."""
        content = await asyncio.to_thread(summary_of, stretch)
        return Summarised(content=content, token_count=tokens.count(content), model=MODEL, prompt_hash=_VERSION)

    async def close(self) -> None:
        """There is nothing to give back."""


def summary_of(stretch: Stretch) -> str:
    """The lines that say most, in the order in which they were said; empty if no sentence has words."""
    lines = list(_lines(stretch))
    before = tokens.count(stretch.previous or "")
    grown = max(_LEAST[stretch.kind], before + math.ceil(stretch.tokens * _GROWTH[stretch.kind]))
    room = min(MOST_TOKENS[stretch.kind], grown)
    kept: list[_Line] = []
    for line in _ranked(lines):
        # The line break may be a token of its own.
        cost = tokens.count(line.text) + 1
        if cost <= room:
            kept.append(line)
            room -= cost
    return "\n".join(line.text for line in sorted(kept, key=lambda line: line.place))


def _lines(stretch: Stretch) -> Iterator[_Line]:
    texts = (stretch.previous or "").split("\n")
    texts += [f"{turn.peer_id}: {said}" for turn in stretch.turns for said in _sentences(turn.content)]
    seen: set[str] = set()
    for place, text in enumerate(texts):
        folded = text.casefold()
        words = frozenset(_WORD.findall(folded.partition(": ")[2] or folded))
        if words and folded not in seen:
            seen.add(folded)
            yield _Line(place, text, words, text.endswith(_QUESTION))


def _sentences(content: str) -> Iterator[str]:
    for part in _ENDS.split(content):
        text = " ".join(part.split())
        if len(text) <= _LONGEST and sum(letter.isalnum() for letter in text) >= _LEAST_LETTERS:
            yield text


def _ranked(lines: Sequence[_Line]) -> list[_Line]:
    """The lines by how much they say; of equals the later first, and questions after all else."""
    common = Counter(word for line in lines for word in line.words)

    def weight(word: str) -> float:
        return math.log(1 + len(word)) * math.log(1 + common[word]) * math.log((1 + len(lines)) / common[word])

    def rank(line: _Line) -> tuple[bool, float, int]:
        return line.asks, -sum(map(weight, sorted(line.words))) / math.sqrt(len(line.words)), -line.place

    return sorted(lines, key=rank)
