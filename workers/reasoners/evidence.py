"""Whether words are in a message, and whether a sentence names a peer: looser than equality, stricter than likeness."""

import re
import unicodedata

_SAME = {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‐": "-"}  # noqa: RUF001 -- these are what people's keyboards put there
_EDGES = " .,;:!?…'\"-*_"
_ENDING = 3
"""Letters that may follow a name in a sentence: the plural and the cases of many languages."""


def quoted(message: str, quote: str) -> str | None:
    """The part of `message` that `quote` repeats, as it stands there; None when it is not there.

    Case, white space, accents' encoding, the style of quotation marks and dashes, and punctuation at either end do not
    matter. At least one letter or digit must be quoted.
    """
    text, places = _fold(message)
    wanted = _fold(quote)[0].strip(_EDGES)
    if not any(letter.isalnum() for letter in wanted):
        return None
    start = text.find(wanted)
    if start < 0:
        return None
    return message[places[start] : places[start + len(wanted) - 1] + 1]


def _fold(text: str) -> tuple[str, list[int]]:
    """`text` without the differences that do not matter, and for each of its characters the place it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFKD", _SAME.get(letter, letter)).casefold():
            plain = " " if part.isspace() else part
            if plain == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(plain)
            places.append(place)
    return "".join(folded), places


def names(sentence: str, peer_id: str) -> bool:
    """Whether a sentence names a peer: the words of its id in a row, however joined, with a short ending at most."""
    words = re.findall(r"[^\W_]+", _fold(peer_id)[0])
    if not words:
        return peer_id in sentence
    pattern = r"[\W_]*".join(map(re.escape, words))
    if peer_id.isascii():
        # Scripts that put no space between words have no such edges.
        pattern = rf"(?<![^\W_]){pattern}(?![^\W_]{{{_ENDING + 1}}})"
    return re.search(pattern, _fold(sentence)[0]) is not None
