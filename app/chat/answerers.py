"""Who answers questions: a language model where one is configured, else the closest memories themselves."""

from app.chat.extracting import ExtractiveAnswerer
from app.chat.question import Answerer
from app.settings import Settings


def answerer(settings: Settings) -> Answerer:
    """Make whoever answers under these settings; nothing is sent.

    Raises:
        app.models.faults.ModelPermanent: the settings make no sense.
    """
    model = settings.model_of("chat")
    if not model.enabled:
        return ExtractiveAnswerer()
    from app.chat.modelling import ModelAnswerer  # noqa: PLC0415 -- `openai` costs a second and 40 MB

    return ModelAnswerer(model, settings.prompts)
