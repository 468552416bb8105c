"""Summarisers: the seam, and which one the settings name."""

from app.settings import Settings
from workers.prompts import read
from workers.summarisers.rules import RulesSummariser
from workers.summarisers.seam import MOST_TOKENS, Stretch, Summarised, Summariser

__all__ = ["MOST_TOKENS", "Stretch", "Summarised", "Summariser", "summariser"]


def summariser(settings: Settings) -> Summariser:
    """Make the summariser that the settings name: a language model where one is set, else the built-in rules.

    Raises:
        app.models.faults.ModelPermanent: the settings of the model make no sense.
    """
    llm = settings.model_of("summary")
    if llm.enabled:
        from workers.summarisers.model import ModelSummariser  # noqa: PLC0415 -- `openai` costs a second and 40 MB

        return ModelSummariser(llm, read("summarise", settings.prompts))
    return RulesSummariser()
