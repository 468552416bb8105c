"""Times as numbers."""

from datetime import UTC, datetime

import pytest

from graph.recall.moments import moment


@pytest.mark.parametrize(
    ("microseconds", "expected"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        (1_777_896_000_123_457, datetime(2026, 5, 4, 12, 0, 0, 123_457, tzinfo=UTC)),
        (253_402_300_799_999_999, datetime.max.replace(tzinfo=UTC)),
        (-62_135_596_800_000_000, datetime.min.replace(tzinfo=UTC)),
    ],
)
def test_microseconds_are_exact_from_the_first_year_to_the_last(microseconds: int, expected: datetime) -> None:
    assert moment(microseconds) == expected
