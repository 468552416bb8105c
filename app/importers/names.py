"""Names that the service takes: letters, digits, `_` and `-`, at most 512 characters.

A name of a file is kept when it is valid. Otherwise accents are dropped and everything else that is not allowed becomes
`-`; where letters would get lost, or two people would become one, a short digest of the name is added.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct

NAME_CHARACTERS = 512
_VALID = re.compile(r"[a-zA-Z0-9_-]+")
_INVALID = re.compile(r"[^a-zA-Z0-9_-]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe", "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)


class Named(Struct, frozen=True):
    """A person or thread of the file: a name, and the circle inside which it means one person.

    Attributes:
        circle: Empty for the whole file.
        name: The name as the file has it.
    """

    circle: str
    name: str


def is_valid(name: str) -> bool:
    """Whether the service takes the name as it is."""
    return len(name) <= NAME_CHARACTERS and _VALID.fullmatch(name) is not None


def valid_name(name: str, kind: str = "peer") -> str:
    """A name the service takes; always the same one for the same name.

    Args:
        name: Any text.
        kind: What is named, for names that hold nothing to keep.
    """
    if is_valid(name):
        return name
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    short = _INVALID.sub("-", kept).strip("-")
    lost = any(sign.isalnum() and not sign.isascii() for sign in kept)
    if short and not lost and len(short) <= NAME_CHARACTERS:
        return short
    return _marked(short or kind, name)


def assigned_names(people: Iterable[Named], kind: str = "peer") -> dict[Named, str]:
    """A valid name of its own for each person or thread of a file.

    Names that are valid already go first and stay; after them the order of the file decides who keeps a short name. A
    second one of the same name gets its circle added, or a digest where that is not enough.

    Args:
        people: Distinct, in the order of the file.
        kind: What is named.
    """
    ordered = sorted(people, key=lambda each: not is_valid(each.name))
    names: dict[Named, str] = {}
    taken: set[str] = set()
    for each in ordered:
        name = valid_name(each.name, kind)
        if name in taken and each.circle:
            name = valid_name(f"{name}-{each.circle}", kind)
        if name in taken:
            name = _marked(name, f"{each.circle}\n{each.name}")
        taken.add(name)
        names[each] = name
    return names


def _marked(name: str, whole: str) -> str:
    digest = hashlib.blake2b(whole.encode(), digest_size=4).hexdigest()
    return f"{name[: NAME_CHARACTERS - len(digest) - 1]}-{digest}"
