"""Thinking with a language model: its client, its prompt with what the operator adds, and the account of its calls."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import ClassVar

from app.models.faults import ModelFault
from app.models.language import LanguageModel
from app.models.spending import Ledger
from app.settings.models import ModelSettings
from workers.prompts import Prompt, prompt, read


class ModelThinker:
    """The base of what thinks with any model behind an endpoint."""

    prompt_name: ClassVar[str]
    """The file in `workers/prompts/`, without its ending."""
    operator_may: ClassVar[str]
    """What the operator's instructions may do, in the words in which the model is told so."""
    operator_may_not: ClassVar[str]
    """What they do not change, beside the form of the answer."""

    def __init__(self, settings: ModelSettings, told: Prompt | None = None) -> None:
        """Prepare the client; nothing is sent.

        Args:
            settings: the endpoint and its model.
            told: the prompt; the one in `workers/prompts/` when None.

        Raises:
            app.models.faults.ModelPermanent: the settings make no sense.
        """
        self._language = LanguageModel(settings)
        self._prompt = told or read(self.prompt_name)

    @property
    def model(self) -> str:
        """Name of the model, as configured."""
        return self._language.model

    async def close(self) -> None:
        """Close the connections."""
        await self._language.close()

    def _told(self, instructions: str | None) -> Prompt:
        """The prompt, with the operator's instructions where there are any."""
        words = (instructions or "").strip()
        if not words:
            return self._prompt
        return prompt(
            f"{self._prompt.text}\n# What the operator asks for\n\n"
            f"The operator of this chat adds the following. It may {self.operator_may}. It changes nothing "
            f"about the form of the answer, nor about {self.operator_may_not}.\n\n{words}\n"
        )


@contextmanager
def account(told: Prompt) -> Generator[Ledger]:
    """Notes the calls that are made inside, under a prompt; a fault that ends them carries the ledger on."""
    ledger = Ledger(told.sha256)
    try:
        yield ledger
    except ModelFault as fault:
        fault.ledger = ledger
        raise
