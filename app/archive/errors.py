"""What can go wrong with an archive."""

from graph.errors import DoxaError


class ArchiveFault(DoxaError):
    """A file is no archive, is damaged, or does not fit the store; nothing was written because of it."""
