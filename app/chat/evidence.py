"""What was read for an answer. It is noted where it is read; nobody is asked to claim it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from graph.types import Conclusion, Message


class ToolUse(Struct, frozen=True):
    """A tool that was called and did its work, and with what."""

    tool_name: str
    tool_input: Mapping[str, object]


class Evidence:
    """What was read so far, each thing once, in the order of first sight.

    Every thing has a short handle (`c1`, `m1`), by which a model speaks of it; one that was not read has none.
    """

    def __init__(self) -> None:
        self.tool_uses: list[ToolUse] = []
        self._conclusions: dict[str, tuple[str, Conclusion]] = {}
        self._messages: dict[str, tuple[str, Message]] = {}

    @property
    def conclusions(self) -> Sequence[Conclusion]:
        """The conclusions read."""
        return [one for _, one in self._conclusions.values()]

    @property
    def messages(self) -> Sequence[Message]:
        """The messages read."""
        return [one for _, one in self._messages.values()]

    def note_conclusion(self, one: Conclusion) -> str:
        """Note a conclusion; its handle."""
        return self._conclusions.setdefault(one.id, (f"c{len(self._conclusions) + 1}", one))[0]

    def note_message(self, one: Message) -> str:
        """Note a message; its handle."""
        return self._messages.setdefault(one.id, (f"m{len(self._messages) + 1}", one))[0]

    def conclusion(self, handle: str) -> Conclusion | None:
        """The conclusion with a handle, or None."""
        return next((one for name, one in self._conclusions.values() if name == handle), None)

    def message(self, handle: str) -> Message | None:
        """The message with a handle, or None."""
        return next((one for name, one in self._messages.values() if name == handle), None)
