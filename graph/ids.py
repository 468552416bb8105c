"""Generated ids: 21 characters of `A-Za-z0-9_-`, 126 random bits."""

import secrets
import string
from hashlib import blake2b

LENGTH = 21

# 64 characters, four times over: every byte maps to one, each with the same chance.
_TABLE = (string.ascii_letters + string.digits + "_-").encode() * 4


def new_id() -> str:
    """Make an id that nobody can guess and that does not repeat."""
    return secrets.token_bytes(LENGTH).translate(_TABLE).decode()


def derived_id(secret: str, of: str) -> str:
    """Make the id that stands for another one under a secret: always the same, and without a table of them."""
    return blake2b(of.encode(), key=secret.encode()[:64], digest_size=LENGTH).digest().translate(_TABLE).decode()
