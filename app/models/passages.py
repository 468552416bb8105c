"""What is embedded of a message: its text with date and speaker before it, in pieces when it is long."""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.models import tokens
from app.models.embedders import Embedder
from graph.store.passages import Spoken, Vectors

PIECE_TOKENS = 200
"""Most tokens of a piece. The default embedder reads some 200 words and nothing after them; and a vector of more says
less of each thing in it, whatever the embedder reads."""
_BREAKS = ("\n\n", "\n", "。", ". ", "? ", "! ", "; ", ", ", " ")


def texts(peer_id: str, created_at: datetime, content: str) -> list[str]:
    """The texts to embed for a message; none when it is blank."""
    lead = f"{created_at.astimezone(UTC):%Y-%m-%d} {peer_id}: "
    return [lead + piece for piece in pieces(content)]


def pieces(content: str) -> list[str]:
    """A text in pieces of at most `PIECE_TOKENS` tokens, cut where a paragraph, a sentence or a word ends."""
    found: list[str] = []
    rest = content.strip()
    while rest:
        head = tokens.truncate(rest, PIECE_TOKENS) or rest[0]
        if len(head) < len(rest):
            head = head[: _cut(head)]
        found.append(head.strip())
        rest = rest[len(head) :].strip()
    return found


async def embed(embedder: Embedder, spoken: Sequence[Spoken]) -> list[Vectors]:
    """The vectors of messages, in their order; none for a blank one.

    Raises:
        ModelFault: the embedder failed.
    """
    wanted = [texts(said.peer_id, said.created_at, said.content) for said in spoken]
    flat = [text for each in wanted for text in each]
    vectors = iter(await embedder.passages(flat) if flat else [])
    return [Vectors(said.id, [next(vectors) for _ in each]) for said, each in zip(spoken, wanted, strict=True)]


def _cut(head: str) -> int:
    # Not in the first half: a heading alone would be a piece.
    for mark in _BREAKS:
        place = head.rfind(mark)
        if place >= len(head) // 2:
            return place + len(mark)
    return len(head)
