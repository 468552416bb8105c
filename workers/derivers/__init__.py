"""Derivers: the seam, and which one the settings name."""

from app.settings import Settings, Step
from workers.derivers.rules import RulesDeriver
from workers.derivers.seam import Derivation, Derived, Deriver, Ground, Grounds, Source
from workers.prompts import read

__all__ = ["Derivation", "Derived", "Deriver", "Ground", "Grounds", "RulesDeriver", "Source", "deriver"]


def deriver(settings: Settings, step: Step = "derivation") -> Deriver:
    """Make the deriver that the settings name for a step: a language model where one is set, else the built-in rules.

    Args:
        settings: what is set.
        step: `derivation` for what is new, `dream` for where dreams look.

    Raises:
        app.models.faults.ModelPermanent: the settings of the model make no sense.
    """
    llm = settings.model_of(step)
    if llm.enabled:
        from workers.derivers.model import ModelDeriver  # noqa: PLC0415 -- `openai` costs a second and 40 MB

        return ModelDeriver(llm, read("derive", settings.prompts))
    return RulesDeriver()
