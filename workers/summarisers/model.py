"""The summariser that asks a language model: one call for a summary, and a second one if it came out too long."""

import msgspec
from msgspec import Struct

from app.models import tokens
from app.models.completions import Turn as Said
from app.models.faults import ModelGarbage
from app.models.language import Answer
from app.models.spending import Ledger
from app.models.structured import parse, schema_of
from workers.prompts import Prompt
from workers.summarisers.seam import MOST_TOKENS, Stretch, Summarised
from workers.thinking.model import ModelThinker, account
from workers.turns import any_words

#: Words that a summary should have: so many for each token of the messages, at most; a long one about as many.
_WORDS_PER_TOKEN, _LONG_WORDS = 0.75, 3000
#: Tokens of an answer beside those of the summary in it: the JSON around it, and what is written in other signs there.
_AROUND = 200


class _Summary(Struct):
    """The model's answer."""

    summary: str


class _Line(Struct, rename={"author": "from"}):
    """One message as the model sees it."""

    author: str
    at: str
    text: str


class _Material(Struct):
    words: int
    previous: str | None
    messages: list[_Line]


class ModelSummariser(ModelThinker):
    """Summarises with any model behind an endpoint."""

    prompt_name = "summarise"
    operator_may = "say what matters and how to write"
    operator_may_not = "what counts as a source"

    async def summarise(self, stretch: Stretch) -> Summarised:
        """Summarise with a call; where nobody wrote a letter or digit there is none, and nothing comes of it.

        Raises:
            app.models.faults.ModelGarbage: the summary is empty, or too long also when it was written again.
            app.models.faults.ModelFault: there is no summary now, or not without a change.
        """
        told = self._told(stretch.instructions)
        if not any_words(stretch.turns):
            return Summarised(content="", token_count=0, model=self.model, prompt_hash=told.sha256)
        with account(told) as ledger:
            content, model = await self._ask(stretch, told, ledger)
        return Summarised(content=content, token_count=tokens.count(content), model=model, **ledger.totals())

    async def _ask(self, stretch: Stretch, told: Prompt, ledger: Ledger) -> tuple[str, str]:
        most = MOST_TOKENS[stretch.kind]
        turns: list[Said] = [
            {"role": "system", "content": told.text},
            {"role": "user", "content": _material(stretch)},
        ]
        answer = await self._answer(turns, most, ledger)
        count = tokens.count(answer.value.summary)
        if count > most:
            turns += [
                {"role": "assistant", "content": msgspec.json.encode(answer.value).decode()},
                {"role": "user", "content": f"This has {count} tokens. Write it again with fewer than {most}."},
            ]
            answer = await self._answer(turns, most, ledger)
        content = answer.value.summary.replace("\0", " ").strip()
        if not any(letter.isalnum() for letter in content):
            raise ModelGarbage(f"model {self.model}, summary: it is empty")
        if tokens.count(content) > most:
            raise ModelGarbage(f"model {self.model}, summary: it has more than {most} tokens")
        return content, answer.model

    async def _answer(self, turns: list[Said], most: int, ledger: Ledger) -> Answer[_Summary]:
        return await self._language.shaped(
            turns,
            schema_of(_Summary),
            lambda text: parse(text, _Summary),
            name="summary",
            max_tokens=most + _AROUND,
            ledger=ledger,
        )


def _material(stretch: Stretch) -> str:
    words = _LONG_WORDS
    if stretch.kind == "short":
        given = stretch.tokens + tokens.count(stretch.previous or "")
        words = max(1, round(_WORDS_PER_TOKEN * min(given, MOST_TOKENS["short"])))
    lines = [_Line(turn.peer_id, turn.said_at, turn.content) for turn in stretch.turns]
    return msgspec.json.encode(_Material(words, stretch.previous, lines)).decode()
