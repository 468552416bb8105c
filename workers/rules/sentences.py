"""Cuts a message into sentences, leaving out what is not the author's own prose: code, quotations, captions, links."""

import re
from collections.abc import Iterator

from msgspec import Struct

MAX_SENTENCE = 400
_NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)"
    r"|~~~.*?(?:~~~|\Z)"
    r"|^[ \t]*>[^\n]*$"  # a quotation of somebody
    r"|^[ \t]*#{1,6}[ \t][^\n]*$"  # a heading
    r"|^[ \t]*\|[^\n]*$"  # a row of a table
    r"|^(?: {4}|\t)[^\n]*$"  # indented code
    r"|\[[^\[\]\n]{0,400}\]"  # a caption or a link's text
    r"|</?[a-zA-Z][^<>\n]{0,200}>",
    re.DOTALL | re.MULTILINE,
)
_LIST_MARK = re.compile(r"[ \t]*(?:[-*•+]|\d{1,3}[.)])[ \t]+")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|sr|jr|vs|etc|inc|ltd|co|no|approx|mt|ft|e\.g|i\.e|a\.k\.a|[A-Za-z]|[ap]\.m|U\.[SK])\.$",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(r"\b[ap]\.?m\.$", re.IGNORECASE)
EMOJI = r"[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B00-\u2BFF\uFE0F\u200D]+"
EMOTICON = r"(?<!\w)(?:[:;=xX]-?[)(DPpoO/|*]+|<3+|\^\^)(?!\w)"
_STOP = re.compile(rf"(?:[!?]+|\.{{2,}}|…|\.)[\"'”\u2019)\]]*(?=\s|$)|{EMOJI}|{EMOTICON}")
_OPENS = (
    r"I|i|we|he|she|they|it|its|it's|you|this|that|there|so|but|and|which|my|our|just|really|what|can't|hope|thanks|thank"
    r"|let's|how|super|very|not"
)
_DASH = re.compile(rf"(?:\s[-\u2013—]+\s|\s?—\s?|;\s|(?<=[a-z])[-\u2013]\s)(?=(?:{_OPENS})\b|I['\u2019])")
_QUOTED = re.compile(r"“[^“”]{1,2000}”|(?<!\w)\"[^\"]{1,2000}\"(?!\w)|(?<!\w)'[^'\n]{1,400}'(?!\w)|«[^«»]{1,2000}»")
_SAID_BY_OTHERS = re.compile(
    r"\b(?:i|i'm|i'll|i've|i'd|me|my|we|our|us|you|your)\b|[.!?].*\w", re.IGNORECASE | re.DOTALL
)


class Sentence(Struct, frozen=True):
    """A sentence of a message; `text` is a literal part of it, without the white space around."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset after its last character."""
        return self.start + len(self.text)


def split(message: str) -> list[Sentence]:
    """Cut a message into sentences; those over `MAX_SENTENCE` characters and those in quotations are left out.

    Dashes and semicolons before a new clause, emoji and emoticons end a sentence like a full stop.
    """
    prose = _NOT_PROSE.sub(lambda match: re.sub(r"[^\n]", "\x00", match[0]), message)
    quotations = [match.span() for match in _QUOTED.finditer(prose) if _SAID_BY_OTHERS.search(match[0])]
    sentences: list[Sentence] = []
    for start, end in _lines(prose):
        for first, last in _stops(prose, start, end):
            text = prose[first:last]
            lead = len(text) - len(text.lstrip())
            text = text.strip()
            if not 4 <= len(text) <= MAX_SENTENCE or "\x00" in text:
                continue
            first += lead
            if any(first < stop and begin < first + len(text) for begin, stop in quotations):
                continue
            sentences.append(Sentence(text, first))
    return sentences


def _lines(prose: str) -> Iterator[tuple[int, int]]:
    """Spans of text that belong together: a line broken by hand is joined with the next, a list item stands alone."""
    start = 0
    for match in re.finditer(r"\n+", prose):
        if match.start() - start >= 40 and _is_wrapped(prose, match):
            continue
        yield _without_mark(prose, start, match.start())
        start = match.end()
    yield _without_mark(prose, start, len(prose))


def _is_wrapped(prose: str, gap: re.Match[str]) -> bool:
    """Whether a line break only folds a long line: the next goes on in lower case, and not with "i" or "my"."""
    if gap[0] != "\n" or prose[gap.start() - 1] in ".!?:":
        return False
    return re.match(r"(?!(?:i|im|my|we|our)\b)[a-z]", prose[gap.end() : gap.end() + 6]) is not None


def _without_mark(prose: str, start: int, end: int) -> tuple[int, int]:
    mark = _LIST_MARK.match(prose, start, end)
    return (mark.end() if mark else start), end


def _stops(prose: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = start
    for match in _STOP.finditer(prose, start, end):
        stop = match.end()
        if match[0].startswith(".") and not match[0].startswith("..") and _goes_on(prose, first, stop, end):
            continue
        yield from _dashes(prose, first, stop)
        first = stop
    yield from _dashes(prose, first, end)


def _goes_on(prose: str, first: int, stop: int, end: int) -> bool:
    """Whether a full stop belongs to an abbreviation rather than ending the sentence."""
    head, after = prose[max(first, stop - 12) : stop], prose[stop : min(stop + 2, end)].strip()
    if _HALF_DAY.search(head):
        return after.islower()
    if re.search(r"(?<!\w)I\.$", head):
        return False
    return bool(after) and _ABBREVIATION.search(head) is not None


def _dashes(prose: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    for match in _DASH.finditer(prose, first, last):
        yield first, match.start()
        first = match.end()
    yield first, last
