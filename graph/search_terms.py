"""What the full-text index over messages holds, and how a text that somebody sends becomes a query to it.

The index's analyser knows words between spaces, and English endings. Scripts without spaces are indexed by pairs of
characters besides, written in letters that the analyser leaves alone.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import pairwise

#: Most distinct words of a query: the index refuses a query of more than 1024 parts.
MOST_WORDS = 256
#: Most sessions that a query names by their terms.
MOST_SESSIONS = 256

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Thai, Lao, Myanmar, Khmer, kana, Han and Hangul: words are not told apart by spaces, or carry their particles.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(r"\w+(?:['\u2019]\w+)*")
_PART = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Marks over letters; those of other scripts, vowels among them, lie elsewhere.
_MARKS = re.compile("[\u0300-\u036f]")


def workspace_term(workspace_id: str) -> str:
    """The term that all messages of a workspace carry."""
    return _term("w", workspace_id)


def session_term(workspace_id: str, session_id: str) -> str:
    """The term that all messages of a session carry."""
    return _term("s", workspace_id, session_id)


def peer_term(workspace_id: str, peer_id: str) -> str:
    """The term that all messages of a peer carry."""
    return _term("p", workspace_id, peer_id)


def scope_terms(workspace_id: str, session_id: str, peer_id: str) -> str:
    """What a message is indexed with beside its text, so that a query can ask for a part of all messages."""
    return " ".join(
        (workspace_term(workspace_id), session_term(workspace_id, session_id), peer_term(workspace_id, peer_id))
    )


def search_text(peer_id: str, created_at: datetime, content: str) -> str:
    """A message as the full-text index reads it: speaker and date, the text, its pairs of unspaced characters."""
    said = created_at.astimezone(UTC)
    speaker = re.sub(r"[_-]+", " ", peer_id)
    text = plain(f"{speaker} {said:%Y-%m-%d} {said.day} {_MONTHS[said.month - 1]}: {content}")
    return " ".join([text, *dict.fromkeys(pair for run in _RUN.findall(text) for pair in _pairs(run))])


def plain(text: str) -> str:
    """A text without accents, and with one form for each character: who leaves them out when searching finds it too."""
    return unicodedata.normalize("NFKC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))


def query(text: str, scopes: Sequence[Sequence[str]]) -> str | None:
    """The query for the words of a text; None when it has none.

    Only words reach the index, each in quotes: nothing in the text is taken for the index's own language.

    Args:
        text: what somebody looks for.
        scopes: terms, of each sequence of which a message must carry at least one.
    """
    words = list(dict.fromkeys(_words(text)))[:MOST_WORDS]
    if not words:
        return None
    # Scopes select and do not score.
    required = [f"+search_scope:({' '.join(terms)})^0" for terms in scopes]
    quoted = " ".join(f'"{word}"' for word in words)
    return " ".join((*required, f"+search_text:({quoted})"))


def several_words(text: str) -> bool:
    """Whether a text as it stands says more than its words do each."""
    return len(list(_words(text))) > 1


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(plain(text).lower()):
        for run in _RUN.findall(word):
            yield from _pairs(run) if len(run) > 1 else (run,)
        rest = _RUN.sub(" ", word)
        yield from _PART.findall(rest)
        if "_" in rest:
            yield from _WORD.findall(rest)


def _pairs(run: str) -> Iterator[str]:
    for first, second in pairwise(run):
        yield f"g{ord(first):x}x{ord(second):x}x"


def _term(kind: str, *names: str) -> str:
    # Letters and digits alone: one word for the analyser. The last letter keeps it from seeing an English ending.
    return f"{kind}{blake2b('/'.join(names).encode(), digest_size=10).hexdigest()}x"
