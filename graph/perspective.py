"""A perspective: what one peer holds about another, as one indexable key."""

import hashlib
import re
import unicodedata

_SPACE = re.compile(r"\s+")


def perspective(workspace_id: str, observer_id: str, observed_id: str) -> str:
    """The key of a perspective. Names hold no slash, so no two perspectives share a key."""
    return f"{workspace_id}/{observer_id}/{observed_id}"


def content_key(content: str, level: str, session_id: str | None) -> str:
    """What makes two conclusions of one perspective the same: text (case and white space aside), level and session.

    Returns:
        a SHA-256 in hex.
    """
    folded = _SPACE.sub(" ", unicodedata.normalize("NFKC", content)).strip().casefold()
    return hashlib.sha256("\0".join((level, session_id or "", folded)).encode()).hexdigest()
