"""Putting what several branches found in one order."""

import statistics
from collections.abc import Mapping, Sequence


def standard(scores: Mapping[str, float]) -> dict[str, float]:
    """Scores as so many standard deviations above their mean; all alike are all zero."""
    if not scores:
        return {}
    mean, spread = statistics.fmean(scores.values()), statistics.pstdev(scores.values())
    return {key: (score - mean) / spread if spread else 0.0 for key, score in scores.items()}


def fused(branches: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The sum of the branches' standard scores; what a branch did not find has the least of that branch.

    Args:
        branches: for each branch the scores of what it found, more is better.
    """
    total: dict[str, float] = {}
    for branch in branches:
        for key in branch:
            total.setdefault(key, 0.0)
    for branch in branches:
        scores = standard(branch)
        least = min(scores.values(), default=0.0)
        for key in total:
            total[key] += scores.get(key, least)
    return total
