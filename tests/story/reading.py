"""Reads a story: who is where, who says what when, and what is expected of the messages that were planted.

The form is described at the top of `story.txt`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, cast, get_args

from msgspec import Struct, structs

from graph.types import Lasting, Level

Reasoning = Literal["rules", "model"]
STORY = Path(__file__).with_name("story.txt")

_SAID = re.compile(r"(?:\[(?P<name>\w+)(?: at (?P<at>\d\d:\d\d))?\] )?(?P<peer>\w+): (?P<text>.+)")
_SLOT = re.compile(r"(?P<slot>\w+) (?P<denied>!)?= (?P<value>.+)")
_STATE = re.compile(r"(?P<how>superseded by|merged into|contradicts) (?P<names>.+)")
_LASTING: tuple[Lasting, ...] = get_args(Lasting)


class Line(Struct, frozen=True, kw_only=True):
    """One conclusion that is expected of a message, or of other conclusions.

    Attributes:
        holders: the peers that hold it.
        slot: what it fills, as `likes = jazz` or `likes != jazz`; empty for none.
        about: the day it speaks of, in ISO 8601; empty for none.
        state: `living`, or `superseded by`, `merged into`, `contradicts` with the text of another conclusion.
        only: the one kind of reasoner that comes to it; None for all.
        premises: what it rests on, as `label` has it; empty for what was said outright.
    """

    holders: tuple[str, ...]
    subject: str
    text: str
    level: Level = "explicit"
    slot: str = ""
    about: str = ""
    lasting: Lasting = "lasting"
    state: str = "living"
    only: Reasoning | None = None
    premises: tuple[str, ...] = ()


class Refused(Struct, frozen=True, kw_only=True):
    """What a gullible model claims of a message, and the reason for which it must be dropped.

    Attributes:
        about: whom the claim says it is about; None if it does not say.
        cites: the message that the claim cites: a name of the story, or an id that no message has; None for its own.
        slot: what it says that it fills, as in a `Line`.
        premises: what an inference rests on, as in a `Line`; empty for what is claimed of a message.
        general: whether it is an inference that generalises.
    """

    text: str
    reason: str
    about: str | None = None
    cites: str | None = None
    slot: str = ""
    premises: tuple[str, ...] = ()
    general: bool = False


class Said(Struct, frozen=True, kw_only=True):
    """A message; `name` is empty for one that nothing is concluded from."""

    name: str
    peer: str
    text: str
    at: datetime
    lines: list[Line] = []
    refused: list[Refused] = []


class Coming(Struct, frozen=True, kw_only=True):
    """Peers that join a session, or leave it."""

    peers: tuple[str, ...]
    observing: bool = False
    late: bool = False
    leaving: bool = False


class Scene(Struct, frozen=True, kw_only=True):
    """What happens in one session before the workers come round."""

    session: str
    steps: list[Said | Coming]

    @property
    def said(self) -> Iterable[Said]:
        return (step for step in self.steps if isinstance(step, Said))


class Change(Struct, frozen=True, kw_only=True):
    """What leaves recall (`-`) when a message is taken back, and what comes back for it (`+`).

    Attributes:
        moved: the sign, the holder, the text with its level in brackets if it was derived, and who alone comes to it.
    """

    message: str
    moved: list[tuple[str, str, str, Reasoning | None]] = []

    def of(self, sign: str, reasoning: Reasoning) -> set[tuple[str, str]]:
        """Holder and text of what goes, or comes, with one kind of reasoner."""
        return {(holder, text) for way, holder, text, only in self.moved if way == sign and only in {None, reasoning}}


class Story(Struct, frozen=True, kw_only=True):
    """The whole story, in the order of its scenes.

    Attributes:
        concluded: what is expected of conclusions, not of messages.
        unfounded: what a gullible model infers besides.
        changes: what happens when a message is taken back.
    """

    scenes: list[Scene]
    concluded: list[Line]
    unfounded: list[Refused]
    changes: list[Change]

    @property
    def said(self) -> list[Said]:
        """All messages."""
        return [said for scene in self.scenes for said in scene.said]

    def first(self, scenes: int) -> "Story":
        """The story as if it ended early; what is expected is still that of the whole."""
        return structs.replace(self, scenes=self.scenes[:scenes])


class Unreadable(ValueError):
    """The story breaks its own form; the message names the line."""


def read(path: Path = STORY) -> Story:
    """Read a story.

    Raises:
        Unreadable: a line that is of no known form, or names a message that nobody wrote.
    """
    reader = _Reader()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                reader.take(line)
            except (ValueError, KeyError, IndexError) as fault:
                raise Unreadable(f"{path.name}, line {number}: {fault or line}") from fault
    return reader.story()


class _Reader:
    def __init__(self) -> None:
        self._scenes: list[Scene] = []
        self._concluded: list[Line] = []
        self._unfounded: list[Refused] = []
        self._changes: list[Change] = []
        self._now = datetime.now(UTC)
        self._take: Callable[[str], None] = self._scene

    def take(self, line: str) -> None:
        if line.startswith("== "):
            self._begin(line[3:])
        else:
            self._take(line)

    def story(self) -> Story:
        story = Story(scenes=self._scenes, concluded=self._concluded, unfounded=self._unfounded, changes=self._changes)
        for said in story.said:
            said.lines[:] = [_resolved(line, story) for line in said.lines]
        story.concluded[:] = [_resolved(line, story) for line in story.concluded]
        story.unfounded[:] = [
            structs.replace(lie, premises=tuple(label(name, story) for name in lie.premises)) for lie in story.unfounded
        ]
        return story

    def _begin(self, heading: str) -> None:
        if heading == "concluded":
            self._take = self._conclusion
        elif heading.startswith("without "):
            self._changes.append(Change(message=heading.removeprefix("without ")))
            self._take = self._change
        else:
            session, _, start = heading.partition(" | ")
            self._now = datetime.fromisoformat(start).replace(tzinfo=UTC)
            self._scenes.append(Scene(session=session, steps=[]))
            self._take = self._scene

    def _scene(self, line: str) -> None:
        steps = self._scenes[-1].steps
        if line.startswith("@ "):
            steps += [_coming(part) for part in line[2:].split("; ")]
        elif line.startswith("    ! "):
            _last(steps).refused.append(_refused(line[6:].split(" | ")))
        elif line.startswith("    "):
            said = _last(steps)
            holders, *rest = [part.strip() for part in line.split(" | ")]
            said.lines.append(_line(holders, said.peer, rest))
        else:
            steps.append(self._said(line))

    def _said(self, line: str) -> Said:
        found = _SAID.fullmatch(line)
        if found is None:
            raise ValueError(f"neither words nor an expectation: {line}")
        at = self._now
        if found["at"]:
            at = datetime.combine(at.date(), datetime.strptime(found["at"], "%H:%M").time(), UTC)
        self._now = at + timedelta(minutes=1)
        return Said(name=found["name"] or "", peer=found["peer"], text=found["text"], at=at)

    def _conclusion(self, line: str) -> None:
        if line.startswith("    ! "):
            self._unfounded.append(_refused(line[6:].split(" | ")))
            return
        pair, level, *rest = [part.strip() for part in line.split(" | ")]
        holders, _, subject = pair.rpartition(" of ")
        line_of = _line(holders, subject, rest)
        self._concluded.append(structs.replace(line_of, level=cast("Level", level)))

    def _change(self, line: str) -> None:
        holders, text, *more = line[2:].split(" | ")
        only = cast("Reasoning", more[0].removeprefix("only ")) if more else None
        self._changes[-1].moved.extend((line[0], holder, text, only) for holder in holders.split())


def _last(steps: Sequence[Said | Coming]) -> Said:
    if not isinstance(steps[-1], Said):
        raise ValueError("an expectation of no message")
    return steps[-1]


def _coming(text: str) -> Coming:
    names, _, how = text.partition(" observes")
    leaving = names.endswith(" leaves")
    peers = tuple(names.removesuffix(" leaves").split(", "))
    return Coming(peers=peers, observing=" observes" in text, late=how == ", catching up", leaving=leaving)


def _line(holders: str, subject: str, rest: Sequence[str]) -> Line:
    text, slot, *more = rest
    if slot != "-" and _SLOT.fullmatch(slot) is None:
        raise ValueError(f"no slot: {slot}")
    line = Line(holders=tuple(holders.split()), subject=subject, text=text, slot="" if slot == "-" else slot)
    for part in more:
        first, _, last = part.partition(" ")
        if part in _LASTING:
            line = structs.replace(line, lasting=part)
        elif first == "about":
            line = structs.replace(line, about=last)
        elif first == "only":
            line = structs.replace(line, only=cast("Reasoning", last))
        elif first == "from":
            line = structs.replace(line, premises=tuple(last.split(", ")))
        elif _STATE.fullmatch(part):
            line = structs.replace(line, state=part)
        else:
            raise ValueError(f"not understood: {part}")
    return line


def _refused(parts: Sequence[str]) -> Refused:
    text, reason, *more = parts
    lie = Refused(text=text, reason=reason)
    for part in more:
        first, _, last = part.partition(" ")
        if first == "about":
            lie = structs.replace(lie, about=last)
        elif first == "cites":
            lie = structs.replace(lie, cites=last)
        elif first == "from":
            lie = structs.replace(lie, premises=tuple(last.split(", ")))
        elif part == "generalisation":
            lie = structs.replace(lie, general=True)
        elif _SLOT.fullmatch(part):
            lie = structs.replace(lie, slot=part)
        else:
            raise ValueError(f"not understood: {part}")
    return lie


def _resolved(line: Line, story: Story) -> Line:
    """With the texts of other conclusions in place of their names."""
    premises = tuple(sorted(label(name, story) for name in line.premises))
    line = structs.replace(line, premises=premises)
    found = _STATE.fullmatch(line.state)
    if found is None:
        return line
    texts = sorted(text_of(name, story) for name in found["names"].split(" and "))
    return structs.replace(line, state=f"{found['how']} {', '.join(texts)}")


def text_of(name: str, story: Story) -> str:
    """The text of what is concluded from the message of a name; with `.2` after it, of the second such.

    What is no name stands for itself.

    Raises:
        KeyError: nothing is concluded from the message.
    """
    message, _, place = name.partition(".")
    texts = [list(dict.fromkeys(line.text for line in said.lines)) for said in story.said if said.name == message]
    if not texts:
        return name
    if not texts[0]:
        raise KeyError(name)
    return texts[0][int(place or 1) - 1]


def label(name: str, story: Story) -> str:
    """What a premise is called: its text, and where it was said if it was."""
    text, message = text_of(name, story), name.partition(".")[0]
    where = [scene.session for scene in story.scenes for said in scene.said if said.name == message]
    return called(text, where[0] if where else None)


def called(text: str, session: str | None) -> str:
    """What a conclusion of a text and a session is called where it is a premise."""
    return f"{text} ({session})" if session else text


def slot_of(slot: str) -> tuple[str | None, str | None, bool]:
    """Slot, value and whether it is denied, of what a `Line` says that it fills."""
    found = _SLOT.fullmatch(slot)
    return (found["slot"], found["value"], found["denied"] is not None) if found else (None, None, False)
