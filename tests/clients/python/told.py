"""A chat that has been told and reasoned over: two sessions, a user, and a bot that keeps its own view of her."""

# pyright: reportMissingTypeStubs=false

from datetime import UTC, datetime

from honcho import Honcho, Message, Peer, Session
from honcho.api_types import PeerConfig, SessionPeerConfig
from msgspec import Struct

from tests.clients.python.way import Way

_TOLD: dict[Way, "Told"] = {}


class Told(Struct, frozen=True):
    """The chat.

    Attributes:
        honcho: client of its workspace.
        ana: the user.
        bot: observes her, and is not observed.
        first: she moved to Lisbon and works as a nurse.
        second: she plays the piano.
        messages: those of `first`, in order.
    """

    honcho: Honcho
    ana: Peer
    bot: Peer
    first: Session
    second: Session
    messages: list[Message]


def member(*, observe_others: bool | None = None, observe_me: bool | None = None) -> SessionPeerConfig:
    """A peer's settings in a session; the client's own class does not tell type checkers of its defaults."""
    return SessionPeerConfig(observe_others=observe_others, observe_me=observe_me)


async def told(do: Way) -> Told:
    """Tell it once for each way; scenarios that change something make workspaces of their own."""
    if do not in _TOLD:
        _TOLD[do] = await _tell(do)
    return _TOLD[do]


async def _tell(do: Way) -> Told:
    honcho = do.client("told")
    ana = await do(honcho).peer("ana")
    bot = await do(honcho).peer("bot", configuration=PeerConfig(observe_me=False))
    members = [ana, (bot, member(observe_others=True))]
    first = await do(honcho).session("first", peers=members)
    second = await do(honcho).session("second", peers=members)
    messages = await do(first).add_messages(
        [
            ana.message("I moved to Lisbon last week.", created_at=datetime(2026, 5, 4, 12, tzinfo=UTC)),
            bot.message("How do you like it?"),
            ana.message("I work as a nurse.", metadata={"n": 2}),
        ]
    )
    await do(second).add_messages([ana.message("I play the piano."), bot.message("Since when?")])
    await do.settled(honcho, units=3)
    return Told(honcho, ana, bot, first, second, messages)
