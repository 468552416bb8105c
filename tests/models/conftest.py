"""The scripted model as a fixture."""

from collections.abc import Iterator

import pytest

from tests.models.scripted import Fail, ScriptedServer


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    """A scripted model that fails until the test gives it a script (`scripted.script = ...`)."""
    with ScriptedServer(lambda call: Fail(500, "no script was given")) as server:
        yield server
