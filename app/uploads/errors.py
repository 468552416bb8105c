"""Why a file cannot become messages.

::

    DoxaError
    ├── FileTooLarge     it has more bytes than a file may have
    ├── FileUnknown      it is of no type that can be read, or not of the type that it is declared to be
    ├── FileBusy         too many files are being read already: try again
    └── Invalid
        └── FileUnreadable   it is of its type, but broken, locked, or more than a limit allows
"""

from graph.errors import DoxaError, Invalid


class FileTooLarge(DoxaError):
    """The file has more bytes than a file may have."""


class FileUnknown(DoxaError):
    """The file is of no type that can be read, or its content is not what it is declared to be."""


class FileBusy(DoxaError):
    """Too many files are being read already; the same request may pass later."""


class FileUnreadable(Invalid):
    """The file is of its type but cannot be read: broken, locked, or more than a limit allows."""
