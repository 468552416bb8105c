"""What is asked and found where new texts are compared with what perspectives hold, whoever compares them."""

from collections.abc import Sequence
from datetime import datetime

from graph.queries.conclusions import InWorkspace
from graph.query import Row
from graph.types import Lasting


class Sizes(InWorkspace, frozen=True):
    """Perspectives, and up to how many to count in each."""

    perspectives: Sequence[str]
    limit: int


class SizeRow(Row, frozen=True):
    """How much a perspective holds of what is compared."""

    perspective: str
    total: int


class Alike(InWorkspace, frozen=True):
    """New texts: maps with `place`, `perspective`, and `vector`, an index into `vectors`.

    `least` is the cosine that counts as alike.
    """

    rows: Sequence[dict[str, object]]
    vectors: Sequence[Sequence[float]]
    least: float
    top_k: int


class AlikeRow(Row, frozen=True):
    """What is held that is alike to the text at `place`, with what tells whether the two say the same."""

    place: int
    id: str
    content: str
    slot: str | None
    slot_key: str | None
    negated: bool
    about_at: datetime | None
    lasting: Lasting
    similarity: float
