"""The deriver that asks a language model: one call for what is held about a peer, every inference checked."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from graph.perspective import content_key
from workers.derivers.inferences import Inferences, check
from workers.derivers.rules import follow
from workers.derivers.seam import Derivation, Ground, Grounds
from workers.thinking.model import ModelThinker, account


class _Line(Struct):
    """One conclusion as the model sees it."""

    id: str
    said: str
    new: bool
    sources: int
    text: str


class _Material(Struct):
    subject: str
    known: list[_Line]


class ModelDeriver(ModelThinker):
    """Derives with any model behind an endpoint; what follows by rules comes along."""

    prompt_name = "derive"
    operator_may = "narrow or direct what you infer"
    operator_may_not = "what an inference may rest on"

    async def derive(self, grounds: Grounds) -> Derivation:
        """Derive with one call; with nothing new among the grounds there is none.

        Raises:
            app.models.faults.ModelFault: nothing can be derived now, or not without a change.
        """
        told = self._told(grounds.instructions)
        ruled = follow(grounds)
        if not any(ground.new for ground in grounds.known):
            return Derivation(derived=ruled, model=self.model, prompt_hash=told.sha256)
        material, numbered = _material(grounds)
        with account(told) as ledger:
            answer = await self._language.structured(
                system=told.text, user=material, schema=Inferences, name="derivations", ledger=ledger
            )
        found, dropped = check(answer.value.conclusions, grounds.subject, numbered)
        # The rules know what they derive for certain, and in always the same words.
        certain = {content_key(each.content, "", None) for each in ruled}
        more = [each for each in found if content_key(each.content, "", None) not in certain]
        return Derivation(derived=(*ruled, *more), dropped=dropped, model=answer.model, **ledger.totals())


def _material(grounds: Grounds) -> tuple[str, Mapping[str, Ground]]:
    """What is known as JSON text, and which of it the model knows by which id."""
    numbered = {f"k{number}": ground for number, ground in enumerate(grounds.known, 1)}
    lines = [
        _Line(name, f"{ground.observed_at:%Y-%m-%d}", ground.new, len(ground.sources), ground.content)
        for name, ground in numbered.items()
    ]
    return msgspec.json.encode(_Material(grounds.subject, lines)).decode(), numbered
