"""Cuts a text into pieces of a size that suits recall, where paragraphs, lines, sentences or words end."""

import re
import unicodedata
from collections.abc import Iterator

from app.models import tokens

#: The most characters that a message may have.
MAX_CHARACTERS = 25_000
#: Tokens that a piece has at most, give or take a few at its edge. Two pieces fit one call of the reasoner, and one
#: that is found costs little of a context's budget.
TARGET_TOKENS = 512

#: From the best place to cut to the worst. The piece ends behind the match.
_BORDERS = tuple(
    map(re.compile, (r"\n[^\S\n]*\n", r"\n", r"[.!?\u2026][\"'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f]", r"\s+"))
)
_VISIBLE = re.compile(r"\S")
#: White space before the first word of a piece is kept as far as it may mean something.
_LONGEST_INDENT = 100
#: Of no mark is so much of a piece given up for a better border.
_LEAST_PART = 2
#: So far back from a hard cut the beginning of a character is looked for.
_LONGEST_CHARACTER = 64
_JOINER = "\u200d"


def chunks(text: str, target: int = TARGET_TOKENS, most: int = MAX_CHARACTERS) -> Iterator[str]:
    """Cut a text.

    A piece is a part of the text as it stands, without blank lines before it and white space behind it. Between two
    pieces lies nothing but white space. A blank text has no pieces.

    Args:
        text: any length.
        target: tokens of a piece, at most, give or take a few.
        most: characters of a piece, at most.
    """
    start = _next_line(text, 0)
    while start < len(text):
        end = _end(text, start, target, most)
        piece = text[start:end].rstrip()
        if piece:
            yield piece
        start = _next_line(text, end)


def _next_line(text: str, place: int) -> int:
    """Where the next line that is not blank begins; the end if none does."""
    visible = _VISIBLE.search(text, place)
    if visible is None:
        return len(text)
    line = text.rfind("\n", place, visible.start()) + 1
    return max(line or place, visible.start() - _LONGEST_INDENT)


def _end(text: str, start: int, target: int, most: int) -> int:
    window = tokens.truncate(text[start : start + most], target) or text[start]
    if start + len(window) >= len(text):
        return len(text)
    for border in _BORDERS:
        last = 0
        for match in border.finditer(window, len(window) // _LEAST_PART):
            last = match.end()
        if last:
            return start + last
    return start + _whole(window, text[start + len(window)])


def _whole(window: str, following: str) -> int:
    """Where the last character that a reader sees as one begins to be cut; the window's length if it is not."""
    for place in range(len(window), max(0, len(window) - _LONGEST_CHARACTER), -1):
        after = window[place] if place < len(window) else following
        if not (_joins(after) or window[place - 1] == _JOINER or (_is_letter(after) and _half_a_flag(window, place))):
            return place
    return len(window)


def _joins(character: str) -> bool:
    """Whether it belongs to the character before it: accents, joiners, skin tones."""
    return (
        unicodedata.category(character)[0] == "M" or character == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


def _half_a_flag(window: str, place: int) -> bool:
    """Whether an odd number of the letters that flags are made of, by two, stand before a place."""
    first = place
    while first > 0 and _is_letter(window[first - 1]):
        first -= 1
    return (place - first) % 2 == 1


def _is_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
