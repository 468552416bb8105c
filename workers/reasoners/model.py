"""The reasoner that asks a language model: one call for a batch, every claim checked against the messages."""

import msgspec
from msgspec import Struct

from app.models.faults import ModelGarbage
from app.models.spending import Ledger
from workers.prompts import Prompt
from workers.reasoners.claims import Claims, check
from workers.reasoners.seam import Batch, Extraction
from workers.thinking.model import ModelThinker, account
from workers.thinking.seam import Dropped, summed
from workers.turns import Proposition, Turn, any_words


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


#: Propositions, what was dropped, and the model that answered.
_Found = tuple[tuple[Proposition, ...], tuple[Dropped, ...], str]


class ModelReasoner(ModelThinker):
    """Reasons with any model behind an OpenAI-compatible endpoint."""

    prompt_name = "extract"
    operator_may = "narrow or direct what you note down"
    operator_may_not = "what counts as a source"

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
        told = self._told(batch.instructions)
        with account(told) as ledger:
            propositions, dropped, model = await self._extract(batch, told, ledger)
        return Extraction(propositions=propositions, dropped=summed(dropped), model=model, **ledger.totals())

    async def _extract(self, batch: Batch, told: Prompt, ledger: Ledger) -> _Found:
        if not any_words(batch.turns):
            return (), (), self.model
        try:
            return await self._ask(batch, told, ledger)
        except ModelGarbage as fault:
            if not fault.truncated or len(batch.turns) < 2:
                raise
        half = len(batch.turns) // 2
        head, tail = batch.turns[:half], batch.turns[half:]
        first = await self._extract(msgspec.structs.replace(batch, turns=head), told, ledger)
        rest = await self._extract(
            msgspec.structs.replace(batch, turns=tail, context=(*batch.context, *head)), told, ledger
        )
        return (*first[0], *rest[0]), (*first[1], *rest[1]), rest[2]

    async def _ask(self, batch: Batch, told: Prompt, ledger: Ledger) -> _Found:
        material, turns, others = _material(batch)
        answer = await self._language.structured(
            system=told.text, user=material, schema=Claims, name="propositions", ledger=ledger
        )
        return *check(answer.value.propositions, batch.subject, turns, others), answer.model


def _material(batch: Batch) -> tuple[str, dict[str, Turn], dict[str, Turn]]:
    """The messages as JSON text, and which of them the model knows by which id: those of the batch, and the others."""
    new = {turn.message_id for turn in batch.turns}
    # Sorting keeps the order of what was sent at the same moment, and each of the two comes in order.
    said = sorted((*batch.context, *batch.turns), key=lambda turn: turn.created_at)
    numbered = {f"m{number}": turn for number, turn in enumerate(said, 1)}
    lines = [
        _Line(name, turn.peer_id, turn.said_at, turn.message_id in new, turn.content) for name, turn in numbered.items()
    ]
    material = msgspec.json.encode(_Material(batch.subject, lines)).decode()
    turns = {name: turn for name, turn in numbered.items() if turn.message_id in new and turn.peer_id == batch.subject}
    return material, turns, {name: turn for name, turn in numbered.items() if name not in turns}
