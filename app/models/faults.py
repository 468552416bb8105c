"""What can go wrong with a model. `endpoint_faults` sorts the errors of the `openai` package into these classes.

* `ModelFault`
  * `ModelTransient`: timeout, lost connection, 408, 409, 425, 429, 5xx; the same call may work later
    * `ModelGarbage`: the endpoint answered, but with nothing usable, also after one repair
  * `ModelPermanent`: 401, 403, 404, other 4xx; the same call will not work without a change
    * `ModelRefused`: the model or its content filter declined
    * `ModelMissing`: a built-in model is not installed or is damaged
    * `DimensionMismatch`: vectors do not have the size that was configured
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.models.spending import Ledger


class ModelFault(Exception):
    """A model could not be used; the message says which call and why, in one line, in none of the endpoint's words."""

    status: int | None = None
    """HTTP status that the endpoint answered with, if it came to that."""
    said: str = ""
    """The endpoint's own words, on one line. They may quote a message or a key: to be looked into, never shown."""
    sent: bool = True
    """Whether a call was made; False where the endpoint is left alone."""
    ledger: "Ledger | None" = None
    """The calls that were made before it was raised, where somebody noted them."""


class ModelTransient(ModelFault):
    """The call may work later."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait before the next attempt, when the endpoint said so."""


class ModelGarbage(ModelTransient):
    """The endpoint answered, but with nothing that could be used."""

    def __init__(self, message: str, truncated: bool = False) -> None:
        super().__init__(message)
        self.truncated = truncated
        """Whether the answer was cut at a size limit: a smaller task may fit."""


class ModelPermanent(ModelFault):
    """The call will not work until something is changed."""


class ModelRefused(ModelPermanent):
    """The model or its content filter declined to answer."""


class ModelMissing(ModelPermanent):
    """A built-in model is not installed, or not intact."""


class DimensionMismatch(ModelPermanent):
    """An embedder returned vectors of another size than configured."""
