"""What perspectives know already of what was derived: by its text, by its slot, or by what it means."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from graph.driver import Transaction
from graph.likeness import may_be_same
from graph.perspective import content_key
from graph.queries import deriving as queries
from graph.queries import likeness
from graph.slots import value_key
from graph.store.alike import compare
from graph.store.conclusions import EXACT_BELOW
from graph.types import NewDerived

#: The nearest are judged, so many for each text.
_JUDGED = 5
_ALL_LEVELS = ("explicit", "deductive", "inductive", "contradiction")
#: What is said outright may be said again as a pattern: that it was said twice is what the pattern tells.
_PATTERN_LEVELS = ("deductive", "inductive")


class Arriving(Struct, frozen=True, kw_only=True):
    """One conclusion on its way into one perspective."""

    place: int
    observer_id: str
    observed_id: str
    perspective: str
    key: str
    new: NewDerived
    vector: int
    premise_ids: tuple[str, ...]
    created_at: datetime
    observed_at: datetime


class Known(Struct, frozen=True):
    """What says the same already, and whether it takes one derivation more."""

    id: str
    takes: bool


async def known_already(
    tx: Transaction,
    workspace_id: str,
    rows: Sequence[Arriving],
    vectors: Sequence[Sequence[float]],
    least: float,
) -> dict[int, Known]:
    """What says the same as a row already, by the row's place."""
    known: dict[int, Known] = {}
    plain: list[dict[str, object]] = [
        {
            "place": row.place,
            "perspective": row.perspective,
            "content_key": row.key,
            "premise_ids": list(row.premise_ids),
            "slot": None if row.new.filled is None else row.new.filled.slot,
            "slot_key": None if row.new.filled is None else value_key(row.new.filled.value),
            "negated": row.new.filled is not None and row.new.filled.negated,
            "levels": list(_PATTERN_LEVELS if row.new.level == "inductive" else _ALL_LEVELS),
            "vector": row.vector,
        }
        for row in rows
    ]
    found: dict[int, list[queries.KnownRow]] = {}
    for one in await tx.many(queries.KNOWN, queries.Rows(workspace_id=workspace_id, rows=plain)):
        found.setdefault(one.place, []).append(one)
    near = await _alike(tx, workspace_id, plain, vectors, least)
    for row in rows:
        same = _by_text(row, found.get(row.place, ())) or _by_meaning(row, near.get(row.place, ()), least)
        if same is not None:
            known[row.place] = same
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        # Of two that say the same in one batch the first is written; the other may come again.
        if row.place not in known and seen.setdefault((row.perspective, row.key), row.place) != row.place:
            known[row.place] = Known("", False)
    return known


def _by_text(row: Arriving, found: Sequence[queries.KnownRow]) -> Known | None:
    for state in ("living", "unsupported"):
        for one in found:
            if one.state == state:
                fallen = state == "unsupported"
                return Known(one.id, one.id not in row.premise_ids and not _rests(row, one.proofs, fallen=fallen))
    # What was deleted, or replaced, does not come back by the same reasons.
    return next((Known(one.id, False) for one in found if _rests(row, one.proofs)), None)


def _by_meaning(row: Arriving, near: Sequence[queries.AlikeRow], least: float) -> Known | None:
    filled = row.new.filled
    slot, key = (None, None) if filled is None else (filled.slot, value_key(filled.value))
    negated = filled is not None and filled.negated
    text = content_key(row.new.content, "", None)
    for one in near:
        same = content_key(one.content, "", None) == text or (
            one.similarity >= least
            and (one.slot, one.slot_key, one.negated, one.about_at) == (slot, key, negated, None)
            and may_be_same(row.new.content, one.content)
        )
        if same:
            # What a client stated needs no reason.
            return Known(one.id, not one.stated and one.id not in row.premise_ids and not _rests(row, one.proofs))
    return None


def _rests(row: Arriving, proofs: Iterable[queries.ProofRow], *, fallen: bool = False) -> bool:
    """Whether there is a derivation already that a row would add nothing to.

    Of what has fallen no derivation stands: what is left of the premises of a pattern may bear it all the same.
    """
    derivations: dict[str, set[str]] = {}
    for proof in proofs:
        derivations.setdefault(proof.support, set()).add(proof.id)
    premises = set(row.premise_ids)
    if row.new.level == "inductive" and not fallen:
        return any(premises <= derivation for derivation in derivations.values())
    return any(derivation <= premises for derivation in derivations.values())


async def _alike(
    tx: Transaction,
    workspace_id: str,
    plain: Sequence[dict[str, object]],
    vectors: Sequence[Sequence[float]],
    least: float,
) -> Mapping[int, list[queries.AlikeRow]]:
    sizes = likeness.Sizes(
        workspace_id=workspace_id,
        perspectives=sorted({str(row["perspective"]) for row in plain}),
        limit=EXACT_BELOW,
    )
    asked = queries.Alike(
        workspace_id=workspace_id,
        rows=plain,
        vectors=vectors,
        # The very text is found whatever the threshold.
        least=min(least, 0.999),
        top_k=_JUDGED,
    )
    return await compare(tx, queries.SIZES, sizes, queries.ALIKE_EXACT, queries.ALIKE, asked)
