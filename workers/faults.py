"""What a step may raise, beside the faults of models, to say how its failure is to be taken; and how that is put."""

from app.models.faults import ModelFault
from graph.errors import StoreFault


class StepFault(Exception):
    """A step did not do its part; the message says why, in one line, with no secret and no stored text.

    By itself it is retried with back-off and given up after `max_attempts` failures in a row.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, max_attempts: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """Seconds to wait before the next attempt, at least."""
        self.max_attempts = max_attempts
        """Failures in a row after which the unit goes to the dead letters, if not the deployment's number."""


class StepWaits(StepFault):
    """Something is away that will come back: retried for ever."""


class StepImpossible(StepFault):
    """No further attempt will help: the unit goes to the dead letters at once."""


_LONGEST_REASON = 300


def reason_of(fault: Exception) -> str:
    """What is kept and shown of a failure: one line of bounded length.

    What an endpoint says beside its status goes to the log alone: some repeat what they were sent, keys included.
    """
    if isinstance(fault, ModelFault) and fault.status is not None:
        said, status, _ = str(fault).partition(f"answered {fault.status}")
        reason = said + status if status else f"the endpoint answered {fault.status}"
    elif isinstance(fault, StoreFault):
        reason = fault.detail
    elif isinstance(fault, ModelFault | StepFault):
        reason = str(fault)
    else:
        reason = f"{type(fault).__name__}: see the worker's log"
    line = " ".join(reason.split())
    return line if len(line) <= _LONGEST_REASON else line[:_LONGEST_REASON] + "…"
