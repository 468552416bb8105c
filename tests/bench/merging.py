"""Measures what merges: `python -m tests.bench.merging [--embedder minilm]`.

The pairs of `merge_pairs.jsonl` were made by hand: two texts that say the same, or that do not. For each threshold of
similarity it is printed how many of the merged pairs are the same (precision) and how many of the same pairs are merged
(recall), by similarity alone and with the guard of `graph.likeness` beside it.
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from rich.console import Console
from rich.table import Table

from app.models.embedders import BUILT_IN, Embedder
from graph.likeness import may_be_same

PAIRS = Path(__file__).with_name("merge_pairs.jsonl")
THRESHOLDS = (0.80, 0.85, 0.88, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995)


class Pair(Struct, frozen=True):
    """Two texts, whether they say the same, and in what they differ."""

    one: str
    other: str
    same: bool
    kind: str


class Score(Struct, frozen=True):
    """Of what merges the share that is the same, of what is the same the share that merges; precision of none is 1."""

    precision: float
    recall: float


def read_pairs() -> list[Pair]:
    """The pairs."""
    return [msgspec.json.decode(line, type=Pair) for line in PAIRS.read_bytes().splitlines()]


async def similarities(embedder: Embedder, pairs: Sequence[Pair]) -> list[float]:
    """The cosine of each pair."""
    vectors = await embedder.passages([text for pair in pairs for text in (pair.one, pair.other)])
    return [
        sum(a * b for a, b in zip(one, other, strict=True))
        for one, other in zip(vectors[::2], vectors[1::2], strict=True)
    ]


def score(pairs: Sequence[Pair], merged: Sequence[bool]) -> Score:
    """How good it is to merge some of the pairs."""
    hits = sum(pair.same for pair, taken in zip(pairs, merged, strict=True) if taken)
    return Score(hits / sum(merged) if any(merged) else 1.0, hits / sum(pair.same for pair in pairs))


async def main() -> None:
    """Print the table for one embedder."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.merging", description=__doc__)
    parser.add_argument("--embedder", choices=sorted(BUILT_IN), default="minilm")
    name = parser.parse_args().embedder
    embedder = BUILT_IN[name](2)
    pairs = read_pairs()
    cosines = await similarities(embedder, pairs)
    await embedder.close()
    passed = [may_be_same(pair.one, pair.other) for pair in pairs]
    same = sum(pair.same for pair in pairs)
    table = Table(title=f"{name}: {same} pairs that are the same, {len(pairs) - same} that are not")
    for heading in ("cosine from", "alone: precision", "recall", "with the guard: precision", "recall"):
        table.add_column(heading, justify="right")
    for least in THRESHOLDS:
        alone = score(pairs, [cosine >= least for cosine in cosines])
        guarded = score(pairs, [cosine >= least and may for cosine, may in zip(cosines, passed, strict=True)])
        own = " *" if least == embedder.merge_similarity else ""
        table.add_row(
            f"{least:.3f}{own}",
            *(f"{value:.3f}" for value in (alone.precision, alone.recall, guarded.precision, guarded.recall)),
        )
    console = Console()
    console.print(table)
    wrong = [pair for pair, may in zip(pairs, passed, strict=True) if may and not pair.same]
    console.print(f"let pass by the guard and not the same: {[(pair.one, pair.other) for pair in wrong]}")
    missed = Counter(pair.kind for pair, may in zip(pairs, passed, strict=True) if pair.same and not may)
    console.print(f"the same and refused by the guard, by kind: {dict(missed)}")
    apart = max(cosine for cosine, pair in zip(cosines, pairs, strict=True) if not pair.same)
    least = min(cosine for cosine, pair, may in zip(cosines, pairs, passed, strict=True) if pair.same and may)
    console.print(f"highest cosine of a pair that is not the same: {apart:.3f}")
    console.print(f"lowest cosine of a pair that is the same and passes the guard: {least:.3f}")


if __name__ == "__main__":
    asyncio.run(main())
