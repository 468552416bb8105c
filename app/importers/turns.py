"""What a reader makes of a file: turns, problems and notes, each with the number of the line or turn it comes from."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO, TypeAlias

from msgspec import Struct


class Turn(Struct, frozen=True):
    """One message of a chat as the file has it; names are not yet made valid.

    Attributes:
        number: Line (JSONL, OpenAI) or running turn (LoCoMo) in the file, from 1.
        session: Name of the thread it belongs to.
        peer: Name of its author.
        content: Its text, unchanged.
        created_at: When it was said, in UTC; None leaves the date to the service.
        metadata: What the file says beside the text.
        circle: The part of the file inside which a peer's name means one person; two circles may each have a "John".
        observed: False for texts nobody said, such as system prompts: nothing is concluded from them.
    """

    number: int
    session: str
    peer: str
    content: str
    created_at: datetime | None
    metadata: dict[str, object]
    circle: str = ""
    observed: bool = True


class Problem(Struct, frozen=True):
    """A line, turn or sample that breaks a rule.

    Attributes:
        number: Its number in the file, from 1.
        rule: One line that names the field and the rule.
        unit: What the number counts: `line`, `turn` or `sample`.
    """

    number: int
    rule: str
    unit: str = "line"


class Note(Struct, frozen=True):
    """Something left out on purpose, which is no mistake; equal notes are counted together.

    Attributes:
        number: Line or running turn in the file, from 1.
        text: What was left out, worded so that a count can follow it.
    """

    number: int
    text: str


Entry: TypeAlias = Turn | Problem | Note
Reader: TypeAlias = Callable[[BinaryIO], Iterator[Entry]]
