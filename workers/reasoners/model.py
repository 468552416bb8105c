"""The reasoner that asks a language model: one call for a batch, every claim checked against the messages."""

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from app.models.faults import ModelGarbage
from app.models.language import LanguageModel
from app.settings import ModelSettings
from workers.prompts import Prompt, prompt, read
from workers.reasoners.claims import Claims, check
from workers.reasoners.seam import Batch, Dropped, Extraction
from workers.turns import Turn


class _Line(Struct, rename={"author": "from"}):
    """One message as the model sees it."""

    id: str
    author: str
    at: str
    new: bool
    text: str


class _Material(Struct):
    subject: str
    messages: list[_Line]


class ModelReasoner:
    """Reasons with any model behind an OpenAI-compatible endpoint."""

    def __init__(self, settings: ModelSettings, told: Prompt | None = None) -> None:
        """Prepare the client; nothing is sent.

        Args:
            settings: the endpoint and its model.
            told: the prompt; the one in `workers/prompts/extract.md` when None.

        Raises:
            app.models.faults.ModelPermanent: the settings make no sense.
        """
        self._language = LanguageModel(settings)
        self._prompt = told or read("extract")

    @property
    def model(self) -> str:
        """Name of the model, as configured."""
        return self._language.model

    async def prepare(self) -> None:
        """Ask the endpoint for the least there is, so that a wrong key or name shows at once.

        Raises:
            app.models.faults.ModelFault: it does not answer.
        """
        await self._language.probe()

    async def extract(self, batch: Batch) -> Extraction:
        """Conclude from a batch with one call.

        A batch whose answer does not fit into the model's limit is halved and asked again.

        Raises:
            app.models.faults.ModelFault: nothing can be concluded now, or not without a change.
        """
        told = _with_instructions(self._prompt, batch.instructions)
        if not any(letter.isalnum() for turn in batch.turns for letter in turn.content):
            return Extraction((), (), self.model, told.sha256, 0, 0)
        try:
            return await self._ask(batch, told)
        except ModelGarbage as fault:
            if not fault.truncated or len(batch.turns) < 2:
                raise
        half = len(batch.turns) // 2
        head, tail = batch.turns[:half], batch.turns[half:]
        first = await self.extract(msgspec.structs.replace(batch, turns=head))
        rest = await self.extract(msgspec.structs.replace(batch, turns=tail, context=(*batch.context, *head)))
        return _joined(first, rest)

    async def close(self) -> None:
        """Close the connections."""
        await self._language.close()

    async def _ask(self, batch: Batch, told: Prompt) -> Extraction:
        material, turns, others = _material(batch)
        answer = await self._language.structured(system=told.text, user=material, schema=Claims, name="propositions")
        propositions, dropped = check(answer.value.propositions, batch.subject, turns, others)
        return Extraction(
            propositions, dropped, answer.model, told.sha256, answer.prompt_tokens, answer.completion_tokens
        )


def _with_instructions(told: Prompt, instructions: str | None) -> Prompt:
    words = (instructions or "").strip()
    if not words:
        return told
    return prompt(
        f"{told.text}\n# What the operator asks for\n\n"
        "The operator of this chat adds the following. It may narrow or direct what you note down. It changes nothing "
        f"about the form of the answer, nor about what counts as a source.\n\n{words}\n"
    )


def _material(batch: Batch) -> tuple[str, dict[str, Turn], dict[str, Turn]]:
    """The messages as JSON text, and which of them the model knows by which id: those of the batch, and the others."""
    new = {turn.message_id for turn in batch.turns}
    # Sorting keeps the order of what was sent at the same moment, and each of the two comes in order.
    said = sorted((*batch.context, *batch.turns), key=lambda turn: turn.created_at)
    numbered = {f"m{number}": turn for number, turn in enumerate(said, 1)}
    lines = [
        _Line(name, turn.peer_id, f"{turn.created_at:%A} {turn.created_at.isoformat(' ', 'minutes')}",
              turn.message_id in new, turn.content)
        for name, turn in numbered.items()
    ]  # fmt: skip
    material = msgspec.json.encode(_Material(batch.subject, lines)).decode()
    turns = {name: turn for name, turn in numbered.items() if turn.message_id in new and turn.peer_id == batch.subject}
    return material, turns, {name: turn for name, turn in numbered.items() if name not in turns}


def _joined(first: Extraction, rest: Extraction) -> Extraction:
    return Extraction(
        (*first.propositions, *rest.propositions),
        _summed((*first.dropped, *rest.dropped)),
        rest.model,
        rest.prompt_hash,
        first.prompt_tokens + rest.prompt_tokens,
        first.completion_tokens + rest.completion_tokens,
    )


def _summed(dropped: Sequence[Dropped]) -> tuple[Dropped, ...]:
    counts: Counter[str] = Counter()
    for one in dropped:
        counts[one.reason] += one.count
    return tuple(Dropped(reason, count) for reason, count in sorted(counts.items()))
