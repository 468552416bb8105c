"""A conclusion as recall hands it out: with its premises' texts, and with why it was recalled."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from graph.queries.recall import Branch, FoundConclusion
from graph.recall.moments import moment
from graph.types import Conclusion

#: How sure an inductive conclusion counts as when that was not recorded.
UNRECORDED = "medium"


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
        premised_at: when each of them was said last.
        reasons: one for each branch that found it.
        pattern: what kind of pattern an inductive one states.
        confidence: how sure an inductive one is.
    """

    conclusion: Conclusion
    premises: Sequence[str] = ()
    premised_at: Sequence[datetime] = ()
    reasons: Sequence[Reason] = ()
    pattern: str = "pattern"
    confidence: str = UNRECORDED


def merge(found: Iterable[FoundConclusion]) -> list[Recalled]:
    """Put what all branches found together, each conclusion once, in the order of first sight.

    Two are the same if text, session and time (to the second) are.
    """
    merged: dict[tuple[str, int, str | None], Recalled] = {}
    for one in found:
        key = (one.content, one.observed_us // 1_000_000, one.session_id)
        reason = Reason(one.branch, one.distance)
        known = merged.get(key)
        if known is None:
            merged[key] = Recalled(
                conclusion=_conclusion(one),
                premises=one.premises,
                premised_at=[moment(at_us) for at_us in one.premised_us],
                reasons=(reason,),
                confidence=one.confidence or UNRECORDED,
            )
        elif all(reason.branch != earlier.branch for earlier in known.reasons):
            merged[key] = msgspec.structs.replace(known, reasons=(*known.reasons, reason))
    return list(merged.values())


def _conclusion(found: FoundConclusion) -> Conclusion:
    return Conclusion(
        id=found.id,
        workspace_id=found.workspace_id,
        observer_id=found.observer_id,
        observed_id=found.observed_id,
        session_id=found.session_id,
        level=found.level,
        content=found.content,
        created_at=moment(found.created_us),
        observed_at=moment(found.observed_us),
        about_at=None if found.about_us is None else moment(found.about_us),
        times_derived=found.times_derived,
        source_ids=list(dict.fromkeys(found.source_ids)),
        source_message_ids=list(dict.fromkeys(found.source_message_ids)),
    )
