"""Who answers questions: a language model where one is configured, else the closest memories themselves."""

from app.chat.extracting import ExtractiveAnswerer
from app.chat.question import Answerer
from app.settings import ModelSettings


def answerer(settings: ModelSettings) -> Answerer:
    """Make whoever answers under these settings; nothing is sent.

    Raises:
        app.models.faults.ModelPermanent: the settings make no sense.
    """
    if not settings.enabled:
        return ExtractiveAnswerer()
    from app.chat.modelling import ModelAnswerer  # noqa: PLC0415 -- `openai` costs a second and 40 MB

    return ModelAnswerer(settings)
