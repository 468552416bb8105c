"""Putting what several branches found in one order."""

import statistics
from collections.abc import Mapping, Sequence

from msgspec import Struct

#: What a text that is found as it stands counts, in standard deviations, when it is several of the query's words.
PHRASE = 1.0
#: What it counts when the query has no word that is found: then it is all that there is.
LITERAL = 3.0
_RANK = 0.05
#: What share of a neighbour's score counts for a message: an answer is found by its question.
NEIGHBOUR = 0.3


class Hit(Struct, frozen=True):
    """A message that a branch found, where it stands, and its score; more is better."""

    id: str
    session_id: str
    seq: int
    score: float = 0.0


def fuse(words: Sequence[Hit], literal: Sequence[Hit], meaning: Sequence[Hit], several_words: bool) -> dict[str, float]:
    """Score all that was found: the sum of the branches' standard scores, and a share of the better neighbour's.

    Args:
        words: found by words, best first.
        literal: found by the text as it stands, newest first.
        meaning: compared with the query by meaning: all of the others that have a vector, and further ones.
        several_words: whether the text as it stands says more than its words.
    """
    total = dict.fromkeys((hit.id for branch in (words, literal, meaning) for hit in branch), 0.0)
    for scores, missing in (
        (_texts(words, literal, several_words), _least(words)),
        # One that is not embedded yet is as likely near as far.
        (standard({hit.id: hit.score for hit in meaning}), 0.0),
    ):
        for key in total:
            total[key] += scores.get(key, missing)
    return _with_neighbours(total, [*words, *literal, *meaning])


def standard(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as so many standard deviations above their mean; all alike are all zero."""
    if not scores:
        return {}
    mean, spread = statistics.fmean(scores.values()), statistics.pstdev(scores.values())
    return {key: (score - mean) / spread if spread else 0.0 for key, score in scores.items()}


def _least(words: Sequence[Hit]) -> float:
    return min(standard({hit.id: hit.score for hit in words}).values(), default=0.0)


def _texts(words: Sequence[Hit], literal: Sequence[Hit], several_words: bool) -> dict[str, float]:
    scores = standard({hit.id: hit.score for hit in words})
    for rank, hit in enumerate(literal):
        if hit.id in scores:
            scores[hit.id] += PHRASE if several_words else 0.0
        else:
            # Within other words only, where there are words: `art` in `party`.
            scores[hit.id] = (0.0 if words else LITERAL) - _RANK * rank
    return scores


def _with_neighbours(total: Mapping[str, float], hits: Sequence[Hit]) -> dict[str, float]:
    at = {(hit.session_id, hit.seq): hit.id for hit in hits}
    found = dict(total)
    for (session_id, seq), key in at.items():
        beside = (at.get((session_id, seq + step)) for step in (-1, 1))
        found[key] += NEIGHBOUR * max(
            (total[each] for each in beside if each is not None and total[each] > 0), default=0
        )
    return found
