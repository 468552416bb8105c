"""What one run does, drawn from one seed: who writes what, and what is killed when."""

import random
from collections.abc import Mapping, Sequence
from itertools import product

from msgspec import Struct

AUTHORS = ("ana", "ben", "cleo", "dan")
WATCHER = "mo"
"""Says nothing and observes everybody, in every session."""
SESSIONS = ("s0", "s1", "s2")
#: Here the first author observes the others too.
WATCHED_BY_AUTHOR = "s0"

#: What is killed, in turn: whole groups of processes, and the one child in which a part does its work.
TARGETS = ("api", "workers", "redis", "neo4j", "child of workers", "child of api")

_ADJECTIVES = ("copper", "silent", "crooked", "purple", "frozen", "woollen", "hollow", "spotted", "gilded", "dusty")
_THINGS = ("lantern", "anchor", "violin", "cactus", "ladder", "teapot", "kite", "compass", "saddle", "beehive", "globe")
_PLACES = ("harbour", "attic", "orchard", "tunnel", "lighthouse", "bakery", "glacier", "stadium", "chapel", "swamp")
_REASONS = ("a bet", "the flood", "my uncle", "the winter", "a dream", "the census", "good luck", "the parade")
_SYLLABLES = [a + b for a, b in product("bdfgklmnprstvz", "aeiou")]


class Scale(Struct, frozen=True, kw_only=True):
    """How much is done."""

    messages: int = 10_000
    clients: int = 20
    workspaces: int = 5
    kills: int = 25


class Line(Struct, frozen=True):
    """One message to write, and the one conclusion that the scripted model draws from it.

    Attributes:
        word: stands in this message alone.
    """

    author: str
    word: str
    content: str

    @property
    def conclusion(self) -> str:
        return concluded(self.author, self.content)


class Batch(Struct, frozen=True):
    """One request; `key` makes it safe to repeat."""

    key: str
    workspace: str
    session: str
    lines: tuple[Line, ...]
    pause: float
    """Seconds that its client rests before it."""


class Kill(Struct, frozen=True):
    """One kill.

    Attributes:
        pause: seconds after the one before it.
        hasty: it does not wait until the load has gone on, so that it may hit what is just starting.
    """

    target: str
    pause: float
    hasty: bool


class Schedule(Struct, frozen=True):
    """A whole run."""

    seed: int
    workspaces: tuple[str, ...]
    clients: tuple[tuple[Batch, ...], ...]
    kills: tuple[Kill, ...]

    @property
    def batches(self) -> Sequence[Batch]:
        return [batch for client in self.clients for batch in client]

    @property
    def messages(self) -> int:
        return sum(len(batch.lines) for batch in self.batches)


def concluded(author: str, content: str) -> str:
    """What the scripted model concludes from a message."""
    return f"{author} keeps{content.removeprefix('I keep')}"


def observers(session: str, author: str) -> set[str]:
    """Who holds what is concluded from an author's messages."""
    return {author, WATCHER} | ({AUTHORS[0]} if session == WATCHED_BY_AUTHOR else set())


def members() -> Mapping[str, Mapping[str, object]]:
    """The peers of each session, as the API takes them."""
    return {
        session: {
            name: {"observe_others": name == WATCHER or (session == WATCHED_BY_AUTHOR and name == AUTHORS[0])}
            for name in (*AUTHORS, WATCHER)
        }
        for session in SESSIONS
    }


def draw(seed: int, scale: Scale, targets: Sequence[str] = TARGETS, prefix: str = "chaos") -> Schedule:
    """Draw a run. The same seed, scale and targets give the same run, down to each text and key.

    Args:
        seed: what everything derives from.
        scale: how much.
        targets: what is killed, in turn; each round of them in an order of its own.
        prefix: of the workspaces' names.
    """
    dice = random.Random(seed)
    workspaces = tuple(f"{prefix}-{seed}-{number}" for number in range(scale.workspaces))
    words = _words(dice, scale.messages)
    clients: list[tuple[Batch, ...]] = []
    for number in range(scale.clients):
        share = scale.messages // scale.clients + (number < scale.messages % scale.clients)
        mine, words = words[:share], words[share:]
        clients.append(_batches(dice, f"{prefix}-{seed}-{number}", workspaces[number % len(workspaces)], mine))
    kills: list[Kill] = []
    while len(kills) < scale.kills:
        kills += [
            Kill(name, dice.uniform(0.2, 4.0), dice.random() < 0.3) for name in dice.sample(targets, len(targets))
        ]
    return Schedule(seed, workspaces, tuple(clients), tuple(kills[: scale.kills]))


def _batches(dice: random.Random, name: str, workspace: str, words: list[str]) -> tuple[Batch, ...]:
    batches: list[Batch] = []
    while words:
        most = dice.choice((1, 1, 3, 10, 30, 100))
        mine, words = words[:most], words[most:]
        lines = tuple(_line(dice, word) for word in mine)
        batches.append(Batch(f"{name}-{len(batches)}", workspace, dice.choice(SESSIONS), lines, dice.uniform(0, 0.5)))
    return tuple(batches)


def _line(dice: random.Random, word: str) -> Line:
    what = f"{dice.choice(_ADJECTIVES)} {dice.choice(_THINGS)}"
    return Line(
        dice.choice(AUTHORS),
        word,
        f"I keep {word}, a {what}, in the {dice.choice(_PLACES)} because of {dice.choice(_REASONS)}.",
    )


def _words(dice: random.Random, number: int) -> list[str]:
    """So many words that no language has, all different."""
    return ["".join(dice.sample(_SYLLABLES, 4)) + str(place) for place in range(number)]
