"""One engine with a scripted model for all short runs."""

from collections.abc import Generator

import pytest

from tests.chaos.running import Stage, staged


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Generator[Stage]:
    with staged(tmp_path_factory.mktemp("chaos")) as running:
        yield running
