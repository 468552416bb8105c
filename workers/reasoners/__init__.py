"""Reasoners: the seam, and which one the settings name."""

from app.settings import Settings
from workers.prompts import read
from workers.reasoners.seam import Batch, Extraction, Reasoner

__all__ = ["Batch", "Extraction", "Reasoner", "reasoner"]


def reasoner(settings: Settings) -> Reasoner:
    """Make the reasoner that the settings name: a language model where one is set, else the built-in rules.

    Raises:
        app.models.faults.ModelPermanent: the settings of the model make no sense.
    """
    llm = settings.model_of("reasoning")
    if llm.enabled:
        from workers.reasoners.model import ModelReasoner  # noqa: PLC0415 -- `openai` costs a second and 40 MB

        return ModelReasoner(llm, read("extract", settings.prompts))
    from workers.reasoners.rules import RulesReasoner  # noqa: PLC0415 -- spaCy costs seconds and over 100 MB

    return RulesReasoner()
