"""What a step may raise, beside the faults of models, to say how its failure is to be taken."""


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
