"""A workspace of the test's own on the real service."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.importers.workbench import Live
from tests.live import Live as Doxa


@pytest.fixture
def live(live_doxa: Doxa, tmp_path: Path) -> Generator[Live]:
    found = Live(live_doxa.url, tmp_path)
    yield found
    found.http.close()
