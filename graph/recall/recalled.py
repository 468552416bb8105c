"""A conclusion as recall hands it out: with its premises' texts, and with why it was recalled."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from graph.queries.recall import Branch, RecalledRow
from graph.types import Conclusion


class Reason(Struct, frozen=True):
    """Why a conclusion was recalled.

    Attributes:
        branch: which branch found it.
        distance: cosine distance (0 to 2) from what was searched for, in the semantic branch.
    """

    branch: Branch
    distance: float | None = None


class Recalled(Struct, frozen=True, kw_only=True):
    """A recalled conclusion.

    Attributes:
        premises: texts of the living conclusions it was derived from, in the same perspective.
        reasons: one for each branch that found it.
        pattern: what kind of pattern an inductive one states.
        confidence: how sure an inductive one is.
    """

    conclusion: Conclusion
    premises: Sequence[str] = ()
    reasons: Sequence[Reason] = ()
    pattern: str = "pattern"
    confidence: str = "medium"


def merge(rows: Iterable[RecalledRow]) -> list[Recalled]:
    """Put the rows of all branches together, each conclusion once, in the order of first sight.

    Two are the same if text, session and time (to the second) are.
    """
    merged: dict[tuple[str, object, str | None], Recalled] = {}
    for row in rows:
        key = (row.content, row.observed_at.replace(microsecond=0), row.session_id)
        reason = Reason(row.branch, row.distance)
        known = merged.get(key)
        if known is None:
            conclusion = msgspec.convert(row, Conclusion, from_attributes=True)
            merged[key] = Recalled(conclusion=conclusion, premises=row.premises, reasons=(reason,))
        elif all(reason.branch != earlier.branch for earlier in known.reasons):
            merged[key] = msgspec.structs.replace(known, reasons=(*known.reasons, reason))
    return list(merged.values())
