"""Times as numbers, the form in which recall reads them."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(microseconds: int) -> datetime:
    """The time so many microseconds after 1970 (before it, when negative), in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)
