"""Embedding on behalf of a request: what to do when the embedder fails, and how long a text may be."""

import asyncio
import logging
from collections.abc import Sequence

from app.api.errors import NotReady
from app.models import tokens
from app.models.embedders import Embedder
from app.models.faults import ModelFault
from graph.errors import Invalid

_log = logging.getLogger(__name__)

#: The longest text that is embedded.
MAX_TOKENS = 8192


class EmbedderUnavailable(NotReady):
    """The embedder failed; the same request may pass later."""


async def embed_passages(embedder: Embedder, texts: Sequence[str]) -> list[list[float]]:
    """Vectors of texts that are stored.

    Raises:
        EmbedderUnavailable: the embedder failed.
    """
    try:
        return await embedder.passages(texts)
    except ModelFault as fault:
        raise _unavailable(fault) from fault


async def embed_query(embedder: Embedder, text: str) -> list[float]:
    """The vector of what is searched for.

    Raises:
        Invalid: the text is too long.
        EmbedderUnavailable: the embedder failed.
    """
    if await too_long([text]):
        raise Invalid(f"query must have at most {MAX_TOKENS} tokens")
    try:
        return await embedder.query(text)
    except ModelFault as fault:
        raise _unavailable(fault) from fault


async def embed_if_possible(embedder: Embedder, text: str | None) -> list[float] | None:
    """The vector of what is searched for; None when nothing is, or when it cannot be embedded."""
    if text is None or not text.strip():
        return None
    if await too_long([text]):
        _log.warning("recalling without the search: it has more than %d tokens", MAX_TOKENS)
        return None
    try:
        return await embedder.query(text)
    except ModelFault as fault:
        _log.warning("recalling without the search: %s", fault)
        return None


async def too_long(texts: Sequence[str]) -> list[int]:
    """Places of the texts that have too many tokens to be embedded."""
    # A character has at most four bytes and a token at least one, so most texts need no counting.
    suspects = [place for place, text in enumerate(texts) if len(text) * 4 > MAX_TOKENS]
    if not suspects:
        return []
    return await asyncio.to_thread(lambda: [place for place in suspects if tokens.count(texts[place]) > MAX_TOKENS])


def _unavailable(fault: ModelFault) -> EmbedderUnavailable:
    _log.warning("the embedder failed: %s", fault)
    return EmbedderUnavailable("the embedder is not available")
