"""What can go wrong with an import.

ImportFailed
├── WrongFile        the file cannot be read, or its format cannot be told
├── WrongAddress     the service's address is none
├── WrongLines       some lines break a rule: nothing was written
└── ServiceError     the running Doxa did not do what was asked
    ├── Unreachable  nothing answers, or it answers that it cannot now: trying again can help
    ├── Refused      it answered that the request is wrong: trying again cannot help
    └── NotReasoned  everything is written, but the reasoning over some of it failed for good
"""


class ImportFailed(Exception):
    """The root: its text is one line that a user can act on."""


class WrongFile(ImportFailed):
    """The file cannot be read, or its format cannot be told."""


class WrongAddress(ImportFailed):
    """The address given for the service is none of HTTP."""


class WrongLines(ImportFailed):
    """Some lines break a rule and were not to be skipped: nothing was written."""


class ServiceError(ImportFailed):
    """The running Doxa did not do what was asked."""


class Unreachable(ServiceError):
    """Nothing answers, or the service answers that it cannot now: trying again can help."""


class NotReasoned(ServiceError):
    """Everything is written, but the reasoning over some of it failed for good."""


class Refused(ServiceError):
    """The service answered that the request is wrong: trying again cannot help.

    Attributes:
        status: HTTP status of the answer.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
