"""What of a model's words is meant for others: the blocks in which it thinks aloud are left out."""

import re

_OPENING = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)
_CLOSING = re.compile(r"</think(?:ing)?>\s*", re.IGNORECASE)
_MARKERS = ("<think>", "<thinking>")
_LONGEST_CLOSING = len("</thinking>")


def spoken(text: str) -> str:
    """A whole answer without the thoughts before it; of thoughts that never end nothing is left.

    Some chat templates open the block themselves, so only its end may be in the text.
    """
    seen = Spoken()
    visible = seen.add(text) + seen.rest()
    closing = None if _OPENING.match(text) else _CLOSING.search(visible)
    return (visible if closing is None else visible[closing.end() :]).strip()


class Spoken:
    """The same for an answer that comes in pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._started = False

    def add(self, piece: str) -> str:
        """Take a piece in; what can be shown now."""
        if self._started:
            return piece
        self._held += piece
        while True:
            if self._thinking:
                closing = _CLOSING.search(self._held)
                if closing is None:
                    self._held = self._held[-_LONGEST_CLOSING:]
                    return ""
                self._thinking, self._held = False, self._held[closing.end() :]
            opening = _OPENING.match(self._held)
            if opening is None:
                break
            self._thinking, self._held = True, self._held[opening.end() :]
        begun = self._held.lstrip()
        if any(marker.startswith(begun[: len(marker)].lower()) for marker in _MARKERS):
            return ""
        self._started, self._held = True, ""
        return begun

    def rest(self) -> str:
        """What is still held at the end: text that only began like a thought."""
        held, self._held = self._held, ""
        return "" if self._thinking or self._started else held.lstrip()
