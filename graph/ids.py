"""Generated ids: 21 characters of `A-Za-z0-9_-`, some 126 random bits.

The first is a letter or a digit: an id that began with `-` could not be given to a command line as it is.
"""

import secrets
import string
from hashlib import blake2b

LENGTH = 21

# 64 characters, four times over: every byte maps to one, each with the same chance.
_TABLE = (string.ascii_letters + string.digits + "_-").encode() * 4
_FIRST = ((string.ascii_letters + string.digits) * 5)[:256].encode()


def new_id() -> str:
    """Make an id that nobody can guess and that does not repeat."""
    return _spelled(secrets.token_bytes(LENGTH))


def derived_id(secret: str, of: str) -> str:
    """Make the id that stands for another one under a secret: always the same, and without a table of them."""
    return _spelled(blake2b(of.encode(), key=secret.encode()[:64], digest_size=LENGTH).digest())


def _spelled(drawn: bytes) -> str:
    return (drawn[:1].translate(_FIRST) + drawn[1:].translate(_TABLE)).decode()
