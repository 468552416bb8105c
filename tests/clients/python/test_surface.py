"""The published Python client, unmodified: every public method of every public class, plain and asynchronous."""

# pyright: reportMissingTypeStubs=false

from collections.abc import Awaitable, Callable, Iterator

import pytest
from msgspec import Struct

from tests.clients.python import chats, conclusions, messages, peers, scopes, sessions, workspaces
from tests.clients.python.recording import recorded, surface
from tests.clients.python.way import Way
from tests.live import Live

pytestmark = [pytest.mark.client, pytest.mark.engine]

Scenario = Callable[[Way], Awaitable[None]]

NOUNS = (workspaces, peers, sessions, messages, conclusions, scopes, chats)
SCENARIOS: dict[str, Scenario] = {
    f"{noun.__name__.rpartition('.')[2]} {scenario.__name__}": scenario for noun in NOUNS for scenario in noun.SCENARIOS
}

#: What no scenario calls, and why. Empty: everything that the client offers goes to the service or to its answers.
LEFT_OUT: dict[str, str] = {}


class Stage(Struct):
    """Plays each scenario once for each way, whichever test asks first, and keeps how it ended.

    Attributes:
        url: address of the service.
        called: what the client has been asked so far.
        ended: the exception of each scenario that was played, or None.
    """

    url: str
    called: set[str]
    ended: dict[tuple[str, bool], Exception | None]

    async def play(self, name: str, asynchronous: bool) -> Exception | None:
        """How the scenario ended; None means well."""
        if (name, asynchronous) not in self.ended:
            self.ended[name, asynchronous] = await _ended(SCENARIOS[name], Way(self.url, asynchronous))
        return self.ended[name, asynchronous]


async def _ended(scenario: Scenario, way: Way) -> Exception | None:
    try:
        await scenario(way)
    except (Exception, pytest.fail.Exception) as raised:
        # Kept, not swallowed: whichever test asks for this scenario raises it.
        return raised if isinstance(raised, Exception) else AssertionError(str(raised))
    return None


@pytest.fixture(scope="module")
def stage(live_doxa: Live) -> Iterator[Stage]:
    with recorded() as called:
        yield Stage(live_doxa.url, called, {})


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("asynchronous", [False, True], ids=["plain", "aio"])
async def test_the_client_works_as_its_users_expect(stage: Stage, name: str, asynchronous: bool) -> None:
    raised = await stage.play(name, asynchronous)
    if raised is not None:
        raise raised


# Alone, without the tests above, it plays all scenarios itself.
@pytest.mark.timeout(1200)
async def test_nothing_that_the_client_offers_is_forgotten(stage: Stage) -> None:
    for asynchronous in (False, True):
        for name in SCENARIOS:
            await stage.play(name, asynchronous)
    assert surface() - stage.called == set(LEFT_OUT)
